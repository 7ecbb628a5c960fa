import path from 'node:path';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { planOptionOptions, planUsage, readPlanOptions } from '../plan-options';
import { readTarget } from '../run-options';
import type { Verb } from '../verb';
import { writtenLines } from './scaffold';

export const replanVerb: Verb = {
  name: 'replan',
  summary:
    'Plans the rest of a plan that has begun anew: for the database as it is by now, or with other options.',
  usage: `PLAN [--deprecation-days N] [--batch-rows N] [--batch-milliseconds N] ${planUsage}`,
  options: planOptionOptions,
  async run(call) {
    const { context, values } = call;
    const target = await readTarget(call);
    if (target.kind !== 'plan')
      throw new SwitchbackError('usage', t('Name the folder of a plan after the verb.'));
    const { options, migrationsFolder } = readPlanOptions(values);
    if (migrationsFolder !== undefined)
      throw new SwitchbackError('usage', t('A plan that has begun stays in its migrations folder.'));
    const { replanRest } = await import('../../journey/replan');
    const replanned = await replanRest(context, await call.database(), target.folder, options);
    const { changed, added, gone, removed, notes, outcome } = replanned;
    const relative = (file: string): string => path.relative(context.workspace.root, file);
    return {
      exitCode: 0,
      json: { ...replanned, outcome: undefined, written: outcome.written, kept: outcome.kept },
      text: [
        ...changed.map((id) => t('{0} is another one now', id)),
        ...added.map((id) => t('{0} is new', id)),
        ...gone.map((id) => t('{0} comes no more', id)),
        ...writtenLines(outcome.written.map(relative)),
        ...removedLines(removed.length),
        ...notes,
        t('The rest is planned anew. Have it rehearsed and approved again.'),
      ].join('\n'),
    };
  },
};

function removedLines(count: number): string[] {
  if (count === 0) return [];
  return count === 1
    ? [t('removed 1 file of a step that has another number or comes no more')]
    : [t('removed {0} files of steps that have another number or come no more', count)];
}

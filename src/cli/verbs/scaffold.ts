import path from 'node:path';
import { assessChange } from '../../journey/assess';
import { draftPlan } from '../../journey/plan';
import { scaffoldPlan } from '../../journey/scaffold';
import { t } from '../../messages/translate';
import { changeOptions, changeUsage, readChange } from '../change-options';
import { planOptionOptions, readPlanOptions } from '../plan-options';
import type { Verb } from '../verb';

export const scaffoldVerb: Verb = {
  name: 'scaffold',
  summary: 'Writes the plan folder, its documents and the migration files of the first phase.',
  usage: changeUsage,
  options: { ...changeOptions, ...planOptionOptions },
  async run({ context, positionals, values, database }) {
    const change = readChange(positionals[0], values);
    const assessment = await assessChange(context, await database(), change);
    const draft = await draftPlan(context, assessment, readPlanOptions(values));
    const outcome = await scaffoldPlan(context, draft);
    const relative = (file: string): string => path.relative(context.workspace.root, file);
    const lines = [
      t('Plan: {0}', relative(outcome.planFolder)),
      ...outcome.written.map((file) => t('wrote {0}', relative(file))),
      ...outcome.kept.map((file) => t('kept {0}: a person edited it', relative(file))),
      ...draft.notes,
    ];
    return {
      exitCode: 0,
      json: { plan: draft.plan.id, ...outcome, notes: draft.notes },
      text: lines.join('\n'),
    };
  },
};

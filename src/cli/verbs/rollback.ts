import { t } from '../../messages/translate';
import { readTarget, runRequest, takenBackOption } from '../run-options';
import { marked, rolledBackLine, severalDone } from '../text/migration-outcome';
import type { Verb } from '../verb';
import { planResult } from './apply';

export const rollbackVerb: Verb = {
  name: 'rollback',
  summary: 'Rolls back the steps of a plan done so far, in reverse, or one applied migration by its down.',
  usage: 'PLAN [--confirm-deploy STEP]...\nFILE [--to-here | --mark]',
  options: {
    'confirm-deploy': takenBackOption,
    'to-here': { type: 'boolean', help: t('all that was applied after this migration, the newest first') },
    mark: { type: 'boolean', help: t('only records it as not applied, for what was taken back by hand') },
  },
  async run(call) {
    const target = await readTarget(call);
    if (target.kind === 'plan') {
      const { rollBackPlan } = await import('../../journey/rollback');
      return planResult(
        call,
        target.folder,
        await rollBackPlan(call.context, await runRequest(call, target.folder)),
      );
    }
    if (call.values.mark === true) {
      const { markMigration } = await import('../../journey/apply-file');
      return marked(await markMigration(call.context, await call.database(), target.file, 'not-applied'));
    }
    const { rollBackFile, rollBackTo } = await import('../../journey/apply-several');
    if (call.values['to-here'] === true)
      return severalDone(await rollBackTo(call.context, await call.database(), target.file), rolledBackLine);
    const outcome = await rollBackFile(call.context, await call.database(), target.file);
    if (Array.isArray(outcome)) return severalDone(outcome, rolledBackLine);
    return {
      exitCode: 0,
      json: outcome,
      text: rolledBackLine(outcome),
    };
  },
};

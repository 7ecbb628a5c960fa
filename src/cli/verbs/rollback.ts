import { t } from '../../messages/translate';
import { readTarget, runRequest } from '../run-options';
import type { Verb } from '../verb';
import { planResult } from './apply';

export const rollbackVerb: Verb = {
  name: 'rollback',
  summary: 'Rolls back the steps of a plan done so far, in reverse, or one applied migration by its down.',
  usage: 'PLAN [--confirm-deploy STEP]... | FILE',
  options: { 'confirm-deploy': { type: 'string', multiple: true } },
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
    const { rollBackMigration } = await import('../../journey/apply-file');
    const outcome = await rollBackMigration(call.context, await call.database(), target.file);
    return {
      exitCode: 0,
      json: outcome,
      text: t('Rolled back {0} {1} in {2} ms.', outcome.version, outcome.name, outcome.milliseconds),
    };
  },
};

import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { readTarget, runRequest } from '../run-options';
import type { Verb } from '../verb';
import { planResult } from './apply';

export const backfillVerb: Verb = {
  name: 'backfill',
  summary: 'Runs or resumes the backfill of a plan in small batches, from its checkpoint.',
  usage: 'PLAN',
  options: {},
  async run(call) {
    const target = await readTarget(call);
    if (target.kind !== 'plan') throw new SwitchbackError('usage', t('backfill takes a plan folder.'));
    const { runBackfillStep } = await import('../../journey/apply');
    return planResult(
      call,
      target.folder,
      await runBackfillStep(call.context, await runRequest(call, target.folder)),
    );
  },
};

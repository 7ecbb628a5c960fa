import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { listOfText } from '../option-values';
import { readTarget, runRequest } from '../run-options';
import type { Verb } from '../verb';
import { planResult } from './apply';

export const adoptVerb: Verb = {
  name: 'adopt',
  summary: 'Takes the next steps of a plan as done whose effect is on the database already.',
  usage: 'PLAN [--confirm-deploy STEP]...',
  options: {
    'confirm-deploy': {
      type: 'string',
      multiple: true,
      value: 'STEP',
      help: t('that the release which this step asks for is deployed'),
    },
  },
  async run(call) {
    const target = await readTarget(call);
    if (target.kind !== 'plan')
      throw new SwitchbackError('usage', t('Name the folder of a plan after the verb.'));
    const { context } = call;
    const at = context.clock.now().toISOString();
    const confirmations = new Map(
      listOfText(call.values, 'confirm-deploy').map((step) => [step, { by: context.user, at, note: '' }]),
    );
    const { adoptPlan } = await import('../../journey/adopt');
    const run = await runRequest(call, target.folder);
    const { adopted, stopped, progress } = await adoptPlan(context, run, { confirmations });
    const result = await planResult(call, target.folder, progress);
    return {
      exitCode: 0,
      json: { ...(result.json as object), adopted, stopped },
      text: [
        ...adopted.map((id) => t('{0} was done already.', id)),
        ...(stopped ? [t('Not {0}: {1}', stopped.step, stopped.reason)] : []),
        '',
        result.text,
      ].join('\n'),
    };
  },
};

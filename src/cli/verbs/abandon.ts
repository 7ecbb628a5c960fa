import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { readTarget, runEvents, takenBackOption } from '../run-options';
import type { Verb } from '../verb';

export const abandonVerb: Verb = {
  name: 'abandon',
  summary:
    'Gives a plan up: rolls back what was done, and removes its held files and what is recorded of it.',
  usage: 'PLAN [--confirm-deploy STEP]...',
  options: { 'confirm-deploy': takenBackOption },
  async run(call) {
    const target = await readTarget(call);
    if (target.kind !== 'plan')
      throw new SwitchbackError('usage', t('Name the folder of a plan after the verb.'));
    const { abandonPlan } = await import('../../journey/abandon');
    const abandoned = await abandonPlan(call.context, {
      ...runEvents(call),
      database: await call.databaseIfAny(),
      planFolder: target.folder,
    });
    const stays = abandoned.released.map((file) =>
      t('{0} stays: remove it with its down, or your tool runs it with the next deployment.', file),
    );
    return {
      exitCode: 0,
      json: abandoned,
      text: [
        ...abandoned.removed.map((file) => t('removed {0}', file)),
        ...stays,
        t('The plan is abandoned.'),
      ].join('\n'),
    };
  },
};

import { t } from '../../messages/translate';
import { optionalText } from '../option-values';
import { readTarget } from '../run-options';
import { dryRunText } from '../text/dry-run';
import type { Verb } from '../verb';

export const dryRunVerb: Verb = {
  name: 'dry-run',
  summary:
    'Tries a migration or a step of a plan: on the database what can be rolled back harmlessly, the rest in a shadow.',
  usage: 'PLAN|FILE [--step ID]',
  options: { step: { type: 'string', value: 'ID', help: t('a step of the plan; the next one unless said') } },
  async run(call) {
    const target = await readTarget(call);
    const database = await call.database();
    const { dryRunMigration, dryRunPlan } = await import('../../journey/dry-run');
    const result =
      target.kind === 'plan'
        ? await dryRunPlan(call.context, database, target.folder, optionalText(call.values, 'step'))
        : await dryRunMigration(call.context, database, target.file);
    return { exitCode: result.verdict === 'ok' ? 0 : 1, json: result, text: dryRunText(result) };
  },
};

import type { Repair } from '../../implement/repair-file';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { optionalChoice } from '../option-values';
import { readTarget } from '../run-options';
import { repairText } from '../text/repair';
import { marked, appliedLine, rolledBackLine } from '../text/migration-outcome';
import type { OptionValues, Verb } from '../verb';

export const repairVerb: Verb = {
  name: 'repair',
  summary:
    'Shows what a migration that broke off really did, statement by statement, and repairs its history. Exits 1 while it is not repaired.',
  usage: 'FILE [--mark applied|not-applied | --run-rest]',
  options: {
    mark: {
      type: 'string',
      value: 'applied|not-applied',
      help: t('records it as applied, or as not applied, and runs nothing; only where what is there agrees'),
    },
    'run-rest': { type: 'boolean', help: t('runs the statements that are missing, and records it') },
  },
  async run(call) {
    const target = await readTarget(call);
    if (target.kind === 'plan') {
      throw new SwitchbackError('usage', t('Name a migration file after "repair".'));
    }
    const repair = repairOf(call.values);
    const { inspectMigration, offeredRepair, repairMigration } =
      await import('../../journey/repair-migration');
    const database = await call.database();
    const report = await inspectMigration(call.context, database, target.file);
    if (repair === null) {
      return { exitCode: report.mark === 'none' ? 0 : 1, json: report, text: repairText(report) };
    }
    const { run, offer } = offeredRepair(report, repair);
    const outcome = await repairMigration(call.context, database, run, offer);
    if (outcome === null || repair !== 'run-rest') return marked(outcome);
    const line = run.direction === 'up' ? appliedLine(outcome) : rolledBackLine(outcome);
    return { exitCode: 0, json: outcome, text: line };
  },
};

function repairOf(values: OptionValues): Repair | null {
  const mark = optionalChoice(values, 'mark', ['applied', 'not-applied']);
  if (mark !== null && values['run-rest'] === true) {
    throw new SwitchbackError('usage', t('--mark and --run-rest do not go together.'));
  }
  if (mark !== null) return mark === 'applied' ? 'mark-applied' : 'mark-not-applied';
  return values['run-rest'] === true ? 'run-rest' : null;
}

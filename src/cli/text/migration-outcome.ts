import type { AppliedOutcome } from '../../journey/outcomes';
import { migrationTitle } from '../../layouts/migration-title';
import { t } from '../../messages/translate';
import type { VerbResult } from '../verb';

export function appliedLine(outcome: AppliedOutcome): string {
  return t('Applied {0} in {1} ms.', migrationTitle(outcome), outcome.milliseconds);
}

export function rolledBackLine(outcome: AppliedOutcome): string {
  return t('Rolled back {0} in {1} ms.', migrationTitle(outcome), outcome.milliseconds);
}

/** The answer for several migrations, a line each. null: the question was answered with no. */
export function severalDone(
  outcomes: readonly AppliedOutcome[] | null,
  lineOf: (outcome: AppliedOutcome) => string,
): VerbResult {
  if (outcomes === null) return { exitCode: 1, json: null, text: t('Nothing was changed.') };
  return { exitCode: 0, json: { migrations: outcomes }, text: outcomes.map(lineOf).join('\n') };
}

/** The answer for a migration whose history row was written or removed by hand. */
export function marked(outcome: AppliedOutcome | null): VerbResult {
  if (outcome === null) return { exitCode: 1, json: null, text: t('Nothing was changed.') };
  return {
    exitCode: 0,
    json: outcome,
    text: t('Marked {0}. Nothing ran.', migrationTitle(outcome)),
  };
}

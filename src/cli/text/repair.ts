import type { RepairReport, RepairRun } from '../../journey/repair-migration';
import { migrationTitle } from '../../layouts/migration-title';
import { traceWord, verdictSentence } from '../../implement/trace-words';
import { t } from '../../messages/translate';
import { section } from './format';

/** What a migration that broke off left, statement by statement, and the options that repair it. */
export function repairText(report: RepairReport): string {
  const opening =
    report.mark === 'none'
      ? t('{0} is not marked as begun.', migrationTitle(report))
      : t('{0} began and did not finish.', migrationTitle(report));
  return [opening, ...report.runs.map(runText)].join('\n');
}

function runText(run: RepairRun): string {
  const lines = run.statements.map(
    ({ line, text, state }) =>
      `${traceWord(state).padEnd(16)} ${t('line {0}', line)}  ${text.split('\n')[0]!.slice(0, 80)}`,
  );
  const title =
    run.direction === 'up'
      ? t('Applying {0}', migrationTitle(run))
      : t('Taking back {0}', migrationTitle(run));
  const offers = run.offers.map((offer) => `${optionOf[offer.repair]}: ${offer.detail}`);
  return section(title, [...lines, verdictSentence(run.verdict), ...offers]);
}

const optionOf = {
  'mark-applied': '--mark applied',
  'mark-not-applied': '--mark not-applied',
  'run-rest': '--run-rest',
} as const;

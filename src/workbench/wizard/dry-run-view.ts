import type { DryRunResult, DryRunStatement } from '../../implement/dry-run';
import { t } from '../../messages/translate';
import { lockName } from '../../safety/forecast/describe-forecast';
import type { Tone } from '../../protocol/facts';
import type { RunView } from '../../protocol/wizard-state';
import { duration } from '../format';
import { rowsText } from '../../templates/rows-text';

type DryRunView = NonNullable<RunView['dryRun']>;

/** What is shown of a dry run: where it was tried, and each statement with what it did. */
export function dryRunView(result: DryRunResult): DryRunView {
  const ok = result.verdict === 'ok';
  return {
    title: ok ? t('The dry run passed.') : t('The dry run failed.'),
    where:
      result.where === 'database'
        ? t('Tried on {0} and rolled back.', result.database)
        : t('Tried in a shadow database: {0}.', result.database),
    tone: ok ? 'good' : 'bad',
    lines: result.statements.map((statement) => ({
      step: verdictWord(statement.verdict),
      tone: verdictTone(statement.verdict),
      text: describe(statement),
    })),
  };
}

function describe(statement: DryRunStatement): string {
  const sql = statement.sql.replace(/\s+/g, ' ').trim();
  const shown = sql.length > 120 ? `${sql.slice(0, 119)}…` : sql;
  if (statement.verdict === 'not-run') return shown;
  const locks = statement.locks.map((lock) => t('{0} on {1}', lockName(lock.mode), lock.relation));
  const facts = [
    statement.error ?? duration(statement.milliseconds),
    ...(statement.rows === null ? [] : [rowsText(statement.rows)]),
    ...locks,
  ];
  return `${shown} (${facts.join(', ')})`;
}

function verdictWord(verdict: DryRunStatement['verdict']): string {
  switch (verdict) {
    case 'ok':
      return t('Passed');
    case 'error':
      return t('Failed');
    case 'not-run':
      return t('Not run');
  }
}

function verdictTone(verdict: DryRunStatement['verdict']): Tone {
  switch (verdict) {
    case 'ok':
      return 'good';
    case 'error':
      return 'bad';
    case 'not-run':
      return 'neutral';
  }
}

import type { DryRunResult } from '../../implement/dry-run';
import { t } from '../../messages/translate';
import { formatDuration, section } from './format';

/** A dry run for the terminal: where it took place, and what each statement did. */
export function dryRunText(result: DryRunResult): string {
  const where =
    result.where === 'database'
      ? t('Tried on {0} and rolled back: {1}', result.database, result.verdict)
      : t('Tried in a shadow database ({0}): {1}', result.database, result.verdict);
  const lines = result.statements.map((statement) => {
    const locks = statement.locks.map((lock) => `${lock.mode} ${lock.relation}`).join(', ');
    const head = statement.sql.replace(/\s+/g, ' ').slice(0, 100);
    return [
      `[${statement.verdict}] ${head}`,
      formatDuration(statement.milliseconds),
      locks,
      statement.error ?? '',
    ]
      .filter((part) => part !== '')
      .join('  ');
  });
  return section(where, lines);
}

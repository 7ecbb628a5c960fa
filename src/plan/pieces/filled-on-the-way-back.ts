import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import type { PlanOptions } from '../plan';
import { backfillForecast } from '../step-forecast';
import { filledQuery } from './filled-query';
import { sqlScript } from './sql-text';
import type { StepDraft } from './step-draft';
import { backfillWalk } from './walk';

/** Finds nothing on the way there; on the way back it gives rows a value that were written without one, in batches. */
export function fillBackStep(
  table: TableFacts,
  column: string,
  expression: string,
  options: PlanOptions,
): StepDraft {
  const target = quoteIdentifier(column);
  const pending = `${target} IS NOT DISTINCT FROM NULL`;
  return {
    slug: 'fill-back',
    kind: 'backfill',
    title: t('Keep the way back: fill {0} where it is left out', formatIdentifier(column)),
    action: t(
      'Every row has a value now, so it finds nothing to do. On the way back it gives {0} to rows that were written without one, before the column is required again.',
      expression,
    ),
    backfill: {
      table: table.name,
      assignments: [{ column, expression: `(${expression})` }],
      pending,
      walk: backfillWalk(table, [column]),
      estimatedRows: Math.max(0, Math.round(table.rows.count)),
    },
    againOnRollback: true,
    rollback: {
      kind: 'sql',
      sql: sqlScript([
        // A policy would hide rows silently.
        'SET LOCAL row_security = off',
        `UPDATE ${formatQualifiedName(table.name)}\n   SET ${target} = (${expression})\n WHERE ${pending}`,
      ]),
    },
    verification: { sql: filledQuery(table.name, column), expectation: t('No row is without a value.') },
    forecast: backfillForecast(table, options.batchMilliseconds),
  };
}

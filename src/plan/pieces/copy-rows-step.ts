import { t } from '../../messages/translate';
import { formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import type { PlanOptions } from '../plan';
import { backfillForecast } from '../step-forecast';
import { isEqual, type EqualTables } from './copy-equal-check';
import type { StepDraft } from './step-draft';
import { backfillWalk } from './walk';

/** Copies rows that a mirror keeps as they are once they are there. `copied`: the columns to be written. */
export function copyRowsStep(equal: EqualTables, copied: readonly string[], options: PlanOptions): StepDraft {
  const { table, other, key } = equal;
  const [relation, to] = [formatQualifiedName(table.name), formatQualifiedName(other)];
  return {
    slug: 'copy-rows',
    kind: 'backfill',
    title: t('Copy the rows of {0} to {1}', relation, to),
    action: t(
      'In small batches. A row that is there already was written meanwhile, and stays as it is there.',
    ),
    backfill: {
      write: 'copy',
      table: table.name,
      into: other,
      columns: copied.map((column) => ({ column, expression: quoteIdentifier(column) })),
      conflict: key,
      pending: null,
      walk: backfillWalk(table, []),
      estimatedRows: Math.max(0, Math.round(table.rows.count)),
    },
    rollback: {
      kind: 'nothing',
      why: t('The copies go when the rollback of "mirror-writes" empties the table.'),
    },
    verification: { sql: isEqual(equal), expectation: t('{0} and {1} have the same rows.', relation, to) },
    forecast: backfillForecast(table, options.batchMilliseconds),
  };
}

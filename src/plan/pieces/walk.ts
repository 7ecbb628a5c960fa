import type { TableFacts } from '../../catalog/table-facts';
import type { BackfillSpec } from '../plan';

/**
 * How a backfill walks a table: by the primary key, else by another unique key without NULLs, else by the
 * physical place. A key with the column being written is left out: its values change under the walk.
 */
export function backfillWalk(table: TableFacts, written: readonly string[]): BackfillSpec['walk'] {
  const key = table.uniqueKeys.find(
    (columns) => columns.length > 0 && !columns.some((column) => written.includes(column)),
  );
  return key === undefined ? { by: 'ctid' } : { by: 'key', columns: key };
}

import type { TableFacts } from '../../catalog/table-facts';
import { formatQualifiedName } from '../../sql/identifier';

/**
 * DROP TRIGGER on a partitioned table takes its strong lock on the partitions first and on the table last, against all who
 * read or write through the table: neither gets on. This has all of them locked in their order before.
 * https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/catalog/dependency.c (deleteOneObject goes from below)
 */
export function wholeFirst(table: Pick<TableFacts, 'name' | 'partitioning'>): string[] {
  if (table.partitioning === null) return [];
  return [`LOCK TABLE ${formatQualifiedName(table.name)} IN ACCESS EXCLUSIVE MODE`];
}

import type { TableFacts } from '../catalog/table-facts';
import { formatQualifiedName } from '../sql/identifier';
import type { ChangeFacts } from './change-facts';

/**
 * The most locks that one transaction of a change takes at once. A statement on a partitioned table locks each partition,
 * and its trigger or constraint once more; an exchange of a key or of tables locks all of them together.
 */
export function locksNeeded(table: TableFacts, { widenedKey, partitionedTable }: ChangeFacts): number {
  const own = formatQualifiedName(table.name);
  const others = (widenedKey?.tables ?? [])
    .map(({ facts }) => facts)
    .filter(({ name }) => formatQualifiedName(name) !== own);
  const beside = partitionedTable ? locksOf(partitionedTable.partitions.length) : 0;
  return [table, ...others].reduce(
    (sum, { partitioning }) => sum + locksOf(partitioning?.count ?? 0),
    beside,
  );
}

function locksOf(partitions: number): number {
  return (1 + partitions) * 2;
}

import type { TableFacts } from '../catalog/table-facts';
import type { NewColumnFacts, DiskNeed } from './assessment';
import { changeTypeOf, removedColumn, type SingleChange } from './change';

/** With VACUUM after every tenth of the rows a backfilled heap grew to 1.28 of its size on every run measured. */
const heapGrowth = 0.3;
/** WAL of a backfill against heap and indexes together, as measured. */
const walFactor = 3;
const defaultWidth = 16;

/** Bytes a change needs on disk: growth of the heap, new and grown indexes, and the WAL it writes. */
export function diskNeed(
  change: SingleChange,
  table: TableFacts,
  newColumn: NewColumnFacts | null,
  freeBytes: number | null,
): DiskNeed {
  if (!changeTypeOf(change).rewritesRows(change, newColumn))
    return { heapBytes: 0, indexBytes: 0, walBytes: 0, freeBytes };
  const rows = Math.max(0, table.rows.count);
  const removed = removedColumn(change);
  const column = table.columns.find((each) => each.name === removed);
  const copied = removed === null ? 0 : indexBytesOf(removed, table);
  const heapBytes = Math.round(table.bytes.heap * heapGrowth + rows * (column?.averageWidth ?? defaultWidth));
  const indexBytes = Math.round(table.bytes.indexes + copied);
  const walBytes = Math.round((table.bytes.heap + table.bytes.indexes) * walFactor + copied);
  return { heapBytes, indexBytes, walBytes, freeBytes };
}

/** Of the indexes that are copied for the column that takes its place. */
function indexBytesOf(column: string, table: TableFacts): number {
  return table.indexes
    .filter((index) => index.columns.includes(column) || index.expressionColumns.includes(column))
    .reduce((sum, index) => sum + index.bytes, 0);
}

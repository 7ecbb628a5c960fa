import type { TableFacts } from '../catalog/table-facts';
import type { DiskNeed } from './assessment';
import type { ChangeFacts } from './change-facts';
import { changeTypeOf, removedColumn, type SingleChange } from './change';

/** With VACUUM after every tenth of the rows a backfilled heap grew to 1.28 of its size on every run measured. */
const heapGrowth = 0.3;
/** WAL of a backfill against heap and indexes together, as measured. */
const walFactor = 3;
const defaultWidth = 16;
/** What a row needs besides its values: https://www.postgresql.org/docs/current/storage-page-layout.html */
const rowHeader = 28;

type WrittenBytes = Omit<DiskNeed, 'freeBytes'>;

const nothing: WrittenBytes = { heapBytes: 0, indexBytes: 0, walBytes: 0 };

/** Bytes a change needs on disk: growth of the heaps, new tables, new and grown indexes, and the WAL it writes. */
export function diskNeed(
  change: SingleChange,
  table: TableFacts,
  facts: ChangeFacts,
  freeBytes: number | null,
): DiskNeed {
  return { ...writtenBytes(change, table, facts), freeBytes };
}

function writtenBytes(change: SingleChange, table: TableFacts, facts: ChangeFacts): WrittenBytes {
  if (!changeTypeOf(change).rewritesRows(change, facts.newColumn ?? null)) return nothing;
  if (facts.widenedKey)
    return facts.widenedKey.tables
      .filter(({ columns }) => columns.length > 0)
      .map((each) => rewritten(each.facts, each.columns))
      .reduce(sum, nothing);
  if (facts.partitionedTable) return made(table.bytes.heap + table.bytes.toast, table.bytes.indexes);
  // They are written in the other database; here each is locked.
  if (facts.movedToDatabase) return { ...nothing, walBytes: table.bytes.heap };
  if (facts.movedColumns) return rewritten(facts.movedColumns.target, []);
  if (change.kind === 'split-table') return splitOff(change.columns, table);
  const removed = removedColumn(change);
  return rewritten(table, removed === null ? [] : [removed]);
}

/** Rows get a column in place of each of these, whose indexes are there twice. */
function rewritten(table: TableFacts, columns: readonly string[]): WrittenBytes {
  const width = columns.length === 0 ? defaultWidth : widthOf(columns, table);
  const copied = table.indexes
    .filter(({ columns: plain, expressionColumns }) =>
      columns.some((column) => plain.includes(column) || expressionColumns.includes(column)),
    )
    .reduce((bytes, index) => bytes + index.bytes, 0);
  return {
    heapBytes: Math.round(table.bytes.heap * heapGrowth + rowsOf(table) * width),
    indexBytes: Math.round(table.bytes.indexes + copied),
    walBytes: Math.round((table.bytes.heap + table.bytes.indexes) * walFactor + copied),
  };
}

/** A row beside each row, with its key and these columns. */
function splitOff(columns: readonly string[], table: TableFacts): WrittenBytes {
  const key = table.primaryKey ?? [];
  const heap = rowsOf(table) * (rowHeader + widthOf([...key, ...columns], table));
  const keyIndex = table.indexes.find(({ primary }) => primary);
  return made(heap, keyIndex?.bytes ?? 0);
}

/** A table that is filled from nothing. */
function made(heap: number, indexes: number): WrittenBytes {
  return {
    heapBytes: Math.round(heap),
    indexBytes: Math.round(indexes),
    walBytes: Math.round((heap + indexes) * walFactor),
  };
}

function widthOf(names: readonly string[], { columns }: TableFacts): number {
  return names
    .map((name) => columns.find((column) => column.name === name)?.averageWidth ?? defaultWidth)
    .reduce((width, each) => width + each, 0);
}

function rowsOf({ rows }: TableFacts): number {
  return Math.max(0, rows.count);
}

function sum(one: WrittenBytes, other: WrittenBytes): WrittenBytes {
  return {
    heapBytes: one.heapBytes + other.heapBytes,
    indexBytes: one.indexBytes + other.indexBytes,
    walBytes: one.walBytes + other.walBytes,
  };
}

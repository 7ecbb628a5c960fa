import type { Session } from '../../database/session';
import { quoteIdentifier } from '../../sql/identifier';
import type { CopyForeignKey, CopyTable } from './copy-facts';

/** Rows of each table by where they lie (ctid), which stands still in one snapshot. By the table's oid. */
export interface ChosenRows {
  rows: ReadonlyMap<string, readonly string[]>;
  /** Those that came along because others reference them. */
  added: number;
  /** Tables too large to be sorted, whose rows are of blocks chosen at random. */
  byBlock: string[];
}

export interface SampleRequest {
  tables: readonly CopyTable[];
  /** Of each table that has so many. */
  rows: number;
  /** Larger tables are not read whole to choose from; 256 MB unless said. */
  sortedBytes?: number;
  onChoosing: (table: CopyTable, index: number) => void;
  signal: AbortSignal;
}

const usuallySortedBytes = 256 * 1024 * 1024;

/** Rows that are looked up at once. */
const portion = 2000;

/**
 * Chooses rows of each table, the same each time as long as they are there, and all that the chosen ones reference, through any
 * number of foreign keys. Reads only; to be asked in a transaction with one snapshot and only pg_catalog on its search_path.
 */
export async function chooseRows(session: Session, request: SampleRequest): Promise<ChosenRows> {
  const sortedBytes = request.sortedBytes ?? usuallySortedBytes;
  const holders = request.tables.filter(({ isPartitioned }) => !isPartitioned);
  const chosen = new Map(holders.map(({ oid }) => [oid, new Set<string>()]));
  const byBlock: string[] = [];
  const waiting: { table: CopyTable; rows: string[] }[] = [];
  for (const [index, table] of holders.entries()) {
    request.onChoosing(table, index);
    const isLarge = table.bytes > sortedBytes;
    if (isLarge) byBlock.push(table.relation);
    const rows = isLarge ? await ofBlocks(session, table, request) : await ofKeys(session, table, request);
    rows.forEach((row) => chosen.get(table.oid)!.add(row));
    waiting.push({ table, rows });
  }
  const byOid = new Map(request.tables.map((table) => [table.oid, table]));
  let added = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const key of next.table.foreignKeys) {
      const parent = byOid.get(key.parent);
      if (!parent) continue;
      const found = await referencedRows(session, next, { key, parent, signal: request.signal });
      for (const [oid, rows] of found) {
        const known = chosen.get(oid);
        const fresh = known ? rows.filter((row) => !known.has(row)) : [];
        if (fresh.length === 0) continue;
        fresh.forEach((row) => known!.add(row));
        added += fresh.length;
        waiting.push({ table: byOid.get(oid)!, rows: fresh });
      }
    }
  }
  return { rows: new Map([...chosen].map(([oid, rows]) => [oid, [...rows]])), added, byBlock };
}

/** In the order of a hash of the key: neither the oldest rows nor the newest, and again the same ones. */
async function ofKeys(
  session: Session,
  table: CopyTable,
  { rows, signal }: SampleRequest,
): Promise<string[]> {
  const key = table.key.length > 0 ? table.key.map((name) => `t.${quoteIdentifier(name)}`) : ['t.ctid'];
  const { rows: found } = await session.query<{ row: string }>(
    `select t.ctid::text as row from only ${table.relation} t
      order by hashtextextended(row(${key.join(', ')})::text, 0), ${key.join(', ')} limit ${rows}`,
    [],
    { signal },
  );
  return found.map(({ row }) => row);
}

/** https://www.postgresql.org/docs/current/sql-select.html#SQL-FROM: the same blocks for the same seed. */
async function ofBlocks(
  session: Session,
  table: CopyTable,
  { rows, signal }: SampleRequest,
): Promise<string[]> {
  const pages = table.bytes / 8192;
  const perPage = Math.max(1, table.estimatedRows / pages);
  // Blocks with dead rows give fewer.
  for (
    let percent = Math.min(100, (200 * (rows / perPage + 8)) / pages);
    ;
    percent = Math.min(100, percent * 10)
  ) {
    const { rows: found } = await session.query<{ row: string }>(
      `select ctid::text as row from only ${table.relation} tablesample system (${percent.toFixed(6)}) repeatable (0) limit ${rows}`,
      [],
      { signal },
    );
    if (found.length >= rows || percent === 100) return found.map(({ row }) => row);
  }
}

interface Reference {
  key: CopyForeignKey;
  parent: CopyTable;
  signal: AbortSignal;
}

/** By the oid of the table, or partition, that they lie in. A NULL references nothing. */
async function referencedRows(
  session: Session,
  { table, rows }: { table: CopyTable; rows: readonly string[] },
  { key, parent, signal }: Reference,
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const matches = equalKeys(key, 'p', 'c');
  const from = parent.isPartitioned ? parent.relation : `only ${parent.relation}`;
  for (let start = 0; start < rows.length; start += portion) {
    const { rows: parents } = await session.query<{ oid: string; row: string }>(
      `select distinct p.tableoid::text as oid, p.ctid::text as row from only ${table.relation} c join ${from} p on ${matches}
        where c.ctid = any($1::tid[])`,
      [rows.slice(start, start + portion)],
      { signal },
    );
    for (const { oid, row } of parents) {
      const known = found.get(oid);
      if (known) known.push(row);
      else found.set(oid, [row]);
    }
  }
  return found;
}

/** That a row of `parent` is the one a row of `child` references, as the constraint itself compares them. */
export function equalKeys(key: CopyForeignKey, parent: string, child: string): string {
  return key.columns
    .map(
      (column, at) =>
        `${parent}.${quoteIdentifier(key.referenced[at]!)} ${key.operators[at]!} ${child}.${quoteIdentifier(column)}${key.collations[at]!}`,
    )
    .join(' and ');
}

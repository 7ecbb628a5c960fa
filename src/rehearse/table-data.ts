import type { RelationMark } from '../catalog/follow-catalog';
import type { Session } from '../database/session';
import { quoteIdentifier, quoteLiteral } from '../sql/identifier';
import type { MigrationRehearsal } from './rehearsal';

/** The rows of one table in numbers: how many, and per column how many values and a sum of their hashes. */
interface TableData {
  rows: number;
  columns: Record<string, { values: number; hash: string }>;
}

/** By `table schema.name` as the catalog names it. */
export type ShadowData = ReadonlyMap<string, TableData>;

export type DataLoss = MigrationRehearsal['dataLost'][number];

/** Tables with more rows are only counted. */
const hashedRows = 50_000;

/** Smaller tables have fewer rows than that: one takes 28 bytes at least. https://www.postgresql.org/docs/current/storage-page-layout.html */
const smallBytes = 1024 * 1024;

/** What migrations have written into a shadow database. `relations` are those it has now. */
export async function readData(
  session: Session,
  relations: readonly RelationMark[],
  signal: AbortSignal,
): Promise<ShadowData> {
  const tables = relations.filter(({ kind }) => kind === 'r').map(tableOf);
  // Most tables of a shadow have not a page.
  const data = new Map(tables.map(({ name }): [string, TableData] => [name, { rows: 0, columns: {} }]));
  const small = tables.filter(({ bytes }) => bytes > 0 && bytes < smallBytes);
  for (const some of inPortions(small))
    for (const [name, read] of await readWhole(session, some, 'only', signal)) data.set(name, read);
  for (const table of tables)
    if (table.bytes >= smallBytes) data.set(table.name, await readLarge(session, table, signal));
  return data;
}

interface Table {
  /** With its schema, quoted where needed. */
  name: string;
  columns: string[];
}

function tableOf({ object, columns, bytes }: RelationMark): Table & { bytes: number } {
  return {
    name: object.slice('table '.length),
    columns: columns.filter((column) => column !== null),
    bytes,
  };
}

async function readLarge(session: Session, table: Table, signal: AbortSignal): Promise<TableData> {
  const { rows } = await session.query<{ rows: number }>(
    `select count(*)::int as rows from (select from only ${table.name} limit ${hashedRows + 1}) as t`,
    [],
    { signal },
  );
  const count = rows[0]!.rows;
  if (count > hashedRows) return { rows: count, columns: {} };
  return (await readWhole(session, [table], 'only', signal)).get(table.name)!;
}

/** The same of these tables alone, few rows each, in two questions; those that are not there are left out. */
export async function readRowsOf(
  session: Session,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ShadowData> {
  const { rows: tables } = await session.query<Table>(
    `select n.name, array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            order by a.attnum) as columns
       from unnest($1::text[]) n(name) join pg_class c on c.oid = to_regclass(n.name) and c.relkind in ('r', 'p')`,
    [names],
    { signal, keptAs: 'switchback_columns_of' },
  );
  return await readWhole(session, tables, '', signal);
}

/** By name, in one question. `only`: without the tables that inherit from them. An empty table has no columns to tell of. */
async function readWhole(
  session: Session,
  tables: readonly Table[],
  only: 'only' | '',
  signal: AbortSignal,
): Promise<Map<string, TableData>> {
  if (tables.length === 0) return new Map();
  const parts = tables.map(({ name, columns }, place) => {
    const hashes = inPortions(columns.map(hashOf)).map((some) => `jsonb_build_object(${some.join(', ')})`);
    return `select '${place}' as place, count(*)::int as rows,
                   ${hashes.join(' || ') || "'{}'::jsonb"} as columns from ${only} ${name}`;
  });
  const { rows: found } = await session.query<{
    place: string;
    rows: number;
    columns: Record<string, [number, string]>;
  }>(parts.join('\nunion all '), [], { signal });
  return new Map(
    found.map(({ place, rows, columns }) => [
      tables[Number(place)]!.name,
      { rows, columns: rows === 0 ? {} : numbersOf(columns) },
    ]),
  );
}

function numbersOf(columns: Record<string, [number, string]>): TableData['columns'] {
  return Object.fromEntries(
    Object.entries(columns).map(([column, [values, hash]]) => [column, { values, hash }]),
  );
}

/** Two arguments of jsonb_build_object: the column's name, and how many values it has with a sum of their hashes. */
function hashOf(column: string): string {
  const text = `${quoteIdentifier(column)}::text`;
  return `${quoteLiteral(column)}, jsonb_build_array(count(${text}), coalesce(sum(hashtextextended(${text}, 0)::numeric), 0)::text)`;
}

/** A function takes at most 100 arguments. */
function inPortions<T>(all: readonly T[]): T[][] {
  const portions: T[][] = [];
  for (let start = 0; start < all.length; start += 40) portions.push(all.slice(start, start + 40));
  return portions;
}

/** What was there before and is not after: rows, the values of a column that came back empty, changed values. */
export function lostData(before: ShadowData, after: ShadowData): DataLoss[] {
  const losses: DataLoss[] = [];
  for (const [table, old] of before) {
    const now = after.get(table);
    const object = `table ${table}`;
    if (!now || now.rows < old.rows) {
      if (old.rows > 0) losses.push({ object, kind: 'rows', rows: old.rows - (now?.rows ?? 0) });
      continue;
    }
    for (const [column, was] of Object.entries(old.columns)) {
      const is = now.columns[column];
      const place = `${object} column ${column}`;
      if (!is || is.values < was.values)
        losses.push({ object: place, kind: 'column', rows: was.values - (is?.values ?? 0) });
      else if (now.rows === old.rows && is.hash !== was.hash)
        losses.push({ object: place, kind: 'values', rows: was.values });
    }
  }
  return losses;
}

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

/** What migrations have written into a shadow database. `relations` are those it has now. */
export async function readData(
  session: Session,
  relations: readonly RelationMark[],
  signal: AbortSignal,
): Promise<ShadowData> {
  const tables = relations.filter(({ kind }) => kind === 'r').map(tableOf);
  const filled = await filledTables(session, tables, signal);
  const data = new Map<string, TableData>();
  for (const table of tables) {
    const empty: TableData = { rows: 0, columns: {} };
    data.set(table.name, filled.has(table) ? await readTable(session, table, signal) : empty);
  }
  return data;
}

interface Table {
  /** With its schema, quoted where needed. */
  name: string;
  columns: string[];
  bytes: number;
}

function tableOf({ object, columns, bytes }: RelationMark): Table {
  return {
    name: object.slice('table '.length),
    columns: columns.filter((column) => column !== null),
    bytes,
  };
}

/** Most tables of a shadow have not a page, and one question answers for those that had rows once. */
async function filledTables(
  session: Session,
  tables: readonly Table[],
  signal: AbortSignal,
): Promise<Set<Table>> {
  const asked = tables.filter(({ bytes }) => bytes > 0);
  if (asked.length === 0) return new Set();
  const questions = asked.map(({ name }, index) => `(${index}, exists (select from only ${name}))`);
  const { rows } = await session.query<{ index: number }>(
    `select index from (values ${questions.join(', ')}) as t(index, filled) where filled`,
    [],
    { signal },
  );
  return new Set(rows.map((row) => asked[row.index]!));
}

async function readTable(session: Session, table: Table, signal: AbortSignal): Promise<TableData> {
  const relation = table.name;
  const limited = `(select * from only ${relation} limit ${hashedRows + 1}) as t`;
  const { rows } = await session.query<{ rows: string }>(
    `select count(*)::text as rows from ${limited}`,
    [],
    { signal },
  );
  const count = Number(rows[0]!.rows);
  if (count === 0 || count > hashedRows) return { rows: count, columns: {} };
  const columns: TableData['columns'] = {};
  for (const some of inPortions(table.columns.map(hashOf))) {
    const { rows: hashes } = await session.query<{ columns: Record<string, [number, string]> }>(
      `select jsonb_build_object(${some.join(', ')}) as columns from only ${relation}`,
      [],
      { signal },
    );
    for (const [column, [values, hash]] of Object.entries(hashes[0]!.columns))
      columns[column] = { values, hash };
  }
  return { rows: count, columns };
}

/** The same of these tables alone, few rows each, in two questions; those that are not there are left out. */
export async function readRowsOf(
  session: Session,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ShadowData> {
  const { rows: tables } = await session.query<{ name: string; columns: string[] }>(
    `select n.name, array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            order by a.attnum) as columns
       from unnest($1::text[]) n(name) join pg_class c on c.oid = to_regclass(n.name) and c.relkind in ('r', 'p')`,
    [names],
    { signal, keptAs: 'switchback_columns_of' },
  );
  if (tables.length === 0) return new Map();
  const parts = tables.map(({ name, columns }, place) => {
    const hashes = inPortions(columns.map(hashOf)).map((some) => `jsonb_build_object(${some.join(', ')})`);
    return `select '${place}' as place, count(*)::int as rows,
                   ${hashes.join(' || ') || "'{}'::jsonb"} as columns from ${name}`;
  });
  const { rows: found } = await session.query<{
    place: string;
    rows: number;
    columns: Record<string, [number, string]>;
  }>(parts.join('\nunion all '), [], { signal });
  return new Map(
    found.map(({ place, rows, columns }) => [
      tables[Number(place)]!.name,
      {
        rows,
        columns: Object.fromEntries(
          Object.entries(columns).map(([column, [values, hash]]) => [column, { values, hash }]),
        ),
      },
    ]),
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

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

/** What migrations have written into a shadow database. */
export async function readData(session: Session, signal: AbortSignal): Promise<ShadowData> {
  const { rows: tables } = await session.query<Table>(tablesSql, [], { signal });
  const filled = await filledTables(session, tables, signal);
  const data = new Map<string, TableData>();
  for (const table of tables) {
    const empty: TableData = { rows: 0, columns: {} };
    const name = `${table.schema}.${table.name}`;
    data.set(name, filled.has(table) ? await readTable(session, table, signal) : empty);
  }
  return data;
}

interface Table {
  schema: string;
  name: string;
  columns: string[];
}

/** Most tables of a shadow are empty: one question for all of them. */
async function filledTables(
  session: Session,
  tables: readonly Table[],
  signal: AbortSignal,
): Promise<Set<Table>> {
  if (tables.length === 0) return new Set();
  const questions = tables.map(
    (table, index) => `(${index}, exists (select from only ${relationOf(table)}))`,
  );
  const { rows } = await session.query<{ index: number }>(
    `select index from (values ${questions.join(', ')}) as t(index, filled) where filled`,
    [],
    { signal },
  );
  return new Set(rows.map((row) => tables[row.index]!));
}

function relationOf(table: Table): string {
  return `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;
}

const tablesSql = `
  select n.nspname as schema, c.relname as name,
    coalesce(array_agg(a.attname::text order by a.attnum) filter (where a.attname is not null), '{}') as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relkind = 'r' and c.relpersistence <> 't'
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'switchback')
  group by 1, 2`;

async function readTable(session: Session, table: Table, signal: AbortSignal): Promise<TableData> {
  const relation = relationOf(table);
  const limited = `(select * from only ${relation} limit ${hashedRows + 1}) as t`;
  const { rows } = await session.query<{ rows: string }>(
    `select count(*)::text as rows from ${limited}`,
    [],
    { signal },
  );
  const count = Number(rows[0]!.rows);
  if (count === 0 || count > hashedRows) return { rows: count, columns: {} };
  const parts = table.columns.map((column) => {
    const text = `${quoteIdentifier(column)}::text`;
    return `${quoteLiteral(column)}, jsonb_build_array(count(${text}), coalesce(sum(hashtextextended(${text}, 0)::numeric), 0)::text)`;
  });
  const columns: TableData['columns'] = {};
  // A function takes at most 100 arguments.
  for (let start = 0; start < parts.length; start += 40) {
    const { rows: hashes } = await session.query<{ columns: Record<string, [number, string]> }>(
      `select jsonb_build_object(${parts.slice(start, start + 40).join(', ')}) as columns from only ${relation}`,
      [],
      { signal },
    );
    for (const [column, [values, hash]] of Object.entries(hashes[0]!.columns))
      columns[column] = { values, hash };
  }
  return { rows: count, columns };
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

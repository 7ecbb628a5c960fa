import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, quoteIdentifier } from '../sql/identifier';

export interface HistoryTable {
  /** The table as messages name it, with its schema. */
  name: string;
  /** The same, quoted for SQL. */
  sql: string;
  exists: boolean;
}

interface TableRow {
  schema: string | null;
  columns: string[] | null;
}

/**
 * A tool's history table in the schema new tables go to. `columns` are those it must have, as `version bigint`. Throws
 * `invalid-input` where a table of that name has others: it is another tool's.
 */
export async function historyTable(
  session: Session,
  title: string,
  table: string,
  columns: readonly string[],
): Promise<HistoryTable> {
  const { rows } = await session.query<TableRow>(
    `select current_schema() as schema, (
       select array_agg(a.attname || ' ' || format_type(a.atttypid, null) order by a.attnum)
       from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = current_schema() and c.relname = $1 and c.relkind in ('r', 'p')
         and a.attnum > 0 and not a.attisdropped) as columns`,
    [table],
  );
  const schema = rows[0]!.schema ?? 'public';
  const found = rows[0]!.columns;
  const name = `${formatIdentifier(schema)}.${formatIdentifier(table)}`;
  const missing = found && columns.filter((column) => !found.includes(column));
  if (missing && missing.length > 0) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        "The table {0} is not {1}'s: it has no column {2}. Another tool keeps its history there; choose the database or the migrations folder that belong together.",
        name,
        title,
        missing.map((column) => `"${column}"`).join(', '),
      ),
    );
  }
  return { name, sql: `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`, exists: found !== null };
}

import type { Session } from '../database/session';
import { utcText } from '../database/utc-text';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Direction, History, HistoryTable, Migration, ParameterizedSql } from './layout';
import { historyTable } from './history-columns';
import { quoteLiteral } from '../sql/identifier';
import { appliedRow } from './applied-row';

/** The tool makes the table with a row of version 0, which no migration has, and adds the columns one by one. */
export function prepareSql(table: string): string {
  return `do ${quoteLiteral(`begin
  if to_regclass(${quoteLiteral(table)}) is null then
    create table ${table} (version bigint primary key, name text, md5 text, run_at timestamp with time zone);
    insert into ${table} (version) values (0);
  end if;
end`)}`;
}

/** The tool writes the time in UTC without saying so, and the server takes it for local time. */
const toolsNow =
  "(date_trunc('milliseconds', clock_timestamp()) at time zone 'UTC')::timestamp with time zone";
const toolsTime = "run_at::timestamp at time zone 'UTC'";

/** The row as the tool writes or removes it. */
export function recordOf(
  table: string,
  migration: Migration,
  direction: Direction,
  hash: string | null,
): ParameterizedSql {
  if (direction === 'down') {
    return { sql: `delete from ${table} where version = $1::bigint`, parameters: [migration.version] };
  }
  return {
    sql: `insert into ${table} (version, name, md5, run_at) values ($1::bigint, $2::text, $3::text, ${toolsNow})`,
    parameters: [migration.version, migration.name, hash],
  };
}

/** The rows of the tool's table; the highest version is where the tool goes on, whatever is missing below. Throws `invalid-input` for another tool's table of that name. */
export async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const found = await historyTable(session, 'postgrator', await placed(session, table), ['version']);
  if (!found.exists) return { exists: false, table: found.name, applied: [], cumulative: true };
  const names = found.columns.map((column) => column.split(' ', 1)[0]!);
  if (!['name', 'md5', 'run_at'].every((column) => names.includes(column))) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The table {0} is not postgrator\'s: it lacks one of the columns "version", "name", "md5" and "run_at". Choose the database or the migrations folder that belong together; an old table of postgrator gets them when the tool next runs.',
        found.name,
      ),
    );
  }
  const history = await session.query<HistoryRow>(
    `select version::text as version, name, md5, ${utcText(toolsTime)} as run_at
     from ${found.sql} h where version > 0 order by h.version desc`,
  );
  const applied = history.rows.map((row) =>
    appliedRow(row.version, {
      name: row.name,
      appliedAt: row.run_at,
      // The tool writes "undefined" for a migration in JavaScript.
      contentHash: row.md5 !== null && /^[0-9a-f]{32}$/.test(row.md5) ? row.md5 : null,
    }),
  );
  return { exists: true, table: found.name, applied, cumulative: true };
}

/** A name without a schema is looked up on the search path, as the tool's own SQL does. */
async function placed(session: Session, table: HistoryTable): Promise<HistoryTable> {
  if (table.schema !== null) return table;
  const { rows } = await session.query<{ schema: string }>(
    `select n.nspname::text as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relname = $1 and c.relkind in ('r', 'p') and pg_table_is_visible(c.oid)`,
    [table.name],
  );
  return { ...table, schema: rows[0]?.schema ?? null };
}

interface HistoryRow {
  version: string;
  name: string | null;
  md5: string | null;
  run_at: string | null;
}

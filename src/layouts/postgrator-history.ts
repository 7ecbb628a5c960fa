import type { Session } from '../database/session';
import { utcText } from '../database/utc-text';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Direction, History, Migration, ParameterizedSql } from './layout';
import { appliedRow } from './applied-row';

/** The default of schemaTable, found on the search path as the tool finds it. */
const table = 'schemaversion';

/** The tool makes the table with a row of version 0, which no migration has, and adds the columns one by one. */
export const prepareSql = `do $$ begin
  if to_regclass('${table}') is null then
    create table ${table} (version bigint primary key, name text, md5 text, run_at timestamp with time zone);
    insert into ${table} (version) values (0);
  end if;
end $$`;

/** The tool writes the time in UTC without saying so, and the server takes it for local time. */
const toolsNow =
  "(date_trunc('milliseconds', clock_timestamp()) at time zone 'UTC')::timestamp with time zone";
const toolsTime = "run_at::timestamp at time zone 'UTC'";

/** The row as the tool writes or removes it. */
export function recordOf(migration: Migration, direction: Direction, hash: string | null): ParameterizedSql {
  if (direction === 'down') {
    return { sql: `delete from ${table} where version = $1::bigint`, parameters: [migration.version] };
  }
  return {
    sql: `insert into ${table} (version, name, md5, run_at) values ($1::bigint, $2::text, $3::text, ${toolsNow})`,
    parameters: [migration.version, migration.name, hash],
  };
}

/** The rows of the tool's table; the highest version is where the tool goes on, whatever is missing below. Throws `invalid-input` for another tool's table of that name. */
export async function readHistory(session: Session): Promise<History> {
  const { rows } = await session.query<{ schema: string | null; columns: string[] | null }>(
    `select coalesce((select relnamespace::regnamespace::text from pg_class where oid = to_regclass('${table}')),
       quote_ident(current_schema())) as schema,
       (select array_agg(attname::text) from pg_attribute
        where attrelid = to_regclass('${table}') and attnum > 0 and not attisdropped) as columns`,
  );
  const { schema, columns } = rows[0]!;
  const name = `${schema ?? 'public'}.${table}`;
  if (columns === null) return { exists: false, table: name, applied: [], cumulative: true };
  if (!['version', 'name', 'md5', 'run_at'].every((column) => columns.includes(column))) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The table {0} is not postgrator\'s: it lacks one of the columns "version", "name", "md5" and "run_at". Choose the database or the migrations folder that belong together; an old table of postgrator gets them when the tool next runs.',
        name,
      ),
    );
  }
  const history = await session.query<HistoryRow>(
    `select version::text as version, name, md5, ${utcText(toolsTime)} as run_at
     from ${table} where version > 0 order by ${table}.version desc`,
  );
  const applied = history.rows.map((row) =>
    appliedRow(row.version, {
      name: row.name,
      appliedAt: row.run_at,
      // The tool writes "undefined" for a migration in JavaScript.
      contentHash: row.md5 !== null && /^[0-9a-f]{32}$/.test(row.md5) ? row.md5 : null,
    }),
  );
  return { exists: true, table: name, applied, cumulative: true };
}

interface HistoryRow {
  version: string;
  name: string | null;
  md5: string | null;
  run_at: string | null;
}

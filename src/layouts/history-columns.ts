import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, quoteIdentifier } from '../sql/identifier';
import type { HistoryTable } from './layout';

export interface FoundTable {
  /** The table as messages name it, with its schema. */
  name: string;
  /** The same, quoted for SQL. */
  sql: string;
  exists: boolean;
  /** Its columns, as `version bigint`. */
  columns: string[];
}

interface TableRow {
  schema: string;
  owner: string | null;
  columns: string[] | null;
  role: string;
  in_schema: boolean | null;
  readable: boolean | null;
}

/**
 * A tool's history table, in the schema new tables go to unless it has one of its own. `columns` are those it must
 * have, as `version bigint`, or `version` of any type. Throws `invalid-input` where a table of that name has others:
 * it is another tool's; `no-privilege` where the role may not read it.
 */
export async function historyTable(
  session: Session,
  title: string,
  table: string | HistoryTable,
  columns: readonly string[],
): Promise<FoundTable> {
  const named = typeof table === 'string' ? { schema: null, name: table } : table;
  const { rows } = await session.query<TableRow>(
    `select place.schema, pg_get_userbyid(c.relowner)::text as owner, current_user::text as role,
       has_schema_privilege(n.oid, 'USAGE') as in_schema, has_table_privilege(c.oid, 'SELECT') as readable,
       (select array_agg(a.attname || ' ' || format_type(a.atttypid, null) order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
     from (select coalesce($2::text, current_schema()::text, 'public') as schema) place
     left join pg_namespace n on n.nspname = place.schema
     left join pg_class c on c.relnamespace = n.oid and c.relname = $1 and c.relkind in ('r', 'p')`,
    [named.name, named.schema],
  );
  const row = rows[0]!;
  const name = `${formatIdentifier(row.schema)}.${formatIdentifier(named.name)}`;
  const sql = `${quoteIdentifier(row.schema)}.${quoteIdentifier(named.name)}`;
  const found = row.columns;
  if (found === null) return { name, sql, exists: false, columns: [] };
  const missing = columns.filter((column) => !found.some((each) => isColumn(each, column)));
  if (missing.length > 0) {
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
  if (!row.in_schema || !row.readable) throw unreadable(name, row);
  return { name, sql, exists: true, columns: found };
}

/** `wanted` is a name, or a name and a type. */
function isColumn(column: string, wanted: string): boolean {
  return column === wanted || (!wanted.includes(' ') && column.startsWith(`${wanted} `));
}

function unreadable(name: string, { schema, owner, role, in_schema: inSchema }: TableRow): SwitchbackError {
  const grantee = formatIdentifier(role);
  const grants = [
    ...(inSchema ? [] : [`grant usage on schema ${formatIdentifier(schema)} to ${grantee}`]),
    `grant select on ${name} to ${grantee}`,
  ].join('; ');
  return new SwitchbackError(
    'no-privilege',
    t(
      'The role {0} may not read the history table {1}, which belongs to {2}. Its owner can allow it: {3}.',
      role,
      name,
      owner ?? '',
      grants,
    ),
  );
}

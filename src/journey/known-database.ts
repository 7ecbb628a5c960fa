import type { KnownDatabase } from '../documents/standalone/answers';
import { formatQualifiedName } from '../sql/identifier';
import type { Database } from './database';

/** Name, version, size and the largest tables of a connected database. Reads the catalog only. */
export async function knownDatabase(
  { session, sessions, connection }: Database,
  signal: AbortSignal,
): Promise<KnownDatabase> {
  const size = await session.query<{ bytes: string }>(
    'select pg_database_size(current_database())::text as bytes',
    [],
    { signal },
  );
  const tables = await session.query<{ schema: string; name: string; rows: number | null; bytes: string }>(
    `select n.nspname::text as schema, c.relname::text as name,
            case when c.reltuples < 0 then null else c.reltuples::float8 end as rows,
            pg_total_relation_size(c.oid)::text as bytes
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'switchback')
        and n.nspname !~ '^pg_(toast|temp)'
      order by pg_total_relation_size(c.oid) desc, 1, 2 limit 5`,
    [],
    { signal },
  );
  return {
    label: sessions.label,
    name: session.facts.database,
    environment: connection.environment,
    version: session.facts.version,
    bytes: Number(size.rows[0]!.bytes),
    largestTables: tables.rows.map(({ schema, name, rows, bytes }) => ({
      name: formatQualifiedName({ schema, name }),
      rows: rows === null ? null : Math.round(rows),
      bytes: Number(bytes),
    })),
  };
}

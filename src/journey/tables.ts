import type { Session } from '../database/session';
import type { QualifiedName } from '../sql/identifier';

/** A table as pickers list it. */
export interface TableSummary extends QualifiedName {
  estimatedRows: number;
  bytes: number;
  partitioned: boolean;
}

export interface ColumnSummary {
  name: string;
  type: string;
  notNull: boolean;
}

/** The user's tables and partitioned parents, largest first; partitions are left out. */
export async function listTables(session: Session): Promise<TableSummary[]> {
  const { rows } = await session.query<{
    schema: string;
    name: string;
    rows: string;
    bytes: string;
    kind: string;
  }>(
    `select n.nspname as schema, c.relname as name, c.relkind as kind,
            greatest(c.reltuples, coalesce(s.n_live_tup, 0), 0)::bigint as rows,
            pg_catalog.pg_total_relation_size(c.oid) as bytes
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       left join pg_catalog.pg_stat_all_tables s on s.relid = c.oid
      where c.relkind in ('r', 'p') and not c.relispartition
        and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'switchback')
      order by bytes desc, 1, 2`,
  );
  return rows.map((row) => ({
    schema: row.schema,
    name: row.name,
    estimatedRows: Number(row.rows),
    bytes: Number(row.bytes),
    partitioned: row.kind === 'p',
  }));
}

/** The columns of a table in their order; empty when there is no such table. */
export async function listColumns(session: Session, table: QualifiedName): Promise<ColumnSummary[]> {
  const { rows } = await session.query<{ name: string; type: string; required: boolean }>(
    `select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required
       from pg_catalog.pg_attribute a
       join pg_catalog.pg_class c on c.oid = a.attrelid
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped
      order by a.attnum`,
    [table.schema, table.name],
  );
  return rows.map((row) => ({ name: row.name, type: row.type, notNull: row.required }));
}

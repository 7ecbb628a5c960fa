import type { Session } from '../database/session';
import type { QualifiedName } from '../sql/identifier';

/** A table as pickers list it. */
export interface TableSummary extends QualifiedName {
  estimatedRows: number;
  bytes: number;
  partitioned: boolean;
  kind: 'table' | 'view';
}

export interface ColumnSummary {
  name: string;
  type: string;
  notNull: boolean;
}

/** A constraint or an index as pickers list it. */
export interface PartSummary {
  name: string;
  /** As the server defines it. */
  definition: string;
}

/** What a form lets choose of a table. */
export interface TableOutline {
  /** In table order. */
  columns: ColumnSummary[];
  /** CHECK, UNIQUE, PRIMARY KEY, EXCLUDE and FOREIGN KEY ones, by name. */
  constraints: PartSummary[];
  /** Those no constraint owns, by name. */
  indexes: PartSummary[];
}

export const emptyOutline: TableOutline = { columns: [], constraints: [], indexes: [] };

/** Columns, constraints and indexes of a table; empty lists when there is no such table. */
export async function readOutline(session: Session, table: QualifiedName): Promise<TableOutline> {
  const parts = await session.query<PartSummary & { kind: 'constraint' | 'index' }>(
    `select 'constraint' as kind, k.conname as name, pg_catalog.pg_get_constraintdef(k.oid) as definition
       from pg_catalog.pg_constraint k
       join pg_catalog.pg_class c on c.oid = k.conrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relname = $2 and k.contype in ('c', 'u', 'p', 'x', 'f')
     union all
     select 'index', i.relname, pg_catalog.pg_get_indexdef(i.oid)
       from pg_catalog.pg_index x join pg_catalog.pg_class i on i.oid = x.indexrelid
       join pg_catalog.pg_class c on c.oid = x.indrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relname = $2
        and not exists (select from pg_catalog.pg_constraint k where k.conindid = i.oid and k.conrelid = c.oid)
      order by 1, 2`,
    [table.schema, table.name],
  );
  const of = (kind: string): PartSummary[] =>
    parts.rows.filter((row) => row.kind === kind).map(({ name, definition }) => ({ name, definition }));
  return {
    columns: await listColumns(session, table),
    constraints: of('constraint'),
    indexes: of('index'),
  };
}

/** The user's tables and partitioned parents, largest first; partitions are left out. */
export async function listTables(session: Session): Promise<TableSummary[]> {
  return listRelations(session, ['r', 'p']);
}

/** The same with views and materialized views. */
export async function listTablesAndViews(session: Session): Promise<TableSummary[]> {
  return listRelations(session, ['r', 'p', 'v', 'm']);
}

/** By pg_class.relkind: https://www.postgresql.org/docs/current/catalog-pg-class.html */
async function listRelations(session: Session, kinds: readonly string[]): Promise<TableSummary[]> {
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
      where c.relkind = any ($1) and not c.relispartition
        and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'switchback')
      order by bytes desc, 1, 2`,
    [kinds],
  );
  return rows.map((row) => ({
    schema: row.schema,
    name: row.name,
    estimatedRows: Number(row.rows),
    bytes: Number(row.bytes),
    partitioned: row.kind === 'p',
    kind: row.kind === 'r' || row.kind === 'p' ? 'table' : 'view',
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

import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { BackfillSpec } from '../plan/plan';
import { formatQualifiedName, quoteIdentifier } from '../sql/identifier';

/** One table that holds rows: the table itself, a leaf partition, or an inheritance child. */
export interface WalkTable {
  oid: number;
  /** `schema.name` for messages, quoted where needed. */
  name: string;
  /** `"schema"."name"` for SQL. */
  sql: string;
  /** The columns of the walk, with their types; empty when walked by place. */
  key: KeyColumn[];
  estimatedRows: number;
  heapBytes: number;
}

export interface KeyColumn {
  name: string;
  /** The type as SQL spells it, with its modifier. */
  type: string;
}

interface TableRow {
  oid: number;
  schema: string;
  name: string;
  relkind: string;
  rows: string;
  bytes: string;
  unique: boolean;
  key: { name: string; type: string; notNull: boolean }[] | null;
}

/**
 * The tables a backfill walks one after the other, by oid, so that the order survives renames. Throws
 * `not-found`, and `invalid-input` where the key is not unique and not null, or a part is a foreign table.
 */
export async function readWalkTables(session: Session, spec: BackfillSpec): Promise<WalkTable[]> {
  const label = formatQualifiedName(spec.table);
  const columns = spec.walk.by === 'key' ? spec.walk.columns : [];
  const { rows } = await session.query<TableRow>(tablesSql, [spec.table.schema, spec.table.name, columns]);
  if (rows.length === 0) {
    throw new SwitchbackError(
      'not-found',
      t('There is no table {0} in this database. Check the name, or apply the steps before.', label),
    );
  }
  const holders = rows.filter((row) => row.relkind !== 'p');
  return holders.map((row) => walkTable(row, spec, columns));
}

function walkTable(row: TableRow, spec: BackfillSpec, columns: readonly string[]): WalkTable {
  const name = formatQualifiedName(row);
  if (row.relkind === 'f') {
    throw new SwitchbackError(
      'invalid-input',
      t('{0} is a foreign table and cannot be changed in batches here. Backfill it where it lives.', name),
    );
  }
  const key = columns.map((column) => {
    const found = row.key?.find((candidate) => candidate.name === column);
    if (!found?.notNull) {
      throw new SwitchbackError(
        'invalid-input',
        t(
          '{0} cannot be walked by {1}: the column is missing or may be NULL. Choose a unique key.',
          name,
          column,
        ),
      );
    }
    return { name: found.name, type: found.type };
  });
  if (spec.walk.by === 'key' && !row.unique) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} has no valid unique index on {1}, so rows could be skipped. Choose another key, or walk it by place.',
        name,
        columns.join(', '),
      ),
    );
  }
  return {
    oid: row.oid,
    name,
    sql: `${quoteIdentifier(row.schema)}.${quoteIdentifier(row.name)}`,
    key,
    estimatedRows: Math.max(0, Math.round(Number(row.rows))),
    heapBytes: Number(row.bytes),
  };
}

/** A key is unique when some valid, complete unique index covers a part of it. */
const tablesSql = `
with recursive tree as (
  select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'f')
  union
  select i.inhrelid from tree join pg_inherits i on i.inhparent = tree.oid
)
select c.oid::int8::float8 as oid, n.nspname as schema, c.relname as name, c.relkind::text as relkind,
  greatest(c.reltuples, 0)::float8::text as rows,
  case when c.relkind = 'r' then pg_relation_size(c.oid) else 0 end::text as bytes,
  exists (
    select 1 from pg_index x
    where x.indrelid = c.oid and x.indisunique and x.indisvalid and x.indimmediate and x.indpred is null
      and x.indexprs is null and not exists (
        select 1 from generate_series(0, x.indnkeyatts - 1) k
        join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[k]
        where a.attname::text <> all ($3::text[])
      )
  ) as "unique",
  (
    select jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull))
    from pg_attribute a where a.attrelid = c.oid and a.attname::text = any ($3::text[]) and not a.attisdropped
  ) as key
from tree join pg_class c on c.oid = tree.oid join pg_namespace n on n.oid = c.relnamespace
order by c.oid`;

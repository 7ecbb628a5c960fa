import type { Session } from '../../database/session';
import type { IndexFacts } from '../table-facts';
import { columnsInTree } from './column-lists';
import type { FoundTable } from './find-table';

interface Row {
  schema: string;
  name: string;
  definition: string;
  method: string;
  unique: boolean;
  primary: boolean;
  valid: boolean;
  immediate: boolean;
  columns: string[];
  key_count: number;
  expression_columns: string[];
  has_expressions: boolean;
  partial: boolean;
  constraint: string | null;
  bytes: string;
}

/** The indexes, the primary key's first, then by name; and the keys whose columns are unique and never NULL. */
export async function readIndexes(
  session: Session,
  table: FoundTable,
  notNullColumns: ReadonlySet<string>,
): Promise<{ indexes: IndexFacts[]; primaryKey: string[] | null; uniqueKeys: string[][] }> {
  const { rows } = await session.query<Row>(
    `select n.nspname::text as schema, c.relname::text as name, pg_get_indexdef(c.oid) as definition, am.amname::text as method,
            i.indisunique as unique, i.indisprimary as primary, i.indisvalid as valid, i.indimmediate as immediate,
            array(select a.attname::text from unnest(i.indkey) with ordinality as k(number, position)
                    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number order by k.position) as columns,
            i.indnkeyatts as key_count,
            ${columnsInTree("coalesce(i.indexprs::text, '') || coalesce(i.indpred::text, '')", 'i.indrelid')} as expression_columns,
            i.indexprs is not null as has_expressions, i.indpred is not null as partial,
            (select conname::text from pg_constraint where conindid = c.oid and contype in ('p', 'u', 'x') limit 1) as constraint,
            case when c.relkind = 'I' then
                   (select coalesce(sum(pg_relation_size(relid)), 0) from pg_partition_tree(c.oid) where isleaf)
                 else pg_relation_size(c.oid) end as bytes
       from pg_index i
       join pg_class c on c.oid = i.indexrelid
       join pg_namespace n on n.oid = c.relnamespace
       join pg_am am on am.oid = c.relam
      where i.indrelid = $1
      order by i.indisprimary desc, c.relname`,
    [table.oid],
  );
  const keys = rows
    .filter((row) => isKey(row, notNullColumns))
    .map((row) => row.columns.slice(0, row.key_count));
  const primary = rows.find((row) => row.primary);
  return {
    indexes: rows.map(indexFacts),
    primaryKey: primary ? primary.columns.slice(0, primary.key_count) : null,
    uniqueKeys: keys,
  };
}

function isKey(row: Row, notNullColumns: ReadonlySet<string>): boolean {
  const columns = row.columns.slice(0, row.key_count);
  return (
    row.unique &&
    row.valid &&
    row.immediate &&
    !row.partial &&
    !row.has_expressions &&
    columns.every((column) => notNullColumns.has(column))
  );
}

function indexFacts(row: Row): IndexFacts {
  return {
    name: { schema: row.schema, name: row.name },
    definition: row.definition,
    method: row.method,
    unique: row.unique,
    primary: row.primary,
    valid: row.valid,
    columns: row.columns,
    expressionColumns: row.expression_columns,
    partial: row.partial,
    constraint: row.constraint,
    bytes: Number(row.bytes),
  };
}

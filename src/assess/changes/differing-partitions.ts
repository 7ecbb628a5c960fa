import { formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import type { Look } from './change-type';

/** What a partition's or child's column may have of its own. `p` and `c` are pg_attribute's rows of the parent and of it. */
const differences = {
  default: `(SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d WHERE d.adrelid = c.attrelid AND d.adnum = c.attnum)
    IS DISTINCT FROM
    (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d WHERE d.adrelid = p.attrelid AND d.adnum = p.attnum)`,
  'not-null': 'c.attnotnull IS DISTINCT FROM p.attnotnull',
};

/**
 * Partitions and children of every level whose column is not as the table's own, by name: what is said of the table
 * is said of them too, and the way back could not tell them apart.
 */
export async function differingPartitions(
  { session, table, signal }: Look,
  column: string,
  by: keyof typeof differences,
): Promise<string[]> {
  if (table.partitioning === null && table.inheritedBy.length === 0) return [];
  const { rows } = await session.query<{ name: string }>(
    `WITH RECURSIVE below AS (
       SELECT inhrelid FROM pg_catalog.pg_inherits WHERE inhparent = to_regclass(${quoteLiteral(formatQualifiedName(table.name))})
       UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN below b ON i.inhparent = b.inhrelid
     )
     SELECT quote_ident(n.nspname) || '.' || quote_ident(r.relname) AS name
       FROM below b JOIN pg_catalog.pg_class r ON r.oid = b.inhrelid JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
       JOIN pg_catalog.pg_attribute c ON c.attrelid = r.oid AND c.attname = $1
       JOIN pg_catalog.pg_attribute p ON p.attrelid = to_regclass(${quoteLiteral(formatQualifiedName(table.name))}) AND p.attname = $1
      WHERE ${differences[by]}
      ORDER BY 1`,
    [column],
    { signal },
  );
  return rows.map(({ name }) => name);
}

import type { Session } from '../database/session';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral, type QualifiedName } from '../sql/identifier';
import type { ChangeFacts, PartitionNode } from './change-facts';
import type { Look } from './changes/change-type';

/** What decides how indexes are built on the table and named: what lies below it, and which names are taken there. */
export async function readIndexSurroundings({ session, table, signal }: Look): Promise<ChangeFacts> {
  const partitions = table.partitioning === null ? [] : await readPartitions(session, table.name, signal);
  const schemas = [table.name, ...partitions.map(({ name }) => name)].map(({ schema }) => schema);
  const { rows } = await session.query<{ name: string }>(
    `SELECT DISTINCT c.relname::text AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY ($1::text[])
      UNION
     SELECT conname::text FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass($2)`,
    [[...new Set(schemas)], formatQualifiedName(table.name)],
    { signal },
  );
  return { partitions, takenNames: rows.map(({ name }) => name) };
}

async function readPartitions(
  session: Session,
  table: QualifiedName,
  signal: AbortSignal,
): Promise<PartitionNode[]> {
  const { rows } = await session.query<
    Record<'schema' | 'name' | 'parent_schema' | 'parent_name', string> & { kind: string }
  >(
    `SELECT n.nspname::text AS schema, c.relname::text AS name, pn.nspname::text AS parent_schema, p.relname::text AS parent_name,
            CASE c.relkind WHEN 'p' THEN 'branch' WHEN 'f' THEN 'foreign' ELSE 'leaf' END AS kind
       FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass($1)) AS tree
       JOIN pg_catalog.pg_class c ON c.oid = tree.relid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_catalog.pg_class p ON p.oid = tree.parentrelid JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
      WHERE tree.level > 0 ORDER BY tree.level, n.nspname, c.relname`,
    [formatQualifiedName(table)],
    { signal },
  );
  return rows.map((row) => ({
    name: { schema: row.schema, name: row.name },
    parent: { schema: row.parent_schema, name: row.parent_name },
    kind: row.kind as PartitionNode['kind'],
  }));
}

/** Why an index cannot be built partition by partition here. */
export function foreignPartitionBlockers(partitions: readonly PartitionNode[]): string[] {
  return partitions
    .filter(({ kind }) => kind === 'foreign')
    .map(({ name }) =>
      t(
        'The partition {0} is a foreign table, which has no indexes and no such constraints. Detach it first.',
        formatQualifiedName(name),
      ),
    );
}

/** What a unique index of a partitioned table lacks: it has to hold every column of each partition key. */
export async function partitionKeyBlockers(
  { session, table, signal }: Look,
  columns: readonly string[],
): Promise<string[]> {
  if (table.partitioning === null) return [];
  const { rows } = await session.query<{ columns: string[]; expressions: boolean }>(
    `SELECT k.partexprs IS NOT NULL AS expressions,
            ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
                   WHERE a.attrelid = k.partrelid AND a.attnum = ANY (k.partattrs::int2[]) AND a.attnum > 0) AS columns
       FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass($1)) AS tree
       JOIN pg_catalog.pg_partitioned_table k ON k.partrelid = tree.relid`,
    [formatQualifiedName(table.name)],
    { signal },
  );
  const key = new Set(rows.flatMap((row) => row.columns));
  if (rows.some(({ expressions }) => expressions)) {
    return [
      t(
        '{0} or a partition of it is partitioned by an expression, and PostgreSQL keeps nothing unique over such partitions. Make it unique in each partition.',
        formatQualifiedName(table.name),
      ),
    ];
  }
  const missing = [...key].filter((column) => !columns.includes(column));
  if (missing.length === 0) return [];
  return [
    t(
      'What is unique over the partitions of {0} has to hold the columns it is partitioned by. Add {1}.',
      formatQualifiedName(table.name),
      missing.map(formatIdentifier).join(', '),
    ),
  ];
}

/** The blocker for a name that something in the schema has. */
export function takenNameBlockers(name: string | null, schema: string, taken: readonly string[]): string[] {
  if (name === null || !taken.includes(name)) return [];
  return [
    t(
      'The schema {0} has something called {1} already. Choose another name.',
      formatIdentifier(schema),
      formatIdentifier(name),
    ),
  ];
}

/** SQL of the oids of a table and of all below it. */
export function treeOf(table: QualifiedName): string {
  const relation = `pg_catalog.to_regclass(${quoteLiteral(formatQualifiedName(table))})`;
  // Of a table that is in no partition tree, the tree is empty.
  return `(SELECT relid::oid FROM pg_catalog.pg_partition_tree(${relation}) UNION SELECT ${relation}::oid)`;
}

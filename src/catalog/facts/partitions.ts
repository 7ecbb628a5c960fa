import type { Session } from '../../database/session';
import type { QualifiedName } from '../../sql/identifier';
import type { PartitioningFacts, TableFacts } from '../table-facts';
import type { FoundTable } from './find-table';

const strategies: Record<string, PartitioningFacts['strategy']> = { r: 'range', l: 'list', h: 'hash' };

/** How the table is partitioned; null where it is not. */
export async function readPartitioning(
  session: Session,
  table: FoundTable,
): Promise<PartitioningFacts | null> {
  if (table.kind !== 'partitioned-table') return null;
  const { rows } = await session.query<{
    strategy: string;
    key: string;
    default_schema: string | null;
    default_name: string | null;
  }>(
    `select p.partstrat as strategy, pg_get_partkeydef(p.partrelid) as key, n.nspname::text as default_schema, c.relname::text as default_name
       from pg_partitioned_table p
       left join pg_class c on c.oid = p.partdefid
       left join pg_namespace n on n.oid = c.relnamespace
      where p.partrelid = $1`,
    [table.oid],
  );
  const tree = await session.query<QualifiedName & { leaf: boolean }>(
    `select n.nspname::text as schema, c.relname::text as name, t.isleaf as leaf
       from pg_partition_tree($1::oid::regclass) t
       join pg_class c on c.oid = t.relid join pg_namespace n on n.oid = c.relnamespace
      where t.relid <> $1::oid order by n.nspname, c.relname`,
    [table.oid],
  );
  const row = rows[0]!;
  return {
    strategy: strategies[row.strategy]!,
    key: row.key,
    count: tree.rows.length,
    leaves: tree.rows.filter(({ leaf }) => leaf).map(({ schema, name }) => ({ schema, name })),
    defaultPartition:
      row.default_name === null ? null : { schema: row.default_schema!, name: row.default_name },
  };
}

/** Parents and children by partitioning and by INHERITS. */
export async function readInheritance(
  session: Session,
  table: FoundTable,
): Promise<Pick<TableFacts, 'partitionOf' | 'inherits' | 'inheritedBy'>> {
  const { rows } = await session.query<QualifiedName & { side: 'parent' | 'child'; partition: boolean }>(
    `select case when i.inhrelid = $1 then 'parent' else 'child' end as side, n.nspname::text as schema, c.relname::text as name,
            child.relispartition as partition
       from pg_inherits i
       join pg_class child on child.oid = i.inhrelid
       join pg_class c on c.oid = case when i.inhrelid = $1 then i.inhparent else i.inhrelid end
       join pg_namespace n on n.oid = c.relnamespace
      where i.inhrelid = $1 or i.inhparent = $1
      order by i.inhseqno, n.nspname, c.relname`,
    [table.oid],
  );
  const names = (side: 'parent' | 'child', partition: boolean): QualifiedName[] =>
    rows
      .filter((row) => row.side === side && row.partition === partition)
      .map(({ schema, name }) => ({ schema, name }));
  return {
    partitionOf: names('parent', true)[0] ?? null,
    inherits: names('parent', false),
    inheritedBy: names('child', false),
  };
}

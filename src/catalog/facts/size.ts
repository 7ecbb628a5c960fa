import type { Session } from '../../database/session';
import { formatQualifiedName } from '../../sql/identifier';
import type { RowEstimate, TableBytes } from '../table-facts';
import type { FoundTable } from './find-table';

/** A table without statistics is counted when its heap has at most so many bytes. */
const countableBytes = 8 * 1024 * 1024;

interface Row {
  heap: string;
  indexes: string;
  toast: string;
  total: string;
  by_analyze: number | null;
  by_statistics: string | null;
  unknown: string;
}

/**
 * Exact bytes and estimated rows, summed over the leaves of a partitioned table. Rows are reltuples,
 * scaled to the present size as the planner does, else the statistics' live rows, else counted if small.
 */
export async function readSize(
  session: Session,
  table: FoundTable,
): Promise<{ rows: RowEstimate; bytes: TableBytes }> {
  const leaves =
    table.kind === 'partitioned-table'
      ? 'select relid::oid as oid from pg_partition_tree($1::oid::regclass) where isleaf and relid <> $1::oid'
      : 'select $1::oid as oid';
  const { rows } = await session.query<Row>(
    `with leaf as (
       select c.oid, pg_relation_size(c.oid) as main, pg_table_size(c.oid) as heap_and_toast,
              case when c.reltoastrelid <> 0 then pg_total_relation_size(c.reltoastrelid) else 0 end as toast,
              pg_indexes_size(c.oid) as indexes, pg_total_relation_size(c.oid) as total,
              c.reltuples, c.relpages, pg_stat_get_live_tuples(c.oid) as live
         from (${leaves}) as chosen join pg_class c using (oid)),
     counted as (
       select *, case when main = 0 and heap_and_toast >= 0 and relpages = 0 then 0
                      when relpages > 0 and reltuples >= 0 then round(reltuples / relpages * (main / current_setting('block_size')::int))
                      else null end as analysed
         from leaf)
     select coalesce(sum(heap_and_toast - toast), 0) as heap, coalesce(sum(indexes), 0) as indexes,
            coalesce(sum(toast), 0) as toast, coalesce(sum(total), 0) as total,
            sum(analysed)::float8 as by_analyze, sum(live) filter (where analysed is null) as by_statistics,
            count(*) filter (where analysed is null and coalesce(live, 0) = 0) as unknown
       from counted`,
    [table.oid],
  );
  const row = rows[0]!;
  const bytes = {
    heap: Number(row.heap),
    indexes: Number(row.indexes),
    toast: Number(row.toast),
    total: Number(row.total),
  };
  return { rows: await estimate(session, table, row, bytes), bytes };
}

async function estimate(
  session: Session,
  table: FoundTable,
  row: Row,
  bytes: TableBytes,
): Promise<RowEstimate> {
  const count = Math.round(row.by_analyze ?? 0) + Number(row.by_statistics ?? 0);
  if (table.kind === 'view' || table.kind === 'foreign-table') return { count: 0, source: 'unknown' };
  if (Number(row.unknown) > 0) {
    const counted = bytes.heap <= countableBytes ? await countRows(session, table) : null;
    return counted === null ? { count, source: 'unknown' } : { count: counted, source: 'counted' };
  }
  return { count, source: row.by_statistics === null ? 'reltuples' : 'n_live_tup' };
}

async function countRows(session: Session, table: FoundTable): Promise<number | null> {
  const allowed = await session.query<{ allowed: boolean }>(
    `select has_table_privilege($1::oid, 'SELECT') as allowed`,
    [table.oid],
  );
  if (!allowed.rows[0]!.allowed) return null;
  const { rows } = await session.query<{ count: string }>(
    `select count(*) as count from ${formatQualifiedName(table.name)}`,
  );
  return Number(rows[0]!.count);
}

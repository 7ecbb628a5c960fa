import type { Session } from '../../database/session';
import type { QualifiedName } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import { treeOf } from '../partition-tree';
import type { RunningVacuum, TableLoad } from './load-facts';
import { readStatementLoad } from './read-statement-load';
import { readWriteHours } from './read-write-hours';

export interface LoadedTable {
  name: QualifiedName;
  /** The column that changes; empty where there is none. */
  column: string;
}

interface Row {
  since: string | null;
  relations: number;
  sequential: string;
  index: string;
  inserted: string;
  updated: string;
  deleted: string;
  heap_only: string;
  live: string;
  dead: string;
  hit: string;
  read: string;
  vacuum: string | null;
  analyze: string | null;
}

/**
 * How a table is used, its partitions summed up; null for what has no rows of its own, as a view.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW
 */
export async function readTableLoad(
  session: Session,
  parser: SqlParser,
  table: LoadedTable,
  signal: AbortSignal,
): Promise<TableLoad | null> {
  const { rows } = await session.query<Row>(useOf(table.name), [], { signal });
  const row = rows[0]!;
  if (row.relations === 0) return null;
  const found = Number(row.hit);
  const asked = found + Number(row.read);
  const quietHours = await readWriteHours(session, table.name, signal);
  return {
    since: row.since,
    scans: { sequential: Number(row.sequential), index: Number(row.index) },
    written: {
      inserted: Number(row.inserted),
      updated: Number(row.updated),
      deleted: Number(row.deleted),
      heapOnly: Number(row.heap_only),
    },
    rows: { live: Number(row.live), dead: Number(row.dead) },
    cached: asked === 0 ? null : found / asked,
    lastVacuum: row.vacuum,
    lastAnalyze: row.analyze,
    vacuums: await readVacuums(session, table.name, signal),
    statements: await readStatementLoad(session, parser, table, signal),
    ...(quietHours === null ? {} : { quietHours }),
  };
}

function useOf(table: QualifiedName): string {
  return `
    SELECT (SELECT ${iso('d.stats_reset')} FROM pg_catalog.pg_stat_database d WHERE d.datname = current_database()) AS since,
           count(*)::int AS relations,
           coalesce(sum(s.seq_scan), 0)::text AS sequential, coalesce(sum(s.idx_scan), 0)::text AS index,
           coalesce(sum(s.n_tup_ins), 0)::text AS inserted, coalesce(sum(s.n_tup_upd), 0)::text AS updated,
           coalesce(sum(s.n_tup_del), 0)::text AS deleted, coalesce(sum(s.n_tup_hot_upd), 0)::text AS heap_only,
           coalesce(sum(s.n_live_tup), 0)::text AS live, coalesce(sum(s.n_dead_tup), 0)::text AS dead,
           (coalesce(sum(i.heap_blks_hit), 0) + coalesce(sum(i.idx_blks_hit), 0))::text AS hit,
           (coalesce(sum(i.heap_blks_read), 0) + coalesce(sum(i.idx_blks_read), 0))::text AS read,
           ${iso('max(greatest(s.last_vacuum, s.last_autovacuum))')} AS vacuum,
           ${iso('max(greatest(s.last_analyze, s.last_autoanalyze))')} AS analyze
      FROM pg_catalog.pg_stat_all_tables s JOIN pg_catalog.pg_statio_all_tables i ON i.relid = s.relid
      -- ANALYZE gives a partitioned table the rows of its partitions once more.
      JOIN pg_catalog.pg_class c ON c.oid = s.relid AND c.relkind <> 'p'
     WHERE s.relid IN ${treeOf(table)}`;
}

/** SQL of a time as ISO 8601, UTC. */
function iso(time: string): string {
  return `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** https://www.postgresql.org/docs/current/progress-reporting.html#VACUUM-PROGRESS-REPORTING */
async function readVacuums(
  session: Session,
  table: QualifiedName,
  signal: AbortSignal,
): Promise<RunningVacuum[]> {
  const { rows } = await session.query<RunningVacuum>(
    `SELECT v.pid, v.phase, coalesce(a.backend_type = 'autovacuum worker', false) AS automatic
       FROM pg_catalog.pg_stat_progress_vacuum v LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = v.pid
      WHERE v.datname = current_database() AND v.relid IN ${treeOf(table)} ORDER BY v.pid`,
    [],
    { signal },
  );
  return rows;
}

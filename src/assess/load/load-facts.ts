import type { QuietHours } from './quiet-hours';

/** How a table is used, as the server's statistics tell it. Numbers count since `since`. */
export interface TableLoad {
  /** ISO 8601, UTC; null where the statistics were never reset, so that nobody knows since when they count. */
  since: string | null;
  /** How often it was read: from end to end, and through an index. */
  scans: { sequential: number; index: number };
  /** Rows written; `heapOnly`: updates that touched no index. */
  written: { inserted: number; updated: number; deleted: number; heapOnly: number };
  /** Rows that are there, and dead ones that VACUUM has not removed. */
  rows: { live: number; dead: number };
  /** Share of its blocks, indexes included, that were found in shared buffers, 0 to 1; null where none was asked for. */
  cached: number | null;
  /** ISO 8601, by hand or by autovacuum; null where it never was. */
  lastVacuum: string | null;
  lastAnalyze: string | null;
  /** VACUUM at work on it or on one of its partitions. */
  vacuums: RunningVacuum[];
  /** null where pg_stat_statements is not there, or may not be read. */
  statements: StatementLoad[] | null;
  /** Absent where the planner's statistics do not tell when rows are written. */
  quietHours?: WriteHours;
}

/** When the fewest rows are written, by a column that has the time of the write. */
export interface WriteHours extends QuietHours {
  column: string;
  /** Whether its type has a zone, so that the hours are of UTC; without one they are as the column has them. */
  zoned: boolean;
  /** Where the session's zone differs from UTC now; minutes east of it. */
  local: { zone: string; minutes: number } | null;
}

export interface RunningVacuum {
  pid: number;
  /** As pg_stat_progress_vacuum names it: `scanning heap`. */
  phase: string;
  automatic: boolean;
}

/** One normalized statement of pg_stat_statements that names the table. */
export interface StatementLoad {
  /** With `$1` for each constant. */
  text: string;
  calls: number;
  /** Time at work, ms, on average and in all. */
  meanMilliseconds: number;
  totalMilliseconds: number;
  writes: boolean;
  /** Whether it names the column that changes, or takes all of them (`*`). */
  column: 'named' | 'all' | 'none';
}

/** What the schema `switchback` holds of a plan's run. Times are ISO 8601 in UTC, durations in ms. */
export interface RunRecord {
  planId: string;
  state: RunState;
  phase: 'expand' | 'migrate' | 'contract' | null;
  /** Grows each time somebody takes the run over; work that carries an older one is refused. */
  fence: number;
  owner: string | null;
  startedAt: string;
  updatedAt: string;
  steps: StepRecord[];
  backfills: BackfillRow[];
}

export type RunState =
  | 'draft'
  | 'ready'
  | 'expanding'
  | 'migrating'
  | 'waiting'
  | 'contracting'
  | 'done'
  | 'rolled-back'
  | 'abandoned';

export interface StepRecord {
  stepId: string;
  state: 'blocked' | 'ready' | 'running' | 'paused' | 'done' | 'failed' | 'rolled-back' | 'skipped';
  /** When a step that refuses a transaction was about to start; its outcome is decided from the catalog. */
  intentAt: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  /** `switchback`, `tool`, or the person who confirmed it. */
  by: string | null;
  milliseconds: number | null;
  contentHash: string | null;
  evidence: unknown;
  error: string | null;
}

export interface BackfillRow {
  stepId: string;
  state: 'pending' | 'running' | 'holding' | 'paused' | 'done' | 'failed' | 'cancelled';
  fence: number;
  /** Where the walk is: JSON of the runner's own. */
  position: unknown;
  rowsDone: number;
  rowsTotal: number;
  batchRows: number;
  startedAt: string;
  updatedAt: string;
  error: string | null;
}

export interface EvidenceRow {
  stepId: string | null;
  gate: string;
  verdict: 'held' | 'failed' | 'waived' | 'passed';
  at: string;
  by: string;
  contentHash: string | null;
  details: Record<string, string | number | boolean | null>;
}

/** A speed measured on this database. */
export interface Rate {
  /** What was measured: `scan`, `rewrite`, `index-build`, `backfill`. */
  kind: string;
  /** `schema.name`, or '' for the database as a whole. */
  relation: string;
  bytesPerSecond: number | null;
  rowsPerSecond: number | null;
  measuredAt: string;
}

import type { Session, SessionFactory } from '../database/session';
import type { BackfillProgress, BackfillSpec, BackfillState, PlanOptions } from '../plan/plan';
import type { Clock } from '../ports/clock';
import type { BackfillRate } from './backfill-rate';
import type { BackfillRecord, BackfillStore } from './backfill-store';
import type { OnRunEvent, RunControl } from './run-event';
import type { WalkContext } from './walk';
import type { WalkTable } from './walk-table';

/** What a backfill is given. */
export interface BackfillRequest {
  sessions: SessionFactory;
  /** The session to work on; without it one is opened, and closed in the end. */
  session?: Session;
  stepId: string;
  spec: BackfillSpec;
  options: Pick<PlanOptions, 'batchMilliseconds' | 'batchRows' | 'vacuumShare' | 'lockTimeoutMilliseconds'>;
  store: BackfillStore;
  control: RunControl;
  onEvent: OnRunEvent;
  clock: Clock;
  signal: AbortSignal;
  /** Why to wait (a replica lags, a transaction is old), or null; asked about once a second. */
  holdReason?: () => Promise<string | null>;
  /** Attempts of one batch before it counts as failed. */
  mostAttempts?: number;
}

/** Everything a running backfill carries along. */
export interface BackfillRun extends BackfillRequest {
  session: Session;
  context: WalkContext;
  record: BackfillRecord;
  rate: BackfillRate;
  mayVacuum: boolean;
  /** Tables written since their last VACUUM. */
  unvacuumed: Map<number, WalkTable>;
  lastMilliseconds: number | null;
  lastHoldCheck: number;
  lastEvent: number;
}

/** Tells where it stands. */
export function report(run: BackfillRun, state: BackfillState): void {
  run.lastEvent = performance.now();
  run.onEvent({ kind: 'backfill', step: run.stepId, progress: progressOf(run, state) });
}

/** Where it stands, with its rate and the time left. */
export function progressOf(run: BackfillRun, state: BackfillState): BackfillProgress {
  const { rowsDone, rowsTotal, batchUnits } = run.record;
  const rowsPerSecond = run.rate.rowsPerSecond();
  const left = Math.max(0, rowsTotal - rowsDone);
  return {
    state,
    rowsDone,
    rowsTotal,
    batchRows: batchUnits,
    batchMilliseconds: run.lastMilliseconds,
    rowsPerSecond,
    remainingMilliseconds: rowsPerSecond === null ? null : Math.round((left * 1000) / rowsPerSecond),
  };
}

import type { Session } from '../database/session';
import { isSwitchbackError, type SwitchbackError } from '../messages/error';
import type { Clock } from '../ports/clock';
import { rowsAfterTimeout } from './batch-size';
import type { BackfillRecord, BackfillStore } from './backfill-store';
import { walkBatch, type WalkContext, type WalkedBatch } from './walk';

export interface BatchTimeouts {
  /** The longest a batch waits for one row, ms: while it waits, others wait for the rows it has. */
  lockMilliseconds: number;
  /** The longest a batch may take, ms. */
  statementMilliseconds: number;
}

export interface BatchRequest {
  session: Session;
  context: WalkContext;
  store: BackfillStore;
  record: BackfillRecord;
  timeouts: BatchTimeouts;
  signal: AbortSignal;
}

export interface CommittedBatch {
  batch: WalkedBatch;
  record: BackfillRecord;
  /** Its commit included. */
  milliseconds: number;
}

/**
 * One batch and its checkpoint in one transaction, after locking the checkpoint's row and checking the fencing
 * token. Throws what the database threw; nothing of the batch is left then.
 */
export async function commitBatch(request: BatchRequest): Promise<CommittedBatch> {
  const { session, store, record } = request;
  const started = performance.now();
  const done = await session.transaction(
    async () => {
      // What the database holds counts, not what this process remembers.
      const { position, rowsDone } = await store.lock(session);
      const batch = await walkBatch(session, request.context, position, record.batchUnits);
      const after = { ...record, position: batch.position, rowsDone: rowsDone + batch.rows };
      await store.checkpoint(session, after);
      return { batch, record: after };
    },
    {
      signal: request.signal,
      lockTimeoutMilliseconds: request.timeouts.lockMilliseconds,
      statementTimeoutMilliseconds: request.timeouts.statementMilliseconds,
    },
  );
  return { ...done, milliseconds: performance.now() - started };
}

/** What to do about a batch that failed: nothing of it was committed. */
export type BatchFailure =
  | { kind: 'retry'; batchUnits: number; statementFactor: number; why: 'lock' | 'deadlock' | 'timeout' }
  | { kind: 'reread-tables' }
  | { kind: 'stop' }
  | { kind: 'failed' };

/** Longest statement time-out a single row is given before the batch counts as failed, times the first one. */
const largestStatementFactor = 128;

/** Tells lock waits, deadlocks and time-outs, which are tried again, from errors of the statement itself. */
export function classifyBatchFailure(error: unknown, units: number, statementFactor: number): BatchFailure {
  if (!isSwitchbackError(error)) return { kind: 'failed' };
  switch (error.details.sqlstate) {
    case '55P03': // lock not available
      return { kind: 'retry', batchUnits: rowsAfterTimeout(units), statementFactor, why: 'lock' };
    case '40P01': // deadlock detected
    case '40001': // serialization failure
      return { kind: 'retry', batchUnits: units, statementFactor, why: 'deadlock' };
    case '57014': // statement_timeout, or somebody's pg_cancel_backend
      return afterTimeout(error, units, statementFactor);
    case '42P01': // a partition was dropped or detached meanwhile
      return { kind: 'reread-tables' };
    default:
      return isStop(error) ? { kind: 'stop' } : { kind: 'failed' };
  }
}

function afterTimeout(error: SwitchbackError, units: number, statementFactor: number): BatchFailure {
  if (error.code === 'cancelled') return { kind: 'stop' };
  if (units > 1)
    return { kind: 'retry', batchUnits: rowsAfterTimeout(units), statementFactor, why: 'timeout' };
  if (statementFactor >= largestStatementFactor) return { kind: 'failed' };
  return { kind: 'retry', batchUnits: 1, statementFactor: statementFactor * 2, why: 'timeout' };
}

function isStop(error: SwitchbackError): boolean {
  return error.code === 'cancelled' || error.code === 'connection-lost' || error.code === 'fenced-off';
}

/** Waits before attempt `attempt` (from 1) is repeated: doubling from 50 ms to 5 s, spread by a quarter. */
export async function waitBeforeRetry(clock: Clock, attempt: number, signal: AbortSignal): Promise<number> {
  const full = Math.min(50 * 2 ** Math.min(attempt - 1, 10), 5000);
  const milliseconds = Math.round(full * (0.75 + Math.random() * 0.5));
  await clock.sleep(milliseconds, signal);
  return milliseconds;
}

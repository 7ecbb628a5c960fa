import { readBlockers } from '../database/activity';
import type { Session } from '../database/session';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { BackfillProgress } from '../plan/plan';
import { formatQualifiedName } from '../sql/identifier';
import {
  classifyBatchFailure,
  commitBatch,
  waitBeforeRetry,
  type BatchTimeouts,
  type CommittedBatch,
} from './backfill-batch';
import { failureWithRange } from './backfill-failure';
import { createBackfillRate } from './backfill-rate';
import { progressOf, report, type BackfillRequest, type BackfillRun } from './backfill-run';
import type { BackfillRecord } from './backfill-store';
import { stopped, waitWhileHolding, waitWhilePaused } from './backfill-waits';
import { clampRows, nextBatchRows } from './batch-size';
import { readVacuumRight, vacuumTable } from './vacuum';
import { closePass, passEnded, walkStart } from './walk';
import { readWalkTables, type WalkTable } from './walk-table';

const eventMilliseconds = 200;
const defaultMostAttempts = 100;

/**
 * Changes or copies every row of a table in small batches, each committed with its checkpoint, and goes on from the last
 * checkpoint when started again. Throws `cancelled`, `connection-lost`, `fenced-off`, `lock-timeout`, or
 * `step-failed` with the range of rows; what was committed before stays in each case.
 */
export async function runBackfill(request: BackfillRequest): Promise<BackfillProgress> {
  if (request.session) return runOn(request.session, request);
  const session = await request.sessions.open({
    applicationName: 'switchback backfill',
    signal: request.signal,
  });
  try {
    return await runOn(session, request);
  } finally {
    await session.close();
  }
}

async function runOn(session: Session, request: BackfillRequest): Promise<BackfillProgress> {
  // Policies would hide rows silently; with row_security off PostgreSQL refuses instead.
  await session.query('set row_security = off');
  // The checkpoint holds the very key, where a key is a double, whatever the role's setting is.
  await session.query('set extra_float_digits = 1');
  try {
    const run = await prepare(session, request);
    try {
      await walkToTheEnd(run);
      await run.store.setState(run.session, 'done', null);
    } catch (error) {
      throw await leave(run, error);
    }
    report(run, 'done');
    return progressOf(run, 'done');
  } finally {
    if (!session.lost.aborted) await session.script('reset row_security; reset extra_float_digits');
  }
}

async function prepare(session: Session, request: BackfillRequest): Promise<BackfillRun> {
  const tables = await readWalkTables(session, request.spec);
  const blockBytes = Number(
    (await session.query<{ bytes: string }>("select current_setting('block_size') as bytes")).rows[0]!.bytes,
  );
  const isCopy = request.spec.write === 'copy';
  if (request.spec.walk.by === 'ctid' && request.spec.pending === null && !isCopy) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} has no unique key to walk by, so the backfill needs a condition that says which rows are still to do. Add one.',
        formatQualifiedName(request.spec.table),
      ),
    );
  }
  const right = await readVacuumRight(session, tables);
  if (right.warning !== null && request.options.vacuumShare > 0) {
    request.onEvent({ kind: 'note', step: request.stepId, message: right.warning });
  }
  const record = await request.store.start(session, {
    position: walkStart,
    rowsDone: 0,
    rowsTotal: Math.max(request.spec.estimatedRows, sumRows(tables)),
    batchUnits: firstUnits(request, tables, blockBytes),
  });
  return {
    ...request,
    session,
    context: { spec: request.spec, tables, server: { major: session.facts.major, blockBytes } },
    record,
    rate: createBackfillRate(),
    mayVacuum: right.allowed,
    unvacuumed: new Map(),
    lastMilliseconds: null,
    lastHoldCheck: 0,
    lastEvent: 0,
  };
}

function firstUnits(request: BackfillRequest, tables: readonly WalkTable[], blockBytes: number): number {
  if (request.spec.walk.by === 'key') return clampRows(request.options.batchRows);
  const pages = tables.reduce((sum, table) => sum + table.heapBytes / blockBytes, 0);
  return clampRows((request.options.batchRows * Math.max(pages, 1)) / Math.max(sumRows(tables), 1));
}

function sumRows(tables: readonly WalkTable[]): number {
  return tables.reduce((sum, table) => sum + table.estimatedRows, 0);
}

async function walkToTheEnd(run: BackfillRun): Promise<void> {
  report(run, 'running');
  while (!run.record.position.finished) {
    await waitWhilePaused(run);
    await waitWhileHolding(run);
    if (passEnded(run.context, run.record.position)) await endPass(run);
    else await oneBatch(run);
  }
  run.record = { ...run.record, rowsTotal: run.record.rowsDone };
}

async function oneBatch(run: BackfillRun): Promise<void> {
  const before = run.record;
  const done = await commitWithRetries(run);
  if (done === null) return;
  const units = nextBatchRows(
    { rows: run.record.batchUnits, walked: done.batch.walked, milliseconds: done.milliseconds },
    run.options.batchMilliseconds,
  );
  run.record = {
    ...done.record,
    batchUnits: units,
    rowsTotal: Math.max(done.record.rowsTotal, done.record.rowsDone),
  };
  run.lastMilliseconds = Math.round(done.milliseconds * 10) / 10;
  run.rate.add(done.batch.rows, done.milliseconds);
  const leavesDead = run.spec.write !== 'copy';
  if (leavesDead && done.batch.table && done.batch.written > 0)
    run.unvacuumed.set(done.batch.table.oid, done.batch.table);
  if (performance.now() - run.lastEvent >= eventMilliseconds) report(run, 'running');
  if (vacuumIsDue(run, before)) await vacuum(run);
}

/** Commits the next batch; null when the tables had to be read again first. */
async function commitWithRetries(run: BackfillRun): Promise<CommittedBatch | null> {
  const first = batchTimeouts(run);
  let statementFactor = 1;
  for (let attempt = 1; ; attempt++) {
    const timeouts = { ...first, statementMilliseconds: first.statementMilliseconds * statementFactor };
    try {
      return await commitBatch({ ...run, timeouts });
    } catch (error) {
      const failure = classifyBatchFailure(error, run.record.batchUnits, statementFactor);
      switch (failure.kind) {
        case 'retry':
          if (attempt >= (run.mostAttempts ?? defaultMostAttempts)) throw error;
          statementFactor = failure.statementFactor;
          run.record = { ...run.record, batchUnits: failure.batchUnits };
          await announceAndWait(run, attempt, failure.why);
          await waitWhilePaused(run);
          break;
        case 'reread-tables':
          if (await tableIsGone(run)) return null;
          throw error;
        case 'stop':
        case 'failed':
          throw error;
      }
    }
  }
}

/**
 * A batch holds rows while it waits for another, so it waits for less than lock_timeout, and is stopped in all
 * when it takes longer than that: nobody waits longer for a row of ours.
 */
function batchTimeouts(run: BackfillRun): BatchTimeouts {
  const lockTimeout = Math.max(1, Math.round(run.options.lockTimeoutMilliseconds));
  return {
    lockMilliseconds: Math.min(lockTimeout, Math.max(2 * run.options.batchMilliseconds, 100)),
    statementMilliseconds: Math.max(lockTimeout, 2 * run.options.batchMilliseconds),
  };
}

async function announceAndWait(
  run: BackfillRun,
  attempt: number,
  why: 'lock' | 'deadlock' | 'timeout',
): Promise<void> {
  const blockers =
    why === 'lock'
      ? await readBlockers(
          run.session,
          run.context.tables.map((table) => table.oid),
        )
      : [];
  const retryInMilliseconds = await waitBeforeRetry(run.clock, attempt, run.signal);
  run.onEvent({ kind: 'lock-wait', step: run.stepId, attempt, blockers, retryInMilliseconds });
}

async function tableIsGone(run: BackfillRun): Promise<boolean> {
  const tables = await readWalkTables(run.session, run.spec);
  const gone = tables.length < run.context.tables.length;
  run.context = { ...run.context, tables };
  return gone;
}

async function endPass(run: BackfillRun): Promise<void> {
  await run.session.transaction(
    async () => {
      const locked = await run.store.lock(run.session);
      const position = await closePass(run.session, run.context, locked.position);
      run.record = { ...run.record, position };
      await run.store.checkpoint(run.session, run.record);
    },
    { signal: run.signal, statementTimeoutMilliseconds: 0 },
  );
}

/** Due each time the rows done pass another share of the whole; counted so that a resumed run goes on with it. */
function vacuumIsDue(run: BackfillRun, before: BackfillRecord): boolean {
  const rows = run.options.vacuumShare * run.record.rowsTotal;
  if (!run.mayVacuum || rows < 1 || run.unvacuumed.size === 0) return false;
  return Math.floor(run.record.rowsDone / rows) > Math.floor(before.rowsDone / rows);
}

async function vacuum(run: BackfillRun): Promise<void> {
  const started = performance.now();
  await run.session.query('set statement_timeout = 0');
  for (const table of run.unvacuumed.values()) await vacuumTable(run.session, table, run.signal);
  await run.session.query('reset statement_timeout');
  const milliseconds = Math.round(performance.now() - started);
  run.rate.add(0, milliseconds);
  const message = t(
    'VACUUM of {0} took {1} ms',
    [...run.unvacuumed.values()].map((table) => table.name).join(', '),
    milliseconds,
  );
  run.unvacuumed.clear();
  run.onEvent({ kind: 'vacuum', step: run.stepId, milliseconds, message });
}

/** Records why it stopped where that is possible, and gives the error to throw. */
async function leave(run: BackfillRun, error: unknown): Promise<unknown> {
  if (
    isSwitchbackError(error, 'connection-lost') ||
    isSwitchbackError(error, 'fenced-off') ||
    run.session.lost.aborted
  ) {
    return error;
  }
  if (isSwitchbackError(error, 'cancelled') || run.signal.aborted) {
    const state = run.control.state === 'cancelled' ? 'cancelled' : 'paused';
    await run.store.setState(run.session, state, null);
    report(run, state);
    return isSwitchbackError(error) ? error : stopped();
  }
  const failure = isSwitchbackError(error, 'step-failed') ? error : failureWithRange(run, error);
  await run.store.setState(run.session, 'failed', failure.sentence);
  report(run, 'failed');
  return failure;
}

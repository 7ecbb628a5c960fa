import type { Session } from '../database/session';
import { isSwitchbackError } from '../messages/error';
import type { WatchedSession } from './watch-statement';

export interface LockRetries extends WatchedSession {
  /** Attempts before the last lock time-out is thrown. */
  mostLockAttempts?: number;
}

const sampleMilliseconds = 100;
const defaultMostAttempts = 60;

/**
 * Does `work`, which must leave nothing behind when it throws, again while a lock is not free in time: after 0.2 s,
 * then twice as long each time up to 10 s, spread by a quarter so that runners do not meet. Tells who was in the way.
 */
export async function withLockRetries<T>(run: LockRetries, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const sampler = sampleBlockers(run);
    try {
      return await work();
    } catch (error) {
      if (!isLockFailure(error) || attempt >= (run.mostLockAttempts ?? defaultMostAttempts)) throw error;
    } finally {
      await sampler.stop();
    }
    const retryInMilliseconds = Math.round(
      Math.min(200 * 2 ** (attempt - 1), 10_000) * (0.75 + Math.random() * 0.5),
    );
    run.onEvent({
      kind: 'lock-wait',
      step: run.stepId,
      attempt,
      blockers: sampler.seen(),
      retryInMilliseconds,
    });
    await run.clock.sleep(retryInMilliseconds, run.signal);
  }
}

/** 55P03 lock not available, 40P01 deadlock detected: the transaction is gone, its work can be done again. */
function isLockFailure(error: unknown): boolean {
  return (
    isSwitchbackError(error) && (error.details.sqlstate === '55P03' || error.details.sqlstate === '40P01')
  );
}

/** Looks from the other session who blocks ours, while it runs. */
function sampleBlockers(run: LockRetries): { seen(): string[]; stop(): Promise<void> } {
  const ended = new AbortController();
  let blockers: string[] = [];
  const sampling = (async () => {
    while (!ended.signal.aborted && run.session.facts.engine === 'postgres') {
      // The end of the wait is no error.
      await run.clock.sleep(sampleMilliseconds, ended.signal).catch(() => undefined);
      if (ended.signal.aborted || run.watch.lost.aborted) return;
      const now = await readBlockers(run.watch, run.session.facts.pid);
      if (now.length > 0) blockers = now;
    }
  })().catch((error: unknown) => {
    // Without the names of the blockers the retry still works; the loss of the watching session shows elsewhere.
    if (!isSwitchbackError(error)) throw error;
  });
  return {
    seen: () => blockers,
    stop: () => {
      ended.abort();
      return sampling;
    },
  };
}

/** The sessions in the way of `pid` right now, in words. */
export async function readBlockers(session: Session, pid: number): Promise<string[]> {
  const { rows } = await session.query<{ blocker: string }>(
    `select format('%s (%s, %s, %s)', a.pid, a.usename, coalesce(nullif(a.application_name, ''), '-'), a.state) as blocker
     from pg_stat_activity a where a.pid = any (pg_blocking_pids($1)) order by a.xact_start nulls last`,
    [pid],
  );
  return rows.map((row) => row.blocker);
}

import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Clock } from '../ports/clock';
import type { Progress } from '../ports/progress';
import { blockersOf, describeActivity, type Activity } from './activity';
import type { Session, TransactionOptions } from './session';

/** An attempt that did not get its lock. */
export interface LockWait {
  /** From 1. */
  attempt: number;
  why: 'lock' | 'deadlock';
  /** In words, the oldest first; empty where nobody could be seen. */
  blockers: string[];
  /** ms until the next attempt. */
  retryInMilliseconds: number;
}

export interface LockRetryRequest<T> {
  session: Session;
  /** A second session, which looks at who blocks the first; null where there can be only one. */
  watcher: Session | null;
  /** What wants the lock, as messages name it: `ALTER TABLE public.users`. */
  what: string;
  work: () => Promise<T>;
  /** Further options of the transaction around `work`; null runs it outside of one (history tables of some tools). */
  transaction?: Omit<TransactionOptions, 'lockTimeoutMilliseconds' | 'signal'> | null;
  /** The longest the work may stand in others' way while it waits, ms; 500 unless said. */
  lockTimeoutMilliseconds?: number;
  attempts?: number;
  /** ms before the second attempt, doubled for each further one up to `longestDelayMilliseconds`, spread by a quarter. */
  firstDelayMilliseconds?: number;
  longestDelayMilliseconds?: number;
  clock: Clock;
  progress: Progress;
  onWait?: (wait: LockWait) => void;
  signal?: AbortSignal;
}

const watchMilliseconds = 50;

/**
 * Runs work that needs a lock under a short lock_timeout and tries again, with growing pauses in which the queue
 * behind it can go on. Deadlocks are tried again too. Throws `lock-timeout` that names who was in the way when the
 * attempts run out, `cancelled` when the signal is aborted, and at once what else the work throws.
 * https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT
 */
export async function withLockRetry<T>(request: LockRetryRequest<T>): Promise<T> {
  const attempts = request.attempts ?? 12;
  for (let attempt = 1; ; attempt += 1) {
    const seen = watch(request);
    try {
      return await once(request);
    } catch (error) {
      const why = reasonToRetry(error);
      if (why === null) throw error;
      const blockers = await seen.blockers();
      if (attempt >= attempts) throw gaveUp(request, attempts, blockers, error);
      await pause(request, {
        attempt,
        why,
        blockers: blockers.map(describeActivity),
        retryInMilliseconds: lockRetryDelay(attempt, request),
      });
    } finally {
      await seen.stop();
    }
  }
}

/** Why a failed statement may succeed when it is run again: a lock was not free, or a deadlock was resolved. */
export function reasonToRetry(error: unknown): LockWait['why'] | null {
  if (!isSwitchbackError(error)) return null;
  switch (error.details['sqlstate']) {
    case '55P03': // lock_not_available
      return 'lock';
    case '40P01': // deadlock_detected
      return 'deadlock';
    default:
      return null;
  }
}

async function once<T>(request: LockRetryRequest<T>): Promise<T> {
  const { session, work, signal } = request;
  const lockTimeoutMilliseconds = request.lockTimeoutMilliseconds ?? 500;
  if (request.transaction !== null) {
    return session.transaction(work, { ...request.transaction, lockTimeoutMilliseconds, signal });
  }
  await session.query(`select set_config('lock_timeout', $1, false)`, [`${lockTimeoutMilliseconds}ms`], {
    signal,
  });
  try {
    return await work();
  } finally {
    if (!session.lost.aborted) await session.query('reset lock_timeout');
  }
}

async function pause<T>(request: LockRetryRequest<T>, wait: LockWait): Promise<void> {
  const whom = wait.blockers.length > 0 ? wait.blockers.join('; ') : t('nobody to be seen');
  request.progress.report({
    message: t(
      '{0} waits for a lock; attempt {1} again in {2} ms. In the way: {3}',
      request.what,
      wait.attempt + 1,
      wait.retryInMilliseconds,
      whom,
    ),
  });
  request.onWait?.(wait);
  try {
    await request.clock.sleep(wait.retryInMilliseconds, request.signal);
  } catch (cause) {
    throw new SwitchbackError(
      'cancelled',
      t('{0} was cancelled before it got its lock; nothing was changed.', request.what),
      { cause },
    );
  }
}

/** ms to wait behind an attempt (from 1), spread so that two who wait for each other do not meet again. */
export function lockRetryDelay(
  attempt: number,
  request: Pick<LockRetryRequest<unknown>, 'firstDelayMilliseconds' | 'longestDelayMilliseconds'> = {},
): number {
  const full = Math.min(
    (request.firstDelayMilliseconds ?? 100) * 2 ** (attempt - 1),
    request.longestDelayMilliseconds ?? 10_000,
  );
  return Math.round(full * (0.75 + Math.random() * 0.5));
}

function gaveUp(
  request: Pick<LockRetryRequest<unknown>, 'what' | 'lockTimeoutMilliseconds'>,
  attempts: number,
  blockers: Activity[],
  cause: unknown,
): SwitchbackError {
  const [first] = blockers;
  const whom =
    blockers.length > 0
      ? blockers.map(describeActivity).join('; ')
      : t('nobody to be seen; it may be a prepared transaction');
  return new SwitchbackError(
    'lock-timeout',
    t(
      '{0} did not get its lock in {1} attempts; nothing was changed. In the way: {2}. Wait for them or end them, then try again.',
      request.what,
      attempts,
      whom,
    ),
    {
      cause,
      details: {
        sqlstate: '55P03',
        attempts,
        pid: first?.pid ?? null,
        application: first?.application ?? null,
        state: first?.state ?? null,
        queryStart: first?.queryStart ?? null,
        ageMilliseconds: first?.ageMilliseconds ?? null,
        blockers: blockers.map(describeActivity).join('\n'),
      },
    },
  );
}

interface Watch {
  /** Whom the last look found in the way. */
  blockers(): Promise<Activity[]>;
  stop(): Promise<void>;
}

/** Looks every 50 ms who blocks the session: after a time-out nobody does any more. */
function watch<T>({ session, watcher, clock }: LockRetryRequest<T>): Watch {
  const stopped = new AbortController();
  let last: Activity[] = [];
  const look = async (): Promise<void> => {
    while (watcher !== null && !stopped.signal.aborted) {
      await clock.sleep(watchMilliseconds, stopped.signal);
      const now = await blockersOf(watcher, session.facts.pid);
      if (now.length > 0) last = now;
    }
  };
  // Stopped, or the watcher's session broke: the work goes on without knowing who blocks it.
  const looking = look().catch(() => undefined);
  const stop = async (): Promise<void> => {
    stopped.abort();
    await looking;
  };
  return {
    stop,
    blockers: async () => {
      await stop();
      return last;
    },
  };
}

import type { LockRetryRequest } from '../database/lock-retry';
import { silentProgress } from '../ports/progress';
import type { WatchedSession } from './watch-statement';

/** About two minutes with the pauses in between. */
const lockAttempts = 20;

/** How a runner's transactional work is tried again, and who is told. */
export function lockRetryOf(
  run: WatchedSession,
  what: string,
): Pick<
  LockRetryRequest<void>,
  'session' | 'watcher' | 'what' | 'attempts' | 'clock' | 'progress' | 'onWait' | 'signal'
> {
  return {
    session: run.session,
    watcher: run.watch === run.session ? null : run.watch,
    what,
    attempts: lockAttempts,
    clock: run.clock,
    progress: silentProgress(),
    onWait: ({ attempt, blockers, retryInMilliseconds }) =>
      run.onEvent({ kind: 'lock-wait', step: run.stepId, attempt, blockers, retryInMilliseconds }),
    signal: run.signal,
  };
}

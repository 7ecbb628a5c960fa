import type { LayoutExecution } from '../layouts/layout';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { OutsideTransaction } from './outside-transaction';
import type { ReleasedFile } from './run-context';

/** What has to be known of a run to hold the lock of its tool. */
type ToolLockRun = Pick<OutsideTransaction, 'session' | 'signal'> & { file: Pick<ReleasedFile, 'layout'> };

const toolLockMilliseconds = 5000;

/** Holds the tool's own lock, where it takes one, for the time of `work`. Throws `locked-by-other` where the tool has it. */
export async function holdingToolLock<T>(
  run: ToolLockRun,
  { lock }: Pick<LayoutExecution, 'lock'>,
  work: () => Promise<T>,
): Promise<T> {
  if (lock === null) return work();
  await takeToolLock(run, lock.take);
  try {
    return await work();
  } finally {
    if (!run.session.lost.aborted) await run.session.query(lock.release);
  }
}

async function takeToolLock(run: ToolLockRun, sql: string): Promise<void> {
  await run.session.query(`set lock_timeout = ${toolLockMilliseconds}`);
  try {
    await run.session.query(sql, [], { signal: run.signal });
  } catch (error) {
    if (!isSwitchbackError(error, 'lock-timeout')) throw error;
    throw new SwitchbackError(
      'locked-by-other',
      t(
        '{0} is running on this database and holds its lock. Try again when it has finished.',
        run.file.layout.title,
      ),
      { cause: error },
    );
  } finally {
    if (!run.session.lost.aborted) await run.session.query('reset lock_timeout');
  }
}

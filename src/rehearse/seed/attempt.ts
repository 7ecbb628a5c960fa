import type { Session } from '../../database/session';

/** Runs what may fail: inside a transaction behind a savepoint, so that the transaction survives it. Rethrows. */
export async function attempt<T>(session: Session, work: () => Promise<T>): Promise<T> {
  if (!session.inTransaction) return work();
  await session.script('savepoint switchback_attempt');
  try {
    const result = await work();
    await session.script('release savepoint switchback_attempt');
    return result;
  } catch (error) {
    if (!session.lost.aborted) await session.script('rollback to savepoint switchback_attempt');
    throw error;
  }
}

import type { Session } from '../database/session';

/**
 * Runs `work` with a search_path on which nothing of the user's lies, so that the server spells every
 * name with its schema, and puts the session's own back. Works inside a transaction too.
 */
export async function withQualifiedOutput<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const { rows } = await session.query<{ path: string }>(`select current_setting('search_path') as path`);
  const setPath = (path: string): Promise<unknown> =>
    session.query(`select set_config('search_path', $1, false)`, [path]);
  await setPath('pg_catalog');
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // In a transaction that failed nothing can be set any more; its rollback puts the path back.
    await setPath(rows[0]!.path).catch(() => undefined);
    throw error;
  }
  await setPath(rows[0]!.path);
  return result;
}

import type { Session } from '../database/session';

/**
 * Runs `work` with a search_path on which nothing of the user's lies, so that the server spells every
 * name with its schema, and puts the session's own back. Works inside a transaction too. What is kept under a name is
 * planned once meanwhile: https://www.postgresql.org/docs/current/runtime-config-query.html#GUC-PLAN-CACHE-MODE
 */
export async function withQualifiedOutput<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const { rows } = await session.query<Settings>(
    `select path, mode, set_config('search_path', 'pg_catalog', false), set_config('plan_cache_mode', 'force_generic_plan', false)
       from (select current_setting('search_path') as path, current_setting('plan_cache_mode') as mode offset 0) as before`,
    [],
    { keptAs: 'switchback_qualify' },
  );
  const { path, mode } = rows[0]!;
  const putBack = (): Promise<unknown> =>
    session.query(
      `select set_config('search_path', $1, false), set_config('plan_cache_mode', $2, false)`,
      [path, mode],
      { keptAs: 'switchback_put_back' },
    );
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // In a transaction that failed nothing can be set any more; its rollback puts the path back.
    await putBack().catch(() => undefined);
    throw error;
  }
  await putBack();
  return result;
}

interface Settings {
  path: string;
  mode: string;
}

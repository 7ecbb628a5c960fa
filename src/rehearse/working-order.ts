import type { Session } from '../database/session';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';

/**
 * Runs statements that make a schema, and gives the order in which they worked: one that fails waits until others have
 * made what it needs. Throws `verification-failed` with the first that never works.
 */
export async function workingOrder(
  session: Session,
  statements: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  await session.script('set check_function_bodies = off');
  const worked: string[] = [];
  let left = [...statements];
  while (left.length > 0) {
    const failed: { sql: string; error: SwitchbackError }[] = [];
    for (const sql of left) {
      try {
        await session.script(sql, { signal });
        worked.push(sql);
      } catch (error) {
        signal.throwIfAborted();
        if (!isSwitchbackError(error) || session.lost.aborted) throw error;
        failed.push({ sql, error });
      }
    }
    if (failed.length === left.length) throw neverWorks(failed[0]!);
    left = failed.map(({ sql }) => sql);
  }
  return worked;
}

function neverWorks({ sql, error }: { sql: string; error: SwitchbackError }): SwitchbackError {
  const { message } = error.details;
  return new SwitchbackError(
    'verification-failed',
    t(
      'This cannot be made in the shadow database: {0}: {1} Use a server that has all it needs as shadow.',
      sql.split('\n')[0]!,
      typeof message === 'string' ? `${message}.` : error.sentence,
    ),
    { details: { statement: sql }, cause: error },
  );
}

import type { Session } from '../database/session';
import { isSwitchbackError } from '../messages/error';
import { TextPositions } from '../sql/positions';
import { splitStatements } from '../sql/split';

const transactionWords =
  /^\s*(?:(?:--.*|\/\*[^*]*\*\/)\s*)*(?:begin|start|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b/i;

/**
 * Where the statement of a script begins that failed, a UTF-16 offset; null where it cannot be told. The server says it for
 * what it cannot analyse; for the rest the script, rolled back by now, is run once more in a transaction that ends with it.
 */
export async function failedStatement(
  session: Session,
  sql: string,
  error: unknown,
  signal: AbortSignal,
): Promise<number | null> {
  const pieces = splitStatements(sql).filter(({ kind }) => kind === 'statement');
  if (pieces.length === 0) return null;
  if (pieces.length === 1) return pieces[0]!.start;
  const position = isSwitchbackError(error) ? error.details.position : null;
  if (typeof position === 'number') {
    const offset = new TextPositions(sql).fromCodePoints(position - 1);
    return pieces.findLast(({ start }) => start <= offset)?.start ?? null;
  }
  if (pieces.some(({ start, end }) => transactionWords.test(sql.slice(start, end)))) return null;
  return await firstThatFails(session, sql, pieces, signal);
}

async function firstThatFails(
  session: Session,
  sql: string,
  pieces: readonly { start: number; end: number }[],
  signal: AbortSignal,
): Promise<number | null> {
  let failed: number | null = null;
  try {
    await session.script('begin', { signal });
    for (const { start, end } of pieces) {
      failed = start;
      await session.script(sql.slice(start, end), { signal });
    }
    return null;
  } catch (error) {
    if (signal.aborted || session.lost.aborted || !isSwitchbackError(error)) throw error;
    return failed;
  } finally {
    if (!session.lost.aborted) await session.script('rollback');
  }
}

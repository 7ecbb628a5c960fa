import type { Session } from '../database/session';
import { isSwitchbackError, type SwitchbackError } from '../messages/error';

/** The rows of one query, asked for at most three seconds in a transaction that is read-only and rolled back. */
export async function readOnlyRows(
  session: Session,
  sql: string,
  signal: AbortSignal,
): Promise<Record<string, unknown>[]> {
  return session.transaction(async () => (await session.query(sql, [], { signal })).rows, {
    readOnly: true,
    rollback: true,
    statementTimeoutMilliseconds: 3000,
    lockTimeoutMilliseconds: 500,
    signal,
  });
}

/** Whether the statement itself is wrong: its syntax, names, types or values. */
export function isStatementFault(error: unknown): error is SwitchbackError {
  return isSwitchbackError(error) && /^(?:42(?!501)|22|2F|0A)/.test(String(error.details['sqlstate'] ?? ''));
}

/** What the server said of a statement that failed. */
export function serverMessage(error: SwitchbackError): string {
  return String(error.details['message'] ?? error.sentence);
}

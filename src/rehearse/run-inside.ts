import type { Session } from '../database/session';
import { setSearchPath } from '../layouts/with-history-table';
import { isSwitchbackError } from '../messages/error';
import { formatQualifiedName } from '../sql/identifier';
import { loadParser } from '../sql/parser';
import type { Statement } from '../sql/statement';
import { isEmptyScript, putBackSettings, serverMessage, type RehearsedScript } from './run-script';

/** What a script did in a transaction that is not its own. */
export type InsideOutcome =
  | { kind: 'ok' }
  /** The transaction is aborted. `table` as the server named it, with its schema. */
  | { kind: 'error'; error: string; table: string | null; sqlstate: string | null };

/**
 * Runs a script in the transaction that is open, for the sake of what it does and not of how its tool sends it: without its own
 * BEGIN and COMMIT, and without the word CONCURRENTLY. Throws when cancelled or stopped, and when the session is lost.
 */
export async function runInside(
  session: Session,
  script: RehearsedScript,
  signal: AbortSignal,
): Promise<InsideOutcome> {
  if (isEmptyScript(script.sql)) return { kind: 'ok' };
  try {
    if (script.searchPath) await session.script(setSearchPath(script.searchPath), { signal });
    const sql = await forTransaction(script.sql);
    if (sql !== '') await session.script(sql, { signal });
    await session.script(putBackSettings(session));
    return { kind: 'ok' };
  } catch (error) {
    signal.throwIfAborted();
    if (session.lost.aborted || !isSwitchbackError(error)) throw error;
    const { table, schema, sqlstate } = error.details;
    return {
      kind: 'error',
      error: serverMessage(error),
      table: typeof table === 'string' ? formatQualifiedName({ schema: String(schema), name: table }) : null,
      sqlstate: typeof sqlstate === 'string' ? sqlstate : null,
    };
  }
}

/** Texts without any of these words can be sent as they are. */
const speaksOfTransactions =
  /\b(?:begin|start|commit|end|abort|rollback|savepoint|release|concurrently|vacuum)\b/i;

async function forTransaction(sql: string): Promise<string> {
  if (!speaksOfTransactions.test(sql)) return sql;
  const { statements } = (await loadParser()).parse(sql);
  return statements
    .map(inTransaction)
    .filter((text) => text !== null)
    .join(';\n');
}

/** A statement as it can run in a transaction that is not its own; null for what cannot. */
export function inTransaction({ kind, text }: Statement): string | null {
  switch (kind) {
    case 'TransactionStmt':
    case 'VacuumStmt':
      return null;
    case 'IndexStmt':
    case 'DropStmt':
    case 'ReindexStmt':
    case 'AlterTableStmt':
      return text.replace(/\bconcurrently\b/i, '');
    default:
      return text;
  }
}

import type { Session } from '../database/session';
import { setSearchPath } from '../layouts/with-history-table';
import { errorText, isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { ShadowKind } from '../shadow/shadow';
import { splitStatements } from '../sql/split';
import { beyondShadow } from './beyond-shadow';
import { failedStatement } from './failed-statement';

/** SQL with the way its tool sends it. */
export interface RehearsedScript {
  sql: string;
  /** `wrapped`: in one transaction; `implicit`: one message; `none`: statement by statement. */
  transaction: 'wrapped' | 'implicit' | 'none';
  /** What its tool sets it for this script; that of the session where it is absent. */
  searchPath?: readonly string[];
  /** Has its tool run it, where it is code. Rejects where that fails. */
  byTool?: (signal: AbortSignal) => Promise<void>;
  /** Fills tables with rows from elsewhere, in place of SQL. Rejects where that cannot be, which ends the rehearsal. */
  fill?: (session: Session, signal: AbortSignal) => Promise<void>;
}

export type ScriptOutcome =
  | { kind: 'ok' }
  /** `at`: where the statement that failed begins, a UTF-16 offset in the script; absent where it cannot be told. */
  | { kind: 'error'; error: string; at?: number }
  | { kind: 'timed-out'; error: string }
  /** It succeeded and left a transaction open, which was rolled back. */
  | { kind: 'open'; error: string };

export interface ScriptLimits {
  /** What the shadow database is: on a server of the user's, what other databases share is left alone. */
  ground: ShadowKind;
  /** A script that runs longer is stopped. */
  watchdogMilliseconds: number;
  signal: AbortSignal;
}

/** True when a script has no statement: zero bytes, or comments only. */
export function isEmptyScript(sql: string): boolean {
  return splitStatements(sql).length === 0;
}

/**
 * Runs a script as its tool would and puts the session's settings back. Failures of the script are the answer;
 * throws only when the rehearsal itself is cancelled or the shadow database is gone for another reason.
 */
export async function runScript(
  session: Session,
  script: RehearsedScript,
  limits: ScriptLimits,
): Promise<ScriptOutcome> {
  if (script.fill) {
    await script.fill(session, limits.signal);
    await cleanUp(session, script);
    return { kind: 'ok' };
  }
  const beyond = await beyondShadow(script.sql, limits.ground);
  if (beyond !== null) return { kind: 'error', error: beyond };
  const watchdog = AbortSignal.timeout(limits.watchdogMilliseconds);
  const signal = AbortSignal.any([limits.signal, watchdog]);
  const sent: SentPiece = { start: null };
  try {
    if (script.byTool) await script.byTool(signal);
    else await send(session, script, signal, sent);
  } catch (error) {
    limits.signal.throwIfAborted();
    if (watchdog.aborted || isStatementTimeout(error))
      return {
        kind: 'timed-out',
        error: t('It ran too long and was stopped.'),
      };
    if (session.lost.aborted) throw error;
    await session.script('rollback');
    const at = script.byTool ? null : (sent.start ?? (await placeOf(session, script, error, signal)));
    await cleanUp(session, script);
    const failure: ScriptOutcome = { kind: 'error', error: serverMessage(error) };
    return at === null ? failure : { ...failure, at };
  }
  const open = session.inTransaction;
  await cleanUp(session, script);
  return open
    ? { kind: 'open', error: t('It leaves a transaction open: there is a BEGIN without its COMMIT.') }
    : { kind: 'ok' };
}

/** Of a script that is sent statement by statement, the one that was sent last. */
interface SentPiece {
  start: number | null;
}

/** What cannot be told in time is not told. */
async function placeOf(
  session: Session,
  script: RehearsedScript,
  error: unknown,
  signal: AbortSignal,
): Promise<number | null> {
  if (script.searchPath) await session.script(setSearchPath(script.searchPath));
  return failedStatement(session, script.sql, error, signal).catch(async (cause: unknown) => {
    if (signal.aborted && !session.lost.aborted) return null;
    throw cause;
  });
}

async function send(
  session: Session,
  script: RehearsedScript,
  signal: AbortSignal,
  sent: SentPiece,
): Promise<void> {
  if (isEmptyScript(script.sql)) return;
  if (script.searchPath) await session.script(setSearchPath(script.searchPath));
  switch (script.transaction) {
    case 'wrapped':
      await session.transaction(() => session.script(script.sql, { signal }), { signal });
      return;
    case 'implicit':
      await session.script(script.sql, { signal });
      return;
    case 'none':
      for (const piece of splitStatements(script.sql)) {
        sent.start = piece.start;
        await session.script(script.sql.slice(piece.start, piece.end), { signal });
      }
  }
}

/**
 * What one migration sets must not decide about the next: settings, role, temporary tables, open transaction. All that
 * DISCARD ALL does, but for statements that are kept: https://www.postgresql.org/docs/current/sql-discard.html
 */
async function cleanUp(session: Session, { sql }: RehearsedScript): Promise<void> {
  if (session.inTransaction) await session.script('rollback');
  if (/\bprepare\b/i.test(sql)) await session.script('deallocate all');
  await session.script(putBackSettings(session));
}

/** Statements that put back what a script may have set; they may stand in a transaction. */
export function putBackSettings({ facts }: Session): string {
  const all =
    'close all; set session authorization default; reset all; unlisten *; select pg_advisory_unlock_all(); discard temp; discard sequences';
  // PGlite starts with other defaults than a server.
  return facts.engine === 'pglite' ? `${all}; set search_path = "$user", public` : all;
}

function isStatementTimeout(error: unknown): boolean {
  return isSwitchbackError(error) && error.details.sqlstate === '57014';
}

/** A failure in the server's own words, with its SQLSTATE. */
export function serverMessage(error: unknown): string {
  if (!isSwitchbackError(error)) return errorText(error);
  const { message, sqlstate } = error.details;
  return typeof message === 'string' ? `${message} (${sqlstate ?? ''})` : error.sentence;
}

import { obstacleToSending } from '../sql/obstacle';
import { randomUUID } from 'node:crypto';
import { withLockRetry } from '../database/lock-retry';
import type { Session } from '../database/session';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Direction, LayoutExecution, MigrationScript, ParameterizedSql } from '../layouts/layout';
import { readFileState } from './file-state';
import { isValidation, needsNoTransaction } from './statement-effect';
import { fileName, inFile } from './file-error';
import { inSearchPath } from './in-search-path';
import { assertMayRecord } from './history-rights';
import { recordRate, workAhead } from './record-rate';
import { lockRetryOf } from './lock-retry-of';
import { runOutsideTransaction, type OutsideTransaction } from './outside-transaction';
import type { ReleasedFile } from './run-context';
import { holdingToolLock } from './tool-lock';

export interface FileRun extends OutsideTransaction {
  file: ReleasedFile;
  by: string;
  /** Written in the migration's own transaction where it has one, after it where it has none. */
  alsoRecord(session: Session): Promise<void>;
}

/**
 * Runs one direction of a migration file the way its tool would, history row included, holding the tool's own
 * lock. Where the SQL is transactional, `alsoRecord` commits with it or not at all. Gives ms.
 */
export async function runMigrationFile(run: FileRun, direction: Direction): Promise<number> {
  if (run.file.byTool) return runByTool(run, run.file.byTool, direction);
  const script = direction === 'up' ? run.file.up : run.file.down;
  if (script === null) {
    throw new SwitchbackError(
      'not-found',
      t(
        'Migration {0} has no {1} file. Write one, or release it again.',
        run.file.migration.version,
        direction,
      ),
    );
  }
  const execution = executionOf(run, direction, script.contentHash);
  const outside = refusesTransaction(run, script);
  // Before the tool's mark is set: what cannot be read must not leave it behind.
  if (outside) assertReadable(run, script);
  await assertMayRecord(run.session, execution);
  return holdingToolLock(run, execution, async () => {
    for (const sql of execution.prepare) await run.session.query(sql);
    await all(run.session, execution.before);
    const ahead = await learning(run, () => workAhead(run.session, run.parser, script));
    const waited = noticesWaits(run);
    const started = performance.now();
    const transactional = !outside && !endsItsTransaction(run, script);
    try {
      await inSearchPath(run.session, execution, async () => {
        if (outside) await alone(waited.run, execution, script.sql, started);
        else if (!transactional) await asWritten(waited.run, execution, script.sql, started);
        else await together(waited.run, execution, direction, script.sql, started);
      });
    } catch (error) {
      throw inFile(error, run.file, script, transactional);
    }
    const milliseconds = Math.round(performance.now() - started);
    if (ahead && !waited.did()) await learning(run, () => recordRate(run.session, ahead, milliseconds));
    return milliseconds;
  });
}

/** The tool runs the program and writes its history, which then has to tell of it. Gives ms. */
async function runByTool(
  run: FileRun,
  tool: NonNullable<ReleasedFile['byTool']>,
  direction: Direction,
): Promise<number> {
  const { layout, migration } = run.file;
  const started = performance.now();
  await tool(direction);
  const milliseconds = Math.round(performance.now() - started);
  const state = await readFileState(run.session, run.file);
  if (state !== (direction === 'up' ? 'applied' : 'pending')) {
    throw new SwitchbackError(
      'verification-failed',
      t(
        '{0} ended without an error, but its history on this database does not tell of {1}. See what it printed, and whether its configuration names another database.',
        layout.title,
        migration.version,
      ),
    );
  }
  await run.session.transaction(() => run.alsoRecord(run.session));
  return milliseconds;
}

/** What is learned of the server's speed is a gain beside the migration: failing at it is told, and is no failure of the migration. */
async function learning<T>(run: FileRun, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!isSwitchbackError(error)) throw error;
    run.onEvent({
      kind: 'note',
      step: run.stepId,
      message: t('The speed of {0} could not be noted: {1}', run.file.migration.version, error.sentence),
    });
    return null;
  }
}

/** The same run, which remembers whether it had to wait for a lock: its time then says nothing of its work. */
function noticesWaits(run: FileRun): { run: FileRun; did: () => boolean } {
  let did = false;
  return {
    run: {
      ...run,
      onEvent: (event) => {
        did ||= event.kind === 'lock-wait';
        run.onEvent(event);
      },
    },
    did: () => did,
  };
}

/** Sets the tool's mark straight after a run that was committed and then cut off: dirty is cleared. */
export async function clearDirty(run: Omit<FileRun, 'alsoRecord'>, direction: Direction): Promise<void> {
  const script = direction === 'up' ? run.file.up : run.file.down;
  const execution = executionOf(run, direction, script?.contentHash ?? '');
  await holdingToolLock(run, execution, () => all(run.session, execution.record(0)));
}

/** Writes what the tool would have written had it run this direction, and runs nothing. */
export async function markMigrationFile(
  run: Omit<FileRun, 'alsoRecord'>,
  direction: Direction,
): Promise<void> {
  await finishMigrationFile(run, direction, null);
}

/**
 * Writes what the tool would have written had it run this direction, after the rest of its SQL has run statement by
 * statement; null where nothing is left to run. Gives ms.
 */
export async function finishMigrationFile(
  run: Omit<FileRun, 'alsoRecord'>,
  direction: Direction,
  rest: string | null,
): Promise<number> {
  const script = direction === 'up' ? run.file.up : run.file.down;
  const execution = executionOf(run, direction, script?.contentHash ?? '');
  await assertMayRecord(run.session, execution);
  return holdingToolLock(run, execution, async () => {
    for (const sql of execution.prepare) await run.session.query(sql);
    if (rest !== null) await all(run.session, execution.before);
    const started = performance.now();
    if (rest !== null) await inSearchPath(run.session, execution, () => runOutsideTransaction(run, rest));
    const milliseconds = rest === null ? 0 : Math.round(performance.now() - started);
    await all(run.session, execution.record(milliseconds));
    return milliseconds;
  });
}

function executionOf(
  run: Omit<FileRun, 'alsoRecord'>,
  direction: Direction,
  contentHash: string,
): LayoutExecution {
  const { migration, siblings, layout, directory } = run.file;
  const index = siblings.findIndex((sibling) => sibling.version === migration.version);
  const previousVersion = index > 0 ? siblings[index - 1]!.version : null;
  const recordedHash = run.file.up && layout.recordedHash(run.file.up);
  const sql = (direction === 'up' ? run.file.up : run.file.down)?.sql ?? '';
  const by = { directory, previousVersion, by: run.by, sql, contentHash, recordedHash, id: randomUUID() };
  return layout.execution(migration, direction, by);
}

function refusesTransaction(run: FileRun, script: MigrationScript): boolean {
  if (script.transaction === 'none') return true;
  const { statements } = run.parser.parse(script.sql);
  return statements.length > 0 && statements.every((statement) => needsNoTransaction(statement));
}

/** Throws `syntax-error` with the file and the line where it cannot be parsed. */
function assertReadable(run: FileRun, script: MigrationScript): void {
  const problem = obstacleToSending(run.parser.parse(script.sql));
  if (!problem) return;
  throw new SwitchbackError(
    'syntax-error',
    t(
      '{0}, line {1}: {2}. Nothing was run. Correct the file and apply it again.',
      fileName(run.file, script),
      problem.start.line + (script.linesBefore ?? 0),
      problem.message,
    ),
  );
}

/** A file with its own BEGIN and COMMIT cannot be put into a transaction of ours. */
function endsItsTransaction(run: FileRun, script: MigrationScript): boolean {
  return run.parser.parse(script.sql).statements.some((statement) => statement.kind === 'TransactionStmt');
}

/** Sends the file as its tool does; its records follow in a transaction of their own. */
async function asWritten(
  run: FileRun,
  execution: LayoutExecution,
  sql: string,
  started: number,
): Promise<void> {
  await run.session.query(`set lock_timeout = ${run.lockTimeoutMilliseconds}`);
  try {
    await run.session.script(sql, { signal: run.signal });
  } catch (error) {
    // The failed file may have left its own transaction open.
    if (!run.session.lost.aborted) await run.session.script('rollback');
    throw error;
  } finally {
    if (!run.session.lost.aborted) await run.session.query('reset lock_timeout');
  }
  await recordOutcome(run, execution, started);
}

/** The migration and its records in one transaction, tried again while a lock is not free. */
async function together(
  run: FileRun,
  execution: LayoutExecution,
  direction: Direction,
  sql: string,
  started: number,
): Promise<void> {
  const statementTimeoutMilliseconds = run.parser.parse(sql).statements.some(isValidation) ? 0 : undefined;
  try {
    await withLockRetry({
      ...lockRetryOf(run, t('Migration {0}', run.file.migration.version)),
      lockTimeoutMilliseconds: run.lockTimeoutMilliseconds,
      transaction: { statementTimeoutMilliseconds },
      work: async () => {
        await run.session.script(sql);
        if (execution.sameTransaction) {
          await all(run.session, execution.record(performance.now() - started), false);
        }
        await run.alsoRecord(run.session);
      },
    });
  } catch (error) {
    if (!execution.sameTransaction && wasRolledBack(run, error)) await undoBefore(run, direction);
    throw error;
  }
  if (!execution.sameTransaction) await all(run.session, execution.record(performance.now() - started));
}

/** Statement by statement; what is recorded is the outcome. */
async function alone(run: FileRun, execution: LayoutExecution, sql: string, started: number): Promise<void> {
  await runOutsideTransaction(run, sql);
  await recordOutcome(run, execution, started);
}

async function recordOutcome(run: FileRun, execution: LayoutExecution, started: number): Promise<void> {
  await run.session.transaction(
    async () => {
      await all(run.session, execution.record(performance.now() - started), false);
      await run.alsoRecord(run.session);
    },
    { signal: run.signal },
  );
}

function wasRolledBack(run: FileRun, error: unknown): boolean {
  return !run.session.lost.aborted && isSwitchbackError(error) && error.details.committed !== 'unknown';
}

/** Nothing of the migration is left, so the tool's mark goes back to what was before it. */
async function undoBefore(run: FileRun, direction: Direction): Promise<void> {
  const opposite = executionOf(run, direction === 'up' ? 'down' : 'up', '');
  await all(run.session, opposite.record(0));
}

async function all(
  session: Session,
  statements: readonly ParameterizedSql[],
  ownTransaction = true,
): Promise<void> {
  const run = async (): Promise<void> => {
    for (const statement of statements) await session.query(statement.sql, statement.parameters);
  };
  if (statements.length === 0) return;
  if (ownTransaction) await session.transaction(run);
  else await run();
}

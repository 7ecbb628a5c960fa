import { describeActivity, longTransactions } from '../database/activity';
import { withLockRetry } from '../database/lock-retry';
import type { Session } from '../database/session';
import { errorText, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Clock } from '../ports/clock';
import { obstacleToSending } from '../sql/obstacle';
import type { SqlParser } from '../sql/parser';
import type { Statement } from '../sql/statement';
import type { OnRunEvent } from './run-event';
import { isCommittingBlock } from '../sql/committing-block';
import { lockRetryOf } from './lock-retry-of';
import { unitsOf, type ScriptUnit } from './own-transactions';
import { isValidation, needsNoTransaction, readStatementEffect } from './statement-effect';
import { watchStatement } from './watch-statement';

export interface OutsideTransaction {
  session: Session;
  watch: Session;
  stepId: string;
  parser: SqlParser;
  /** For statements that could be in a transaction and stand in others' way, ms. */
  lockTimeoutMilliseconds: number;
  onEvent: OnRunEvent;
  clock: Clock;
  signal: AbortSignal;
}

/**
 * Runs the statements of a text that refuses a transaction one by one. CONCURRENTLY and VACUUM run without
 * lock_timeout and statement_timeout: their waits queue nobody, and stopping them would leave something invalid. What the catalog shows as done is skipped,
 * leftovers of a try that broke off are removed first. What stands between a BEGIN and its COMMIT stays in one transaction.
 * https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 */
export async function runOutsideTransaction(run: OutsideTransaction, sql: string): Promise<void> {
  for (const unit of unitsOf(statementsOf(run.parser, sql))) {
    if (unit.kind === 'transaction') await runTransaction(run, unit);
    else {
      const message = await runStatement(run, unit.statement);
      if (message !== null) run.onEvent({ kind: 'note', step: run.stepId, message });
    }
  }
}

/** A plain one is tried again while a lock is not free; one that asks for more is sent as it was written. */
async function runTransaction(
  run: OutsideTransaction,
  { plain, begin, inside, end }: ScriptUnit & { kind: 'transaction' },
): Promise<void> {
  const text = (statements: readonly Statement[]): string => statements.map((each) => each.text).join(';\n');
  if (inside.length === 0) return;
  const unlimitedTime = inside.some(isValidation);
  if (plain) {
    await withLockRetry({
      ...lockRetryOf(run, firstLine(inside[0]!)),
      lockTimeoutMilliseconds: run.lockTimeoutMilliseconds,
      transaction: { statementTimeoutMilliseconds: unlimitedTime ? 0 : undefined },
      work: () => run.session.script(text(inside)),
    });
    return;
  }
  await run.session.script(`set lock_timeout = ${run.lockTimeoutMilliseconds}`);
  try {
    await run.session.script(text([begin, ...inside, end]), { signal: run.signal });
  } catch (error) {
    if (!run.session.lost.aborted) await run.session.script('rollback');
    throw error;
  } finally {
    if (!run.session.lost.aborted) await run.session.script('reset lock_timeout');
  }
}

/** The statements of a text; throws `syntax-error` with the first problem. */
export function statementsOf(parser: SqlParser, sql: string): Statement[] {
  const parsed = parser.parse(sql);
  const problem = obstacleToSending(parsed);
  if (problem) {
    throw new SwitchbackError(
      'syntax-error',
      t('Line {0} cannot be run: {1}. Correct the SQL.', problem.start.line, problem.message),
    );
  }
  return parsed.statements;
}

async function runStatement(run: OutsideTransaction, statement: Statement): Promise<string | null> {
  const effect = await readStatementEffect(run.session, statement);
  if (effect.state === 'present') return t('Already done, and left as it is: {0}', firstLine(statement));
  if (effect.state === 'leftover') {
    await unlimited(run, effect.cure);
    run.onEvent({
      kind: 'note',
      step: run.stepId,
      message: t(
        '{0} was left half made by a try that broke off; this was run: {1}',
        effect.object,
        effect.cure,
      ),
    });
    if (effect.thenPresent) return null;
  }
  try {
    if (needsNoTransaction(statement)) {
      if (!isCommittingBlock(statement)) await announceWait(run);
      await unlimited(run, statement.text);
    } else await inOwnTransaction(run, statement);
  } catch (error) {
    await removeLeftover(run, statement);
    throw error;
  }
  return assertEffect(run, statement);
}

/** CONCURRENTLY waits for the transactions that are open now: they are named before it starts. */
async function announceWait(run: OutsideTransaction): Promise<void> {
  if (run.session.facts.engine === 'pglite') return;
  const open = (await longTransactions(run.watch, oldMilliseconds)).filter(
    (activity) => activity.pid !== run.session.facts.pid,
  );
  if (open.length === 0) return;
  const whose = open.slice(0, 5).map(describeActivity).join('; ');
  run.onEvent({
    kind: 'note',
    step: run.stepId,
    message:
      open.length === 1
        ? t('It will wait for 1 open transaction: {0}', whose)
        : t('It will wait for {0} open transactions: {1}', open.length, whose),
  });
}

/** Transactions younger than this, ms, are over before anybody has read about them. */
const oldMilliseconds = 1000;

async function inOwnTransaction(run: OutsideTransaction, statement: Statement): Promise<void> {
  await withLockRetry({
    ...lockRetryOf(run, firstLine(statement)),
    lockTimeoutMilliseconds: run.lockTimeoutMilliseconds,
    transaction: { statementTimeoutMilliseconds: isValidation(statement) ? 0 : undefined },
    work: () => run.session.script(statement.text),
  });
}

async function unlimited(run: OutsideTransaction, sql: string): Promise<void> {
  await run.session.script('set lock_timeout = 0; set statement_timeout = 0');
  try {
    await watchStatement(run, () => run.session.script(sql, { signal: run.signal }));
  } finally {
    if (!run.session.lost.aborted) await run.session.script('reset lock_timeout; reset statement_timeout');
  }
}

/** An invalid index costs every write and serves no read, so it goes at once where the session still lives. */
async function removeLeftover(run: OutsideTransaction, statement: Statement): Promise<void> {
  if (run.session.lost.aborted) return;
  const effect = await readStatementEffect(run.session, statement);
  if (effect.state !== 'leftover') return;
  try {
    await run.session.script(`set lock_timeout = 0; set statement_timeout = 0`);
    await run.session.script(effect.cure);
  } catch (error) {
    const message = t('{0} is left half made ({1}). Run: {2}', effect.object, errorText(error), effect.cure);
    run.onEvent({ kind: 'note', step: run.stepId, message });
  }
}

async function assertEffect(run: OutsideTransaction, statement: Statement): Promise<null> {
  const effect = await readStatementEffect(run.session, statement);
  if (effect.state === 'present' || effect.state === 'unknown') return null;
  throw new SwitchbackError(
    'step-failed',
    t(
      '"{0}" ended without an error, but the catalog does not show its effect. Resume to try it again.',
      firstLine(statement),
    ),
  );
}

function firstLine(statement: Statement): string {
  return statement.text.split('\n')[0]!.slice(0, 100);
}

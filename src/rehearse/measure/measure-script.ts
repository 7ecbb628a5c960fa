import type { Session } from '../../database/session';
import { isSwitchbackError, SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { Direction } from '../../layouts/layout';
import type { Progress } from '../../ports/progress';
import { forecastStatements } from '../../safety/forecast/forecast-statements';
import type { Forecast } from '../../safety/forecast';
import { applyToKnownSchema } from '../../safety/known-schema-fold';
import type { KnownSchema } from '../../safety/known-schema';
import { readKnownSchema } from '../../safety/read-known-schema';
import type { SqlParser } from '../../sql/parser';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import { serverMessage } from '../run-script';
import { comingChecks } from './coming-checks';
import { emptyOf } from './empty-relations';
import { measureAlone } from './measure-alone';
import { measureInTransaction } from './measure-in-transaction';
import type { MeasureState } from './measure-state';
import type { MeasuredScript, MeasuredStatement } from './measured-forecast';
import { measuredStatement, unmeasuredStatement } from './measured-statement';
import type { Observed } from './observed';
import { notMeasured } from './not-measured';
import { isIndex, readRelations } from './relations';
import { seedTables } from '../seed/seed-tables';
import { touchedTables } from './touched-tables';

export const defaultSeededRows = 2000;
export const defaultStatementMilliseconds = 60_000;

export interface MeasureScript {
  state: MeasureState;
  statements: readonly Statement[];
  direction: Direction;
  /** How the layout's runner wraps the script. */
  transaction: 'wrapped' | 'implicit' | 'none';
  parser: SqlParser;
  /** Rows that each touched table is filled with; 2,000 unless said. */
  rows?: number;
  /** A statement that runs longer is stopped; 60 s unless said. */
  statementMilliseconds?: number;
  /** Rolls every statement back that can run in a transaction: for scripts of one statement. */
  rollback?: boolean;
  progress: Progress;
  signal: AbortSignal;
}

/**
 * Runs each statement of a script in the shadow database and reads what it locks, writes anew and scans, beside what
 * was forecast. Every statement has a transaction of its own, committed before the next, so that its own
 * locks are seen and not those of the statements before it; a failed one is rolled back and the next is tried.
 * Throws when the state before the script cannot be made, or when cancelled.
 */
export async function measureScript(request: MeasureScript): Promise<MeasuredScript> {
  const run = new ScriptMeasurement(request);
  try {
    return await run.measure();
  } finally {
    await run.close();
  }
}

class ScriptMeasurement {
  readonly #request: MeasureScript;
  #session: Session | null = null;
  #schema: KnownSchema | null = null;
  #there: ReadonlySet<string> = new Set();
  #notes: string[] = [];
  /** SET LOCAL statements of the transaction that the script is in. */
  #settings: string[] = [];
  /** Statements that ran: what brings a fresh shadow to the present state. */
  readonly #ran: Statement[] = [];

  constructor(request: MeasureScript) {
    this.#request = request;
  }

  async measure(): Promise<MeasuredScript> {
    const { statements, signal, progress, state } = this.#request;
    await this.#begin();
    const measured: MeasuredStatement[] = [];
    for (const [index, statement] of statements.entries()) {
      signal.throwIfAborted();
      progress.report({
        message: t('Measuring statement {0} of {1}', index + 1, statements.length),
        share: index / statements.length,
      });
      measured.push(await this.#one(statement));
    }
    const { version, major } = this.#open().facts;
    return { statements: measured, shadow: { ...state.shadow, version, major }, notes: this.#notes };
  }

  async close(): Promise<void> {
    await closeQuietly(this.#session);
    this.#session = null;
  }

  /** The state before the script, its tables filled. */
  async #begin(): Promise<void> {
    const { state, parser, rows = defaultSeededRows, signal, statements } = this.#request;
    const session = await state.restore();
    this.#session = session;
    const schema = await readKnownSchema(session, parser, { relations: null, signal });
    const forecasts = this.#forecast(statements, schema);
    const tables = await touchedTables(session, statements, forecasts);
    this.#notes = await seedTables(session, {
      tables,
      rows,
      checks: comingChecks(statements, schema),
      analyze: true,
      signal,
    });
    this.#schema = await readKnownSchema(session, parser, { relations: null, signal });
    this.#there = new Set((await readRelations(session)).keys());
  }

  /** A lost session (a statement that could not be stopped) takes the embedded database with it. */
  async #recover(): Promise<void> {
    if (!this.#open().lost.aborted) return;
    await closeQuietly(this.#session);
    const schema = this.#schema;
    await this.#begin();
    this.#schema = schema;
    for (const statement of this.#ran)
      await this.#open().script(statement.text, { signal: this.#request.signal });
  }

  async #one(statement: Statement): Promise<MeasuredStatement> {
    const predicted = this.#forecast([statement], this.#schema!)[0]!;
    const skipped = notMeasured(statement, this.#request.parser, this.#request.state.shadow.kind);
    if (skipped !== null) {
      if (statement.kind === 'TransactionStmt') this.#settings = [];
      return unmeasuredStatement(predicted, { notes: [skipped] });
    }
    const started = performance.now();
    const limit = AbortSignal.timeout(this.#request.statementMilliseconds ?? defaultStatementMilliseconds);
    try {
      const result = await this.#run(statement, predicted, AbortSignal.any([this.#request.signal, limit]));
      applyToKnownSchema(this.#schema!, statement, true);
      this.#ran.push(statement);
      if (asKind({ [statement.kind]: statement.node[statement.kind] }, 'VariableSetStmt')?.is_local)
        this.#settings.push(statement.text);
      return result;
    } catch (error) {
      this.#request.signal.throwIfAborted();
      const milliseconds = Math.round(performance.now() - started);
      const timedOut = limit.aborted || sqlState(error) === '57014';
      if (!timedOut && !isSwitchbackError(error)) throw error;
      await this.#recover();
      return unmeasuredStatement(predicted, {
        error: timedOut ? t('It ran too long and was stopped.') : serverMessage(error),
        notes: [t('It failed in the shadow database; the statements after it were tried without it.')],
        milliseconds,
      });
    }
  }

  /** In a transaction where the server lets it, else with three sessions on a server, else not measured. */
  async #run(statement: Statement, predicted: Forecast, signal: AbortSignal): Promise<MeasuredStatement> {
    const empty = await emptyOf(this.#open(), predicted);
    const inTransaction = await this.#tryInTransaction(statement, signal);
    if (inTransaction !== null)
      return measuredStatement({
        predicted,
        observed: inTransaction,
        transactional: true,
        empty,
        polled: false,
      });
    const { sessions, shadow } = this.#request.state;
    if (shadow.engine === 'pglite') {
      const started = performance.now();
      await this.#open().script(statement.text, { signal });
      return unmeasuredStatement(predicted, {
        notes: [
          t(
            'It refuses a transaction, and the embedded database has one session only: it ran, but was not measured. Choose a server as shadow to measure it.',
          ),
        ],
        milliseconds: Math.round(performance.now() - started),
      });
    }
    const tables = [...predicted.locks, ...predicted.works].map(({ relation }) => relation);
    const observed = await measureAlone(sessions, this.#open(), {
      sql: statement.text,
      kind: statement.kind,
      there: this.#there,
      tables: tables.length > 0 ? tables : await this.#allTables(),
      signal,
    });
    return measuredStatement({ predicted, observed, transactional: false, empty, polled: true });
  }

  /** Null where it refuses a transaction block (25001), or ends the transaction itself (2D000). */
  async #tryInTransaction(statement: Statement, signal: AbortSignal): Promise<Observed | null> {
    try {
      return await measureInTransaction(this.#open(), {
        sql: statement.text,
        kind: statement.kind,
        there: this.#there,
        settings: this.#settings,
        rollback: this.#request.rollback,
        signal,
      });
    } catch (error) {
      const state = sqlState(error);
      if (state === '25001' || state === '2D000') return null;
      throw error;
    }
  }

  async #allTables(): Promise<string[]> {
    return [...(await readRelations(this.#open())).values()]
      .filter((state) => this.#there.has(state.oid) && !isIndex(state) && /^[rp]$/.test(state.kind))
      .map((state) => state.relation);
  }

  #forecast(statements: readonly Statement[], schema: KnownSchema): Forecast[] {
    const { direction, transaction } = this.#request;
    const serverMajor = this.#open().facts.major;
    return forecastStatements({ statements, direction, schema, transaction, serverMajor }).map(
      (forecast) => ({
        ...forecast,
        depth: 'catalog',
      }),
    );
  }

  #open(): Session {
    if (this.#session) return this.#session;
    throw new SwitchbackError('no-shadow', t('The shadow database was closed. Measure again.'));
  }
}

function sqlState(error: unknown): unknown {
  return isSwitchbackError(error) ? error.details.sqlstate : undefined;
}

/** A session that is lost has nothing left to close. */
async function closeQuietly(session: Session | null): Promise<void> {
  await session?.close().catch((error: unknown) => {
    if (!isSwitchbackError(error)) throw error;
  });
}

import type { Session } from '../../database/session';
import type { Direction } from '../../layouts/layout';
import { setSearchPath } from '../../layouts/with-history-table';
import { isSwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { forecastStatements } from '../../safety/forecast/forecast-statements';
import type { Forecast } from '../../safety/forecast';
import { applyToKnownSchema } from '../../safety/known-schema-fold';
import type { KnownSchema } from '../../safety/known-schema';
import { readKnownSchema } from '../../safety/read-known-schema';
import type { ShadowKind } from '../../shadow/shadow';
import type { SqlParser } from '../../sql/parser';
import type { Statement } from '../../sql/statement';
import { inTransaction } from '../run-inside';
import { putBackSettings, serverMessage, type RehearsedScript } from '../run-script';
import { attempt } from '../seed/attempt';
import { dataKinds, measuringSettings } from './measure-in-transaction';
import { emptyOf } from './empty-relations';
import type { MeasuredStatement } from './measured-forecast';
import { measuredStatement, unmeasuredStatement } from './measured-statement';
import { notMeasured } from './not-measured';
import { observe, type Observed } from './observed';
import {
  catalogWrites,
  readLocks,
  readRelations,
  type HeldLock,
  type RelationState,
  type RelationStates,
} from './relations';

export interface MeasureInside {
  /** In the transaction that is rolled back. */
  session: Session;
  script: RehearsedScript;
  direction: Direction;
  ground: ShadowKind;
  parser: SqlParser;
  signal: AbortSignal;
}

/**
 * Runs a script statement by statement in the transaction that is open and reads what each locks, writes anew and scans, beside
 * what was forecast. A lock that the transaction held already is told apart by nothing: it is taken as forecast, with a
 * note. A failed statement is rolled back and the next is tried. Throws when cancelled or stopped, and when the
 * session is lost.
 */
export async function measureInside(request: MeasureInside): Promise<MeasuredStatement[]> {
  const { session, script, parser, signal } = request;
  const { statements } = parser.parse(script.sql);
  if (statements.length === 0) return [];
  if (script.searchPath) await session.script(setSearchPath(script.searchPath));
  const schema = await readKnownSchema(session, parser, { relations: null, signal });
  const measurement = new InsideMeasurement(request, schema, new Set((await readRelations(session)).keys()));
  const measured: MeasuredStatement[] = [];
  for (const statement of statements) measured.push(await measurement.one(statement));
  await session.script(putBackSettings(session));
  return measured;
}

/** What the server says between two statements. */
interface Reading {
  relations: RelationStates;
  locks: HeldLock[];
  writes: number;
}

async function read(session: Session): Promise<Reading> {
  return {
    locks: await readLocks(session, session.facts.pid, false),
    relations: await readRelations(session),
    writes: await catalogWrites(session),
  };
}

class InsideMeasurement {
  /** After the statement before; null where something else was done since. */
  #last: Reading | null = null;

  constructor(
    private readonly request: MeasureInside,
    private readonly schema: KnownSchema,
    private readonly there: ReadonlySet<string>,
  ) {}

  async one(statement: Statement): Promise<MeasuredStatement> {
    const { session, parser, ground, signal } = this.request;
    const predicted = this.forecast(statement);
    const skipped =
      statement.kind === 'TransactionStmt'
        ? t('Not run: a rehearsal measures in a transaction of its own.')
        : notMeasured(statement, parser, ground);
    if (skipped !== null) return unmeasuredStatement(predicted, { notes: [skipped] });
    const last = this.#last;
    this.#last = null;
    try {
      const measured = await attempt(session, () => this.measure(statement, predicted, last));
      applyToKnownSchema(this.schema, statement, true);
      return measured;
    } catch (error) {
      signal.throwIfAborted();
      if (session.lost.aborted || !isSwitchbackError(error)) throw error;
      const state = error.details.sqlstate;
      if (state === '25001' || state === '2D000') return this.withoutMeasuring(statement, predicted);
      return unmeasuredStatement(predicted, {
        error: serverMessage(error),
        notes: [t('It failed in the shadow database; the statements after it were tried without it.')],
      });
    }
  }

  /** Those after it need what it makes. */
  private async withoutMeasuring(statement: Statement, predicted: Forecast): Promise<MeasuredStatement> {
    const { session, signal } = this.request;
    const sql = inTransaction(statement);
    if (sql !== null && sql !== statement.text) {
      await attempt(session, () => session.script(sql, { signal })).catch((error: unknown) => {
        signal.throwIfAborted();
        if (session.lost.aborted || !isSwitchbackError(error)) throw error;
      });
      applyToKnownSchema(this.schema, statement, true);
    }
    return unmeasuredStatement(
      { ...predicted, transactional: false },
      {
        notes: [
          t(
            'It refuses a transaction, in which a rehearsal measures: it is as forecast. "switchback lint --shadow local" measures it by itself.',
          ),
        ],
      },
    );
  }

  private async measure(
    statement: Statement,
    predicted: Forecast,
    last: Reading | null,
  ): Promise<MeasuredStatement> {
    const { session, signal } = this.request;
    const empty = await emptyOf(session, predicted);
    await session.script(settingsFor(statement.kind));
    // Who has looked into tables has read and locked them.
    const now = predicted.works.length === 0 ? (last ?? (await read(session))) : await read(session);
    const { relations: before, locks: held } = now;
    const started = performance.now();
    await session.script(statement.text, { signal });
    const milliseconds = performance.now() - started;
    const after = await read(session);
    this.#last = after;
    const again = heldAlready(predicted, before, held);
    const seen: Observed = observe({
      there: this.there,
      before,
      after: after.relations,
      locks: [...after.locks.filter((lock) => !includes(held, lock)), ...again.map(({ lock }) => lock)],
      catalog: after.writes > now.writes,
      milliseconds,
    });
    const observed = withoutRowChecks(seen);
    const relations = again
      .filter(({ state, lock }) => isTold(observed, state, lock))
      .map(({ state }) => state.relation);
    const notes =
      relations.length > 0
        ? [t('Its transaction held these locks already, so they are as forecast: {0}', relations.join(', '))]
        : [];
    return measuredStatement({ predicted, observed, transactional: true, empty, polled: false }, notes);
  }

  private forecast(statement: Statement): Forecast {
    const { direction, script, session } = this.request;
    const [forecast] = forecastStatements({
      statements: [statement],
      direction,
      schema: this.schema,
      transaction: script.transaction,
      serverMajor: session.facts.major,
    });
    // How long a lock is held is a matter of the real tables.
    return { ...forecast!, depth: 'catalog', holdMilliseconds: null };
  }
}

/**
 * A row that the same transaction has written is checked against the table its foreign key points at whatever is changed of it:
 * that scan is of the generated rows. https://github.com/postgres/postgres/blob/REL_18_0/src/backend/utils/adt/ri_triggers.c
 */
function withoutRowChecks(observed: Observed): Observed {
  const locked = new Set(observed.locks.map(({ relation }) => relation));
  return {
    ...observed,
    works: observed.works.filter(({ kind, relation }) => kind !== 'scan' || locked.has(relation)),
  };
}

/** Statements of data are planned as they would be, all others without indexes. */
function settingsFor(kind: string): string {
  return measuringSettings
    .map((setting) => (dataKinds.has(kind) ? setting.replace(/(enable_\w+) = off/, '$1 = on') : setting))
    .map((setting) => `set local ${setting}`)
    .join('; ');
}

function includes(held: readonly HeldLock[], { oid, mode }: HeldLock): boolean {
  return held.some((lock) => lock.oid === oid && lock.mode === mode);
}

/** Of the locks that are forecast, those that cannot be seen to be taken. */
function heldAlready(
  { locks, indexLocks }: Forecast,
  before: RelationStates,
  held: readonly HeldLock[],
): { lock: HeldLock; state: RelationState }[] {
  const byName = new Map([...before.values()].map((state) => [state.relation, state]));
  return [...locks, ...indexLocks].flatMap(({ relation, mode }) => {
    const state = byName.get(relation);
    const lock = state && { oid: state.oid, mode };
    return lock && includes(held, lock) ? [{ lock, state }] : [];
  });
}

function isTold(observed: Observed, { relation }: RelationState, { mode }: HeldLock): boolean {
  return [...observed.locks, ...observed.indexLocks].some(
    (lock) => lock.relation === relation && lock.mode === mode,
  );
}

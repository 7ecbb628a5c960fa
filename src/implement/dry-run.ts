import type { Environment } from '../database/connection';
import type { Session, SessionFactory } from '../database/session';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { BackfillSpec, PlanOptions, Step } from '../plan/plan';
import type { LockMode, Work } from '../safety/forecast';
import { leavesShadow } from '../rehearse/beyond-shadow';
import { hidesWork } from '../safety/hidden-work';
import { reachOf } from '../safety/reach';
import type { Shadow } from '../shadow/shadow';
import type { SqlParser } from '../sql/parser';
import type { Statement } from '../sql/statement';
import { statementsOf } from './outside-transaction';
import { needsNoTransaction } from './statement-effect';
import { walkBatch, walkStart } from './walk';
import { readWalkTables } from './walk-table';

/** What is tried: SQL with the work it is forecast to do, or the first batch of a backfill. */
export type DryRunTask =
  { kind: 'sql'; sql: string; work: Work | null } | { kind: 'backfill'; spec: BackfillSpec };

export interface DryRunRequest {
  task: DryRunTask;
  sessions: SessionFactory;
  environment: Environment;
  /** A shadow that has what comes before; null where there is none. */
  shadow: Pick<Shadow, 'open' | 'label' | 'kind' | 'engine' | 'version'> | null;
  options: Pick<PlanOptions, 'batchRows' | 'lockTimeoutMilliseconds'>;
  parser: SqlParser;
  signal: AbortSignal;
  /** Longest time of one statement on the connected database, ms. */
  statementTimeoutMilliseconds?: number;
}

/** What happened, and where. On the connected database everything was rolled back. */
export interface DryRunResult {
  where: 'database' | 'shadow';
  /** The database in words: `shop on localhost:5432`, `PostgreSQL 18.4 (local shadow)`. */
  database: string;
  verdict: 'ok' | 'error';
  statements: DryRunStatement[];
}

export interface DryRunStatement {
  sql: string;
  verdict: 'ok' | 'error' | 'not-run';
  error: string | null;
  milliseconds: number;
  /** Rows changed, for a backfill's batch. */
  rows: number | null;
  /** Locks on the user's relations that it took, seen in pg_locks. */
  locks: { relation: string; mode: LockMode }[];
}

const defaultStatementTimeout = 5000;

/** The SQL or batch of a step that can be tried; null for a deployment, a check or a wait. */
export function dryRunTask(step: Step): DryRunTask | null {
  switch (step.kind) {
    case 'migration':
      return { kind: 'sql', sql: step.forward, work: step.forecast?.work ?? null };
    case 'concurrent':
    case 'vacuum':
      return { kind: 'sql', sql: step.forward, work: null };
    case 'backfill':
      return { kind: 'backfill', spec: step.backfill };
    case 'deploy':
    case 'check':
    case 'wait':
      return null;
  }
}

/** Where a task may be tried: the connected database only for short work that is rolled back, never on production. */
export function dryRunPlace(
  task: DryRunTask,
  environment: Environment,
  parser: SqlParser,
): DryRunResult['where'] {
  if (environment === 'production') return 'shadow';
  if (task.kind === 'backfill') return 'database';
  if (task.work !== 'none' && task.work !== 'catalog') return 'shadow';
  const { statements, problems } = parser.parse(task.sql);
  // What could not be read was not forecast.
  if (problems.length > 0) return 'shadow';
  const unsafe = (statement: Statement): boolean =>
    needsNoTransaction(statement) ||
    statement.kind === 'TransactionStmt' ||
    hidesWork(statement) ||
    reachOf(statement) !== null;
  return statements.some(unsafe) ? 'shadow' : 'database';
}

/**
 * Tries a task and says what each statement did: on the connected database under lock_timeout and
 * statement_timeout, rolled back; else in the shadow. A statement's failure is the result, not an error. Throws
 * `no-shadow` where it would have to be tried in one.
 */
export async function dryRun(request: DryRunRequest): Promise<DryRunResult> {
  const where = dryRunPlace(request.task, request.environment, request.parser);
  if (where === 'shadow' && request.shadow === null) {
    throw new SwitchbackError(
      'no-shadow',
      t(
        'This is not tried on {0} itself, and there is no shadow database. Set one up in the settings.',
        request.sessions.label,
      ),
    );
  }
  const place = where === 'shadow' ? request.shadow! : request.sessions;
  const session = await place.open({ applicationName: 'switchback dry run', signal: request.signal });
  try {
    const statements =
      request.task.kind === 'backfill'
        ? [await tryBatch(request, session, request.task.spec)]
        : await tryStatements(request, session, statementsOf(request.parser, request.task.sql));
    const verdict = statements.some((statement) => statement.verdict === 'error') ? 'error' : 'ok';
    return { where, database: place.label, verdict, statements };
  } finally {
    await session.close();
  }
}

/** All in one transaction that is rolled back; what refuses one is run by itself, which only happens in a shadow. */
async function tryStatements(
  request: DryRunRequest,
  session: Session,
  statements: readonly Statement[],
): Promise<DryRunStatement[]> {
  if (statements.some(needsNoTransaction)) return inTurn(request, session, statements);
  return rolledBack(request, session, () => inTurn(request, session, statements));
}

async function inTurn(
  request: DryRunRequest,
  session: Session,
  statements: readonly Statement[],
): Promise<DryRunStatement[]> {
  const results: DryRunStatement[] = [];
  for (const statement of statements) {
    const failed = results.some((result) => result.verdict === 'error');
    results.push(
      failed
        ? notRun(statement, null)
        : isBeyond(request, statement)
          ? notRun(statement, t('It reaches beyond the shadow database, and was not run.'))
          : await measured(session, statement.text, async () => {
              await session.script(statement.text, { signal: request.signal });
              return null;
            }),
    );
  }
  return results;
}

function isBeyond({ shadow }: DryRunRequest, statement: Statement): boolean {
  return shadow !== null && leavesShadow(statement, shadow.kind);
}

function notRun({ text }: Statement, error: string | null): DryRunStatement {
  return { sql: text, verdict: 'not-run', error, milliseconds: 0, rows: null, locks: [] };
}

async function tryBatch(
  request: DryRunRequest,
  session: Session,
  spec: BackfillSpec,
): Promise<DryRunStatement> {
  const tables = await readWalkTables(session, spec);
  const { rows } = await session.query<{ bytes: string }>("select current_setting('block_size') as bytes");
  const context = {
    spec,
    tables,
    server: { major: session.facts.major, blockBytes: Number(rows[0]!.bytes) },
  };
  const { batchRows } = request.options;
  const title = batchRows === 1 ? t('The first batch of 1 row') : t('The first batch of {0} rows', batchRows);
  return rolledBack(request, session, () =>
    measured(
      session,
      title,
      async () => (await walkBatch(session, context, walkStart, request.options.batchRows)).written,
    ),
  );
}

function rolledBack<T>(request: DryRunRequest, session: Session, work: () => Promise<T>): Promise<T> {
  return session.transaction(work, {
    signal: request.signal,
    rollback: true,
    lockTimeoutMilliseconds: request.options.lockTimeoutMilliseconds,
    statementTimeoutMilliseconds: request.statementTimeoutMilliseconds ?? defaultStatementTimeout,
  });
}

async function measured(
  session: Session,
  sql: string,
  work: () => Promise<number | null>,
): Promise<DryRunStatement> {
  const started = performance.now();
  const since = (): number => Math.round((performance.now() - started) * 10) / 10;
  try {
    const rows = await work();
    const milliseconds = since();
    return { sql, verdict: 'ok', error: null, milliseconds, rows, locks: await readLocks(session) };
  } catch (error) {
    if (!isSwitchbackError(error) || error.code === 'cancelled' || error.code === 'connection-lost')
      throw error;
    return { sql, verdict: 'error', error: error.sentence, milliseconds: since(), rows: null, locks: [] };
  }
}

/** The strongest locks this session holds by now on relations that are not PostgreSQL's own. */
async function readLocks(session: Session): Promise<DryRunStatement['locks']> {
  const { rows } = await session.query<{ relation: string; mode: LockMode }>(
    `select distinct format('%I.%I', n.nspname, c.relname) as relation, l.mode
     from pg_locks l join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
     where l.pid = pg_backend_pid() and l.granted and l.locktype = 'relation'
       and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'switchback')
     order by 1, 2`,
  );
  return rows;
}

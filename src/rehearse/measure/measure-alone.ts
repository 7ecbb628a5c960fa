import type { Session, SessionFactory } from '../../database/session';
import { measuringSettings } from './measure-in-transaction';
import { observe, type Observed } from './observed';
import {
  readLocks,
  readRelations,
  type HeldLock,
  type RelationState,
  type RelationStates,
} from './relations';

export interface MeasureAlone {
  sql: string;
  /** Parse tree's kind: VACUUM is held up by another lock than the rest. */
  kind: string;
  there: ReadonlySet<string>;
  /** Names of the tables the statement is about; each is held by a session of its own. */
  tables: readonly string[];
  signal: AbortSignal;
}

/** So many tables are held at once; more are measured by polling alone. */
const mostHolders = 8;

/**
 * Measures a statement that refuses a transaction, on a real server: other sessions hold its tables, so that it
 * has to wait in each of its phases; meanwhile its locks, granted and awaited, are polled, and a holder that it waits
 * for lets go. Index locks are too short to be caught surely and are left out. Throws what the statement throws.
 */
export async function measureAlone(
  sessions: Pick<SessionFactory, 'open'>,
  worker: Session,
  request: MeasureAlone,
): Promise<Observed> {
  const watcher = await sessions.open({ applicationName: 'switchback measure', signal: request.signal });
  const holders: Holder[] = [];
  try {
    for (const setting of measuringSettings) await worker.script(`set ${setting}`);
    await flushStatistics(worker);
    const before = await readBoth(watcher);
    const held = [...before.values()].filter((state) => request.tables.includes(state.relation));
    for (const state of held.slice(0, mostHolders)) holders.push(await hold(sessions, state, request));
    const started = performance.now();
    const run = worker.script(request.sql, { signal: request.signal });
    const locks = await pollUntilDone(watcher, worker.facts.pid, run, holders);
    const milliseconds = performance.now() - started;
    await run;
    await flushStatistics(worker);
    const after = await readAfter(watcher, before, request.there);
    const tables = locks.filter((lock) => !isIndexOid(lock.oid, before));
    return observe({ there: request.there, before, after, locks: tables, catalog: true, milliseconds });
  } finally {
    await Promise.all([...holders.map((holder) => holder.session.close()), watcher.close()]);
    if (!worker.lost.aborted)
      for (const setting of measuringSettings) await worker.script(`reset ${setting.split(' ')[0]!}`);
  }
}

interface Holder {
  session: Session;
  holds: boolean;
}

async function hold(
  sessions: Pick<SessionFactory, 'open'>,
  state: RelationState,
  { kind, signal }: MeasureAlone,
): Promise<Holder> {
  const session = await sessions.open({ applicationName: 'switchback measure', signal });
  try {
    await session.script('begin');
    const mode = kind === 'VacuumStmt' ? 'share update exclusive' : 'row exclusive';
    // LOCK TABLE takes no materialized view; reading one holds it too.
    if (state.kind === 'r' || state.kind === 'p')
      await session.script(`lock table ${state.relation} in ${mode} mode`);
    else await session.script(`select from ${state.relation} limit 0`);
    return { session, holds: true };
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function pollUntilDone(
  watcher: Session,
  pid: number,
  run: Promise<void>,
  holders: Holder[],
): Promise<HeldLock[]> {
  const seen = new Map<string, HeldLock>();
  const state = { done: false };
  const ended = run.then(
    () => (state.done = true),
    () => (state.done = true),
  );
  try {
    while (!state.done) {
      const { rows } = await watcher.query<{ pids: number[] }>(
        'select pg_catalog.pg_blocking_pids($1) as pids',
        [pid],
      );
      const waitsFor = holders.filter(
        ({ session, holds }) => holds && rows[0]!.pids.includes(session.facts.pid),
      );
      // Before a holder lets go, or what the worker waited for would be missed.
      for (const lock of await readLocks(watcher, pid, true)) seen.set(`${lock.oid} ${lock.mode}`, lock);
      for (const holder of waitsFor) {
        holder.holds = false;
        await holder.session.script('rollback');
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  } catch (error) {
    // Nobody may go on waiting for a holder that nobody releases.
    await Promise.all(holders.map(({ session }) => session.close()));
    await ended;
    throw error;
  }
  return [...seen.values()];
}

function isIndexOid(oid: string, states: RelationStates): boolean {
  return /^[iI]$/.test(states.get(oid)?.kind ?? '');
}

const oldStatisticsMilliseconds = 600;

/** What a session has counted reaches the shared statistics at once from 15 on, before that twice a second. */
async function flushStatistics(session: Session): Promise<void> {
  if (session.facts.major >= 15) {
    await session.query('select pg_catalog.pg_stat_force_next_flush()');
    return;
  }
  await pause(oldStatisticsMilliseconds);
  await session.query('select 1');
  await pause(oldStatisticsMilliseconds);
}

/** Relations with the rows that all sessions have read of them. */
async function readBoth(watcher: Session): Promise<RelationStates> {
  await watcher.query('select pg_catalog.pg_stat_clear_snapshot()');
  const [states, counts] = [
    await readRelations(watcher),
    await watcher.query<{ oid: string; read: string }>(
      'select relid::text as oid, seq_tup_read::text as read from pg_catalog.pg_stat_user_tables',
    ),
  ];
  const reads = new Map(counts.rows.map((row) => [row.oid, Number(row.read)]));
  return new Map([...states].map(([oid, state]) => [oid, { ...state, read: reads.get(oid) ?? 0 }]));
}

/** Before 15 the statistics come late: a reading that shows no scan is repeated. */
async function readAfter(
  watcher: Session,
  before: RelationStates,
  there: ReadonlySet<string>,
): Promise<RelationStates> {
  for (let left = watcher.facts.major >= 15 ? 0 : 3; ; left -= 1) {
    const after = await readBoth(watcher);
    const grew = [...after].some(
      ([oid, state]) => there.has(oid) && state.read > (before.get(oid)?.read ?? 0),
    );
    if (grew || left === 0) return after;
    await pause(oldStatisticsMilliseconds / 2);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

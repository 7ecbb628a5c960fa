import { acquirePlanLock } from '../src/database/advisory-lock';
import { openSession, sessionFactory } from '../src/database/connect';
import type { Connection } from '../src/database/connection';
import { acquireFence } from '../src/database/fence';
import type { Session, SessionFactory } from '../src/database/session';
import { runBackfill } from '../src/implement/backfill';
import { backfillStore, type BackfillStore } from '../src/implement/backfill-store';
import { createRunControl } from '../src/implement/run-control';
import { isSwitchbackError } from '../src/messages/error';
import type { BackfillSpec, PlanOptions } from '../src/plan/plan';
import { systemClock, type Clock } from '../src/ports/clock';

/** Where in a batch the worker is cut off. */
export type KillMoment = 'statement' | 'before-commit' | 'in-commit' | 'after-commit';

export interface WorkerOrder {
  connection: Connection;
  password: string;
  planId: string;
  stepId: string;
  spec: BackfillSpec;
  options: PlanOptions;
  kill: {
    atRows: number;
    target: 'process' | 'backend';
    moment: KillMoment;
    delayMilliseconds: number;
  } | null;
}

/** Runs a backfill from its last checkpoint, and cuts itself off where the order says: killed, or its backend terminated. */
async function work(order: WorkerOrder): Promise<void> {
  const clock = systemClock();
  const sessions = sessionFactory(order.connection, async () => order.password);
  const lock = await lockWhenFree(sessions, order.planId, clock);
  const session = await sessions.open({ applicationName: 'switchback backfill' });
  const fence = await acquireFence(session, order.planId, 'bench');
  const store = backfillStore(order.planId, order.stepId, fence);
  const { session: watched, store: killing } = order.kill
    ? await armed(order, session, store)
    : { session, store };
  const progress = await runBackfill({
    sessions,
    session: watched,
    stepId: order.stepId,
    spec: order.spec,
    options: order.options,
    store: killing,
    control: createRunControl(),
    onEvent: () => undefined,
    clock,
    signal: new AbortController().signal,
  });
  await session.close();
  await lock.release();
  process.stdout.write(JSON.stringify({ done: progress.rowsDone }) + '\n');
}

/** A killed process leaves its backend to notice; until then the lock is held. */
async function lockWhenFree(
  sessions: SessionFactory,
  planId: string,
  clock: Clock,
): ReturnType<typeof acquirePlanLock> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await acquirePlanLock({ sessions, planId, owner: 'bench' });
    } catch (error) {
      if (attempt >= 300 || !isSwitchbackError(error, 'locked-by-other')) throw error;
      await clock.sleep(100);
    }
  }
}

async function armed(
  order: WorkerOrder,
  session: Session,
  store: BackfillStore,
): Promise<{ session: Session; store: BackfillStore }> {
  const { atRows, target, moment, delayMilliseconds } = order.kill!;
  const executioner = await openSession(order.connection, order.password, { applicationName: 'kill' });
  let reached = false;
  const strike = async (): Promise<void> => {
    process.stdout.write(JSON.stringify({ killed: moment, target }) + '\n');
    if (target === 'process') process.kill(process.pid, 'SIGKILL');
    await executioner.query('select pg_terminate_backend($1)', [session.facts.pid]);
  };
  const strikeLater = (): void => {
    setTimeout(() => void strike(), delayMilliseconds).unref();
  };
  const watched = new Proxy(session, {
    get: (target_, property) => {
      if (property !== 'transaction') return bound(target_, property);
      return async (inner: () => Promise<unknown>, options: Parameters<Session['transaction']>[1]) => {
        const result = await session.transaction(inner, options);
        if (reached && moment === 'after-commit') await strike();
        return result;
      };
    },
  });
  return {
    session: watched,
    store: {
      ...store,
      lock: async (on) => {
        const record = await store.lock(on);
        if (record.rowsDone >= atRows) {
          reached = true;
          if (moment === 'statement') strikeLater();
        }
        return record;
      },
      checkpoint: async (on, record) => {
        await store.checkpoint(on, record);
        if (reached && moment === 'before-commit') await strike();
        if (reached && moment === 'in-commit') strikeLater();
      },
    },
  };
}

function bound(session: Session, property: string | symbol): unknown {
  const value = Reflect.get(session, property, session) as unknown;
  return typeof value === 'function' ? (value.bind(session) as unknown) : value;
}

const order = process.env.SWITCHBACK_BENCH_ORDER;
if (order !== undefined) {
  work(JSON.parse(order) as WorkerOrder).catch((error: unknown) => {
    process.stderr.write(`${isSwitchbackError(error) ? error.code : String(error)}\n`);
    process.exit(isSwitchbackError(error, 'connection-lost') ? 3 : 1);
  });
}

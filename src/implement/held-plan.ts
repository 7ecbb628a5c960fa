import { acquireFence, assertFence } from '../database/fence';
import { recordIntent, recordStep, saveRunState } from '../database/run-store';
import type { Session } from '../database/session';
import { assertSchema } from '../database/switchback-schema';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { PlanProgress } from '../plan/plan';
import { backfillStore } from './backfill-store';
import { defaultGateLimits } from './gates';
import { readGateReadings } from './gate-readings';
import { takePlanLock } from './plan-lock';
import { readPlanProgress } from './plan-progress';
import type { HeldRun, RunContext, StepRecords } from './run-context';
import type { StepRun } from './run-step';

/** A run that holds the plan's lock: what steps are carried out with, and where the plan stands. */
export interface HeldPlan {
  run: HeldRun;
  /** What one step is carried out with, reading anew where the plan stands. */
  stepRun(): Promise<StepRun>;
  /** Writes the plan's state and gives where it stands. */
  saveState(): Promise<PlanProgress>;
}

/**
 * Does `work` as the only runner of this plan on this database. Throws `no-consent` with the SQL for a DBA,
 * `confirmation-needed` on production without the database's name, `locked-by-other` with who runs it.
 */
export async function withHeldPlan<T>(context: RunContext, work: (plan: HeldPlan) => Promise<T>): Promise<T> {
  const sessions: Session[] = [];
  const open = async (applicationName: string): Promise<Session> => {
    const session = await context.sessions.open({ applicationName, signal: context.signal });
    sessions.push(session);
    return session;
  };
  try {
    const session = await open('switchback');
    assertConfirmed(context, session);
    await assertSchema(session);
    // PGlite has one session; it is its own keeper and has nobody to wait for.
    const single = session.facts.engine === 'pglite';
    const keeper = single ? session : await open('switchback lock');
    const watch = single ? session : await open('switchback watch');
    const release = await takePlanLock(keeper, context.plan.id);
    try {
      const fence = await acquireFence(session, context.plan.id, context.by);
      return await work(heldPlan(context, session, watch, keeper, fence));
    } finally {
      await release();
    }
  } finally {
    await Promise.allSettled(sessions.map((session) => session.close()));
  }
}

function heldPlan(
  context: RunContext,
  session: Session,
  watch: Session,
  keeper: Session,
  fence: number,
): HeldPlan {
  const planId = context.plan.id;
  const signal = AbortSignal.any([context.signal, keeper.lost]);
  const run: HeldRun = { ...context, signal, session, watch, records: stepRecords(planId, fence) };
  return {
    run,
    stepRun: async () => ({
      ...run,
      progress: await readPlanProgress(session, context.plan),
      backfillStore: (step) => backfillStore(planId, step.id, fence),
      holdReason: () => holdReason(run),
    }),
    saveState: async () => {
      const progress = await readPlanProgress(session, context.plan);
      await session.transaction(async () => {
        await assertFence(session, planId, fence);
        await saveRunState(session, planId, progress.state, progress.phase);
      });
      return progress;
    },
  };
}

function stepRecords(planId: string, fence: number): StepRecords {
  return {
    lock: (session) => assertFence(session, planId, fence),
    intend: (session, step) => recordIntent(session, planId, step, null),
    set: (session, step, change) =>
      recordStep(session, planId, step, change.state, { by: change.by, error: change.error ?? null }),
  };
}

/** Why a backfill has to wait now: the gates that can close while it runs. */
async function holdReason(run: HeldRun): Promise<string | null> {
  const limits = run.limits ?? defaultGateLimits;
  const readings = await readGateReadings(run.watch, run.plan);
  const late = readings.replicas?.find(
    (replica) => (replica.lagMilliseconds ?? 0) > limits.replicaLagMilliseconds,
  );
  if (late)
    return t('the replica {0} is {1} s behind', late.name, Math.round((late.lagMilliseconds ?? 0) / 1000));
  return null;
}

function assertConfirmed(context: RunContext, session: Session): void {
  if (context.environment !== 'production' || context.confirmedDatabase === session.facts.database) return;
  throw new SwitchbackError(
    'confirmation-needed',
    context.confirmedDatabase === null
      ? t('{0} is production. Type the name of the database to go on.', context.sessions.label)
      : t(
          '{0} is production, and "{1}" is not its database\'s name. Type it exactly.',
          context.sessions.label,
          context.confirmedDatabase,
        ),
  );
}

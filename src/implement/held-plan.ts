import { acquirePlanLock } from '../database/advisory-lock';
import { acquireFence, assertFence } from '../database/fence';
import { recordIntent, recordStep, saveRunState } from '../database/run-store';
import type { Session } from '../database/session';
import { assertSchema } from '../database/switchback-schema';
import { t } from '../messages/translate';
import type { PlanProgress } from '../plan/plan';
import { backfillStore } from './backfill-store';
import { assertDatabaseConfirmed } from './confirmed-database';
import { defaultGateLimits } from './gate-request';
import { readGateReadings } from './gate-readings';
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
  const session = await openWorker(context, 'switchback');
  try {
    assertDatabaseConfirmed(context, session);
    await assertSchema(session);
    // PGlite has one session, so nobody to wait for and nobody to run beside.
    if (session.facts.engine === 'pglite') return await work(await heldPlan(context, session, session, null));
    return await withLock(context, session, work);
  } finally {
    await session.close();
  }
}

async function withLock<T>(
  context: RunContext,
  session: Session,
  work: (plan: HeldPlan) => Promise<T>,
): Promise<T> {
  const { sessions, signal, by: owner } = context;
  const lock = await acquirePlanLock({ sessions, planId: context.plan.id, owner, signal });
  try {
    const watch = await openWorker(context, 'switchback watch');
    try {
      return await work(await heldPlan(context, session, watch, lock.lost));
    } finally {
      await watch.close();
    }
  } finally {
    await lock.release();
  }
}

function openWorker(context: RunContext, applicationName: string): Promise<Session> {
  return context.sessions.open({ applicationName, signal: context.signal });
}

async function heldPlan(
  context: RunContext,
  session: Session,
  watch: Session,
  lockLost: AbortSignal | null,
): Promise<HeldPlan> {
  const fence = await acquireFence(session, context.plan.id, context.by);
  const planId = context.plan.id;
  const signal = lockLost ? AbortSignal.any([context.signal, lockLost]) : context.signal;
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

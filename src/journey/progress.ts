import { schemaState } from '../database/switchback-schema';
import { defaultGateLimits } from '../implement/gate-request';
import { evaluateGates } from '../implement/gates';
import { readGateReadings } from '../implement/gate-readings';
import { progressOfRun, readPlanProgress } from '../implement/plan-progress';
import type { LoadedPlan } from '../implement/scaffold/plan-file';
import { nextStep, planProgress } from '../plan/plan-state';
import {
  phaseOf,
  stepsOf,
  type Gate,
  type PhaseName,
  type Plan,
  type PlanProgress,
  type Step,
} from '../plan/plan';
import { readApprovals } from './approvals';
import type { Database } from './database';
import type { PlanStanding } from './outcomes';
import { withEnvironmentGates } from './environment-gates';
import { readEvidence } from './evidence';
import { loadPlan } from './plans';
import { openPrerequisitesOf } from './prerequisites';
import { historyHash } from './rehearsed-history';
import type { JourneyContext } from './workspace';

/** Where a plan stands on a database; without one, as far as its files tell. Reads only. */
export async function planStanding(
  context: JourneyContext,
  database: Database | null,
  planFolder: string,
): Promise<PlanStanding> {
  const own = await loadPlan(context, planFolder);
  const loaded = database ? withEnvironmentGates(own, database) : own;
  const progress = await readProgress(database, loaded);
  const next = comingStep(loaded.plan, progress);
  return {
    plan: loaded.plan,
    planFolder,
    progress,
    next,
    gates: database && next ? await readGates(context, database, loaded, progress, next) : [],
    needsRelease: next ? heldPhase(loaded, progress, next) : null,
  };
}

/** The step that comes next; for a plan that was rolled back its first, because it may be run again. */
export function comingStep(plan: Plan, progress: PlanProgress): Step | null {
  return progress.state === 'rolled-back' ? (stepsOf(plan)[0] ?? null) : nextStep(plan, progress);
}

/** What is recorded of a plan on a database; of one that was abandoned nothing goes on anywhere. */
export async function readProgress(database: Database | null, loaded: LoadedPlan): Promise<PlanProgress> {
  if (loaded.state === 'abandoned')
    return planProgress(loaded.plan, [], { scaffolded: true, abandoned: true });
  if (!database) return progressOfRun(loaded.plan, null);
  const state = await schemaState(database.session);
  return state.kind === 'absent'
    ? progressOfRun(loaded.plan, null)
    : readPlanProgress(database.session, loaded.plan);
}

async function readGates(
  context: JourneyContext,
  database: Database,
  loaded: LoadedPlan,
  progress: PlanProgress,
  step: Step,
): Promise<Gate[]> {
  if (step.gates.length === 0) return [];
  const approvals = await readApprovals(context, loaded);
  return evaluateGates({
    plan: loaded.plan,
    step,
    progress,
    evidence: await readEvidence(database, loaded, approvals.proved),
    contentHash: loaded.approvedHash,
    historyHash: step.gates.includes('rehearsal') ? await historyHash(context, loaded) : null,
    openPrerequisites: openPrerequisitesOf(context, loaded),
    approvals,
    readings: await readGateReadings(database.session, loaded.plan),
    limits: defaultGateLimits,
    now: context.clock.now(),
  });
}

/**
 * The phase that must be released by hand before this step: contract always, the others until their first step is
 * done; from then on their files are released as they are reached.
 */
function heldPhase(loaded: LoadedPlan, progress: PlanProgress, step: Step): PhaseName | null {
  const isFile = step.kind === 'migration' || step.kind === 'concurrent';
  if (!isFile || loaded.releases.some((release) => release.step === step.id)) return null;
  const phase = phaseOf(loaded.plan, step.id)!;
  const done = progress.steps.filter((item) => item.state === 'done').map((item) => item.id);
  const begun = phase.steps.some((item) => done.includes(item.id));
  return phase.name === 'contract' || !begun ? phase.name : null;
}

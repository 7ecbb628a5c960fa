import { schemaState } from '../database/switchback-schema';
import { applyPhase as applyPlanPhase, applyStep } from '../implement/run-plan';
import { startAgain } from '../implement/start-again';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { isPastReturn, nextStep } from '../plan/plan-state';
import type { PhaseName, Plan, PlanProgress, Step } from '../plan/plan';
import { progressOfRun, readPlanProgress } from '../implement/plan-progress';
import { loadPlan } from './plans';
import { mirrorProgress, preparePlanRun, type PlanRun, type RunChoices } from './plan-run';
import { writeRetrospective } from './retrospective';
import type { RunRequest } from './run';
import type { JourneyContext } from './workspace';

/** Carries out the plan's next step. Throws `gate-not-held`, `confirmation-needed`, or why the step failed. */
export async function applyNextStep(
  context: JourneyContext,
  request: RunRequest,
  choices: RunChoices = {},
): Promise<PlanProgress> {
  const prepared = await preparePlanRun(context, request, choices);
  await confirmRunAgain(context, request, prepared);
  const step = await requireNextStep(request, prepared);
  await confirmNoReturn(context, request, prepared, [step]);
  return mirrored(context, request, () => applyStep(prepared.run, step.id));
}

/** Carries out a phase from its first open step; stops, with the reason as an event, where a person or a date is needed. */
export async function applyPhase(
  context: JourneyContext,
  request: RunRequest,
  phase: PhaseName,
  choices: RunChoices = {},
): Promise<PlanProgress> {
  const prepared = await preparePlanRun(context, request, { ...choices, phase });
  await confirmRunAgain(context, request, prepared);
  const steps = prepared.loaded.plan.phases.find((item) => item.name === phase)?.steps ?? [];
  await confirmNoReturn(context, request, prepared, steps);
  return mirrored(context, request, async () => {
    const outcome = await applyPlanPhase(prepared.run, phase);
    if (outcome.stopped)
      request.onEvent({ kind: 'note', step: outcome.stopped.step, message: outcome.stopped.reason });
    return outcome.progress;
  });
}

/** Runs or resumes the backfill that comes next. Throws `usage` when the next step is none. */
export async function runBackfillStep(context: JourneyContext, request: RunRequest): Promise<PlanProgress> {
  const prepared = await preparePlanRun(context, request);
  const step = await requireNextStep(request, prepared);
  if (step.kind !== 'backfill') {
    throw new SwitchbackError(
      'usage',
      t('The next step is "{0}", which is no backfill. Apply it first.', step.title),
    );
  }
  return mirrored(context, request, () => applyStep(prepared.run, step.id));
}

async function requireNextStep(request: RunRequest, { loaded }: PlanRun): Promise<Step> {
  const progress = await standing(request, loaded.plan);
  const step = nextStep(loaded.plan, progress);
  if (step) return step;
  throw new SwitchbackError(
    'already-done',
    t('"{0}" is {1}: there is no next step.', loaded.plan.title, progress.state),
  );
}

/** A plan that was rolled back starts again from its first step, with the files it was released into, after a yes. */
async function confirmRunAgain(
  context: JourneyContext,
  request: RunRequest,
  { loaded, run }: PlanRun,
): Promise<void> {
  if ((await standing(request, loaded.plan)).state !== 'rolled-back') return;
  const agreed = await context.prompt.confirm({
    id: 'run-again',
    title: t('"{0}" was rolled back on {1}.', loaded.plan.title, request.database.sessions.label),
    detail: t('It would start again from its first step, with the migration files it was released into.'),
    accept: t('Run Again'),
  });
  if (!agreed) {
    throw new SwitchbackError(
      'cancelled',
      t(
        'Nothing was run. "{0}" stays rolled back on {1}.',
        loaded.plan.title,
        request.database.sessions.label,
      ),
    );
  }
  await startAgain(run);
}

/**
 * Asks before the point of no return, when one of the steps about to run is it. A deployment that nobody confirms
 * now stops the run before it, so confirming it is what asks.
 */
export async function confirmNoReturn(
  context: JourneyContext,
  request: RunRequest,
  { loaded, run }: PlanRun,
  steps: readonly Step[],
): Promise<void> {
  const { pointOfNoReturn } = loaded.plan;
  const step = steps.find((item) => item.id === pointOfNoReturn?.step);
  if (!pointOfNoReturn || !step || (step.kind === 'deploy' && !run.confirmations.has(step.id))) return;
  if (isPastReturn(loaded.plan, await standing(request, loaded.plan))) return;
  const agreed = await context.prompt.confirm({
    id: 'no-return',
    title: t('"{0}" is the point of no return.', step.title),
    detail: pointOfNoReturn.why,
    accept: t('Go Past It'),
  });
  if (!agreed)
    throw new SwitchbackError(
      'cancelled',
      t('Nothing was run. The plan stays before its point of no return.'),
    );
}

/** Where the plan stands; at its start where consent to the schema is missing, which the run itself then says. */
async function standing({ database }: RunRequest, plan: Plan): Promise<PlanProgress> {
  const state = await schemaState(database.session);
  return state.kind === 'absent' ? progressOfRun(plan, null) : readPlanProgress(database.session, plan);
}

/** Does `work` and mirrors where the plan stands into plan.md, also when it failed. */
export async function mirrored(
  context: JourneyContext,
  request: RunRequest,
  work: () => Promise<PlanProgress>,
): Promise<PlanProgress> {
  const { database, planFolder } = request;
  try {
    const progress = await work();
    await mirrorProgress(context, database, planFolder, progress);
    await writeRetrospective(context, database, planFolder, progress);
    return progress;
  } catch (error) {
    await mirrorAfterFailure(context, request);
    throw error;
  }
}

/** The failure itself is what the user must see; a mirror that cannot be written is said beside it. */
async function mirrorAfterFailure(context: JourneyContext, request: RunRequest): Promise<void> {
  try {
    const { database, planFolder } = request;
    const { plan } = await loadPlan(context, planFolder);
    await mirrorProgress(context, database, planFolder, await readPlanProgress(database.session, plan));
  } catch {
    request.onEvent({
      kind: 'note',
      step: null,
      message: t(
        'plan.md could not be brought up to date; the database is the truth. Refresh when it can be reached.',
      ),
    });
  }
}

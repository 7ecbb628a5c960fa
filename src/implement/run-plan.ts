import type { Session } from '../database/session';
import { assertSchema } from '../database/switchback-schema';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { nextStep } from '../plan/plan-state';
import {
  phaseNames,
  phaseOf,
  stepsOf,
  type Gate,
  type PhaseName,
  type PlanProgress,
  type Step,
} from '../plan/plan';
import { defaultGateLimits } from './gate-request';
import { evaluateGates, isOpen } from './gates';
import { readGateReadings } from './gate-readings';
import { withHeldPlan, type HeldPlan } from './held-plan';
import { clearDirty } from './migration-file';
import { readFileState } from './file-state';
import { readPlanProgress } from './plan-progress';
import type { HeldRun, RunContext } from './run-context';
import { runStep, type StepRun } from './run-step';

/** How far a run came: `stopped` says what a person or the time has to do before it goes on. */
export interface RunOutcome {
  progress: PlanProgress;
  stopped: { step: string; reason: string } | null;
}

/**
 * Carries out one step, which must be the next one of the plan, when its gates hold. Throws `gate-not-held` with
 * the reasons, `confirmation-needed`, `no-consent`, `locked-by-other`, `already-done`, or why the step failed.
 */
export async function applyStep(context: RunContext, stepId: string): Promise<PlanProgress> {
  return withHeldPlan(context, async (held) => {
    const run = await held.stepRun();
    await carryOut(held, run, requireNext(run, stepId));
    return held.saveState();
  });
}

/**
 * Carries out the steps of a phase one after the other, from the first that is not done. Stops without an error
 * at a step that waits for a person or a date; throws as `applyStep` does otherwise.
 */
export async function applyPhase(context: RunContext, phase: PhaseName): Promise<RunOutcome> {
  return withHeldPlan(context, async (held) => {
    for (;;) {
      await context.control.whenRunning();
      const run = await held.stepRun();
      assertOpen(run);
      const step = nextStep(context.plan, run.progress);
      // Also where nothing may run now: until the mark is cleared the tool refuses every migration.
      await repairHistory(run);
      if (step === null || isOtherPhase(run, step, phase)) {
        return { progress: await held.saveState(), stopped: null };
      }
      const stopped = await carryOutOrStop(held, run, step);
      if (stopped) return { progress: await held.saveState(), stopped };
    }
  });
}

/** Goes on with the phase the plan is in; a step that broke off is decided from the catalog and the history. */
export async function resumePlan(context: RunContext): Promise<RunOutcome> {
  const session = await context.sessions.open({ signal: context.signal });
  const phase = await currentPhase(context, session).finally(() => session.close());
  return applyPhase(context, phase);
}

/** The gates of a step as they are now. */
export async function readGates(run: HeldRun & { progress: PlanProgress }, step: Step): Promise<Gate[]> {
  if (step.gates.length === 0) return [];
  return evaluateGates({
    plan: run.plan,
    step,
    progress: run.progress,
    evidence: run.evidence,
    contentHash: run.contentHash,
    historyHash: run.historyHash,
    openPrerequisites: run.openPrerequisites,
    approvals: run.approvals,
    readings: await readGateReadings(run.watch, run.plan),
    limits: run.limits ?? defaultGateLimits,
    now: run.clock.now(),
  });
}

async function carryOut(held: HeldPlan, run: StepRun, step: Step): Promise<void> {
  const closed = (await readGates(run, step)).filter((gate) => !isOpen(gate));
  if (closed.length > 0) {
    throw new SwitchbackError(
      'gate-not-held',
      t('"{0}" may not run yet. {1}', step.title, closed.map((gate) => gate.reason).join(' ')),
      { details: { gates: closed.map((gate) => gate.kind).join(', ') } },
    );
  }
  await repairHistory(run);
  try {
    await runStep(run, step);
  } finally {
    if (!run.session.lost.aborted && !run.signal.aborted) await held.saveState();
  }
}

/** Whether the phase is over; throws where it has not begun because an earlier one is not over. */
function isOtherPhase(run: StepRun, step: Step, phase: PhaseName): boolean {
  const current = phaseOf(run.plan, step.id)?.name ?? phase;
  if (phaseNames.indexOf(phase) > phaseNames.indexOf(current)) {
    throw new SwitchbackError(
      'gate-not-held',
      t('The phase {0} is not over: "{1}" comes next. Finish it before {2}.', current, step.title, phase),
    );
  }
  return current !== phase;
}

async function carryOutOrStop(held: HeldPlan, run: StepRun, step: Step): Promise<RunOutcome['stopped']> {
  try {
    await carryOut(held, run, step);
    return null;
  } catch (error) {
    const waits =
      isSwitchbackError(error, 'confirmation-needed') || isSwitchbackError(error, 'gate-not-held');
    if (!waits) throw error;
    return { step: step.id, reason: error.sentence };
  }
}

/**
 * A tool that records after the migration (golang-migrate) may have been left with its mark of "begun" when the
 * connection broke in between: the step is on record as done, so the mark is cleared.
 */
async function repairHistory(run: StepRun): Promise<void> {
  const done = run.progress.steps
    .filter((progress) => progress.state === 'done')
    .map((progress) => progress.id);
  const last = stepsOf(run.plan)
    .filter((step) => isFileStep(step) && done.includes(step.id))
    .at(-1);
  const file = last ? await run.released(last) : null;
  if (!last || !file || (await readFileState(run.session, file)) !== 'dirty') return;
  await clearDirty(
    { ...run, stepId: last.id, file, lockTimeoutMilliseconds: run.plan.options.lockTimeoutMilliseconds },
    'up',
  );
  run.onEvent({
    kind: 'note',
    step: last.id,
    message: t(
      'Migration {0} was committed and its history left unfinished; it is in order again.',
      file.migration.version,
    ),
  });
}

function assertOpen(run: StepRun): void {
  const { state } = run.progress;
  if (state !== 'rolled-back' && state !== 'abandoned') return;
  throw new SwitchbackError(
    'already-done',
    state === 'abandoned'
      ? t('"{0}" was given up. Make a new plan to do it.', run.plan.title)
      : t('"{0}" was rolled back. Start it again from its first step, or make a new plan.', run.plan.title),
  );
}

function isFileStep(step: Step): boolean {
  return step.kind === 'migration' || step.kind === 'concurrent';
}

function requireNext(run: StepRun, stepId: string): Step {
  const step = stepsOf(run.plan).find((candidate) => candidate.id === stepId);
  if (!step)
    throw new SwitchbackError('not-found', t('The plan has no step "{0}". Choose one of its steps.', stepId));
  const next = nextStep(run.plan, run.progress);
  if (next?.id === stepId) return step;
  const state = run.progress.steps.find((progress) => progress.id === stepId)?.state;
  if (state === 'done' || state === 'skipped') {
    throw new SwitchbackError(
      'already-done',
      t('"{0}" is done already. The next step is "{1}".', step.title, next?.title ?? '-'),
    );
  }
  throw new SwitchbackError(
    'gate-not-held',
    next
      ? t('"{0}" is not the next step: "{1}" comes first.', step.title, next.title)
      : t('"{0}" cannot run: the plan is {1}.', step.title, run.progress.state),
  );
}

async function currentPhase(context: RunContext, session: Session): Promise<PhaseName> {
  await assertSchema(session);
  const progress = await readPlanProgress(session, context.plan);
  if (progress.phase !== null) return progress.phase;
  throw new SwitchbackError(
    'already-done',
    t('"{0}" is {1}: there is nothing to resume.', context.plan.title, progress.state),
  );
}

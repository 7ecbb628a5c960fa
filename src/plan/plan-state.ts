import {
  phaseOf,
  stepsOf,
  type Plan,
  type PlanProgress,
  type PlanState,
  type Step,
  type StepProgress,
} from './plan';

/** What decides the plan's state besides its steps. */
export interface PlanMarks {
  /** The plan's files have been written. */
  scaffolded: boolean;
  /** Somebody gave it up. */
  abandoned: boolean;
}

/**
 * Where the plan stands, from what is recorded of its steps: steps without a record are `ready` when all before
 * them are finished, otherwise `blocked`. A record of a step the plan does not have is left out.
 */
export function planProgress(
  plan: Plan,
  recorded: readonly StepProgress[],
  marks: PlanMarks = { scaffolded: true, abandoned: false },
): PlanProgress {
  const byId = new Map(recorded.map((step) => [step.id, step]));
  let open = marks.scaffolded && !marks.abandoned;
  const steps = stepsOf(plan).map((step) => {
    const progress = withState(byId.get(step.id) ?? newProgress(step.id), open);
    open &&= isFinished(progress);
    return progress;
  });
  const next = steps.find((step) => !isFinished(step));
  const phase = next === undefined ? null : (phaseOf(plan, next.id)?.name ?? null);
  return { planId: plan.id, state: stateOf(plan, steps, marks), phase, steps };
}

/** The step to do next; null when all are finished or the plan is rolled back or abandoned. */
export function nextStep(plan: Plan, progress: PlanProgress): Step | null {
  if (progress.state === 'rolled-back' || progress.state === 'abandoned') return null;
  const next = progress.steps.find((step) => !isFinished(step));
  return next === undefined ? null : (stepsOf(plan).find((step) => step.id === next.id) ?? null);
}

/** The finished or begun steps in the order a rollback undoes them: the last first. */
export function stepsToRollBack(plan: Plan, progress: PlanProgress): Step[] {
  const states = new Map(progress.steps.map((step) => [step.id, step.state]));
  const begun = new Set(['done', 'failed', 'running', 'paused']);
  return stepsOf(plan)
    .filter((step) => begun.has(states.get(step.id) ?? 'blocked'))
    .reverse();
}

/** Whether the step after which nothing comes back has been done. */
export function isPastReturn(plan: Plan, progress: PlanProgress): boolean {
  return progress.steps.some((step) => step.id === plan.pointOfNoReturn?.step && step.state === 'done');
}

/** When a wait step ends: the end of the step before it plus its days; null while that is not known. */
export function waitEndsAt(plan: Plan, progress: PlanProgress, stepId: string): Date | null {
  const steps = stepsOf(plan);
  const index = steps.findIndex((step) => step.id === stepId);
  const step = steps[index];
  if (step?.kind !== 'wait') return null;
  const before = steps[index - 1];
  const finished = progress.steps.find((other) => other.id === before?.id)?.finishedAt;
  return finished == null ? null : new Date(Date.parse(finished) + step.days * 86_400_000);
}

/** A step nothing has been recorded of. */
export function newProgress(id: string): StepProgress {
  return { id, state: 'blocked', startedAt: null, finishedAt: null, by: null, error: null, backfill: null };
}

function withState(progress: StepProgress, open: boolean): StepProgress {
  const undecided =
    progress.state === 'blocked' || progress.state === 'ready' || progress.state === 'rolled-back';
  if (!undecided || progress.state === 'rolled-back') return progress;
  return { ...progress, state: open ? 'ready' : 'blocked' };
}

function isFinished(step: StepProgress): boolean {
  return step.state === 'done' || step.state === 'skipped';
}

function stateOf(plan: Plan, steps: readonly StepProgress[], marks: PlanMarks): PlanState {
  if (marks.abandoned) return 'abandoned';
  if (steps.length > 0 && steps.every(isFinished)) return 'done';
  const started = steps.some(
    (step) => step.state !== 'blocked' && step.state !== 'ready' && step.state !== 'rolled-back',
  );
  if (!started) {
    if (steps.some((step) => step.state === 'rolled-back')) return 'rolled-back';
    return marks.scaffolded ? 'ready' : 'draft';
  }
  const next = steps.find((step) => !isFinished(step))!;
  if (stepsOf(plan).find((step) => step.id === next.id)?.kind === 'wait') return 'waiting';
  switch (phaseOf(plan, next.id)?.name) {
    case 'migrate':
      return 'migrating';
    case 'contract':
      return 'contracting';
    case 'expand':
    case undefined:
      return 'expanding';
  }
}

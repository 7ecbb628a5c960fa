import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { nextStep } from '../plan/plan-state';
import { stepsOf, type Plan, type PlanProgress, type SqlStep, type Step } from '../plan/plan';
import { readFileState } from './file-state';
import { withHeldPlan } from './held-plan';
import { assertMayRun } from './may-run';
import { markMigrationFile } from './migration-file';
import type { RunContext } from './run-context';
import type { StepRun } from './run-step';
import { runCheck, verificationHolds } from './verification';

/** The next steps of a plan whose effect is there already, and why the one after them is not among them. */
export interface StepsThere {
  steps: Step[];
  stopped: { step: string; reason: string } | null;
}

/**
 * Finds, from the plan's next step on, those whose effect is there although the plan has not done them. Reads only. A release
 * counts where `released` names it; a wait never does.
 */
export async function stepsThere(
  session: Session,
  plan: Plan,
  progress: PlanProgress,
  released: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<StepsThere> {
  const first = nextStep(plan, progress);
  const all = stepsOf(plan);
  const steps: Step[] = [];
  for (const step of first ? all.slice(all.indexOf(first)) : []) {
    const reason = await whyNotThere(session, step, released, signal);
    if (reason !== null) return { steps, stopped: { step: step.id, reason } };
    steps.push(step);
  }
  return { steps, stopped: null };
}

async function whyNotThere(
  session: Session,
  step: Step,
  released: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<string | null> {
  switch (step.kind) {
    case 'wait':
      return t('"{0}" begins when what is before it is on record.', step.title);
    case 'deploy':
      if (!released.has(step.id)) return t('Nobody has said that "{0}" is released.', step.title);
      return effectMissing(session, step, signal);
    case 'check':
      for (const check of step.checks) {
        const { holds, detail } = await runCheck(session, check, signal);
        if (!holds) return t('"{0}" does not hold: {1}', check.title, detail || t('the query says no'));
      }
      return effectMissing(session, step, signal);
    case 'vacuum':
    case 'migration':
    case 'concurrent':
    case 'backfill':
      return effectMissing(session, step, signal);
  }
}

async function effectMissing(session: Session, step: Step, signal: AbortSignal): Promise<string | null> {
  if (step.verification && (await verificationHolds(session, step.verification, signal))) return null;
  return step.verification
    ? t('"{0}" is not done: this does not hold yet: {1}', step.title, step.verification.expectation)
    : t('Whether "{0}" was done cannot be seen.', step.title);
}

/**
 * Takes steps as done whose effect is there: their SQL is not run, the tool's history gets what the tool would have written.
 * Throws `verification-failed` where an effect is gone by now, else as `applyStep`.
 */
export async function adoptSteps(context: RunContext, steps: readonly Step[]): Promise<PlanProgress> {
  return withHeldPlan(context, async (held) => {
    for (const { id } of steps) {
      const run = await held.stepRun();
      const step = nextStep(context.plan, run.progress);
      if (step?.id !== id) throw movedOn(id);
      await adoptStep(run, step);
      await held.saveState();
    }
    return held.saveState();
  });
}

function movedOn(id: string): SwitchbackError {
  return new SwitchbackError(
    'locked-by-other',
    t('{0} is not the next step any more: somebody else has gone on. Look at the plan again.', id),
  );
}

async function adoptStep(run: StepRun, step: Step): Promise<void> {
  const missing = await effectMissing(run.session, step, run.signal);
  if (missing !== null) throw new SwitchbackError('verification-failed', missing);
  if (step.kind === 'migration' || step.kind === 'concurrent') await mark(run, step);
  const by = run.confirmations.get(step.id)?.by ?? run.by;
  await run.session.transaction(async () => {
    await run.records.lock(run.session);
    await run.records.set(run.session, step.id, { state: 'done', by, error: null });
  });
  const message = t('Taken as done: its effect was there');
  run.onEvent({ kind: 'step', step: step.id, state: 'done', milliseconds: 0, message });
}

/** The tool would run the file again where its history does not tell of it. */
async function mark(run: StepRun, step: SqlStep): Promise<void> {
  const file = await run.released(step);
  if (file === null) {
    if (step.kind === 'concurrent') return;
    throw new SwitchbackError(
      'not-found',
      t('"{0}" has no file in {1} yet. Release its phase first.', step.title, run.plan.layout.folder),
    );
  }
  if ((await readFileState(run.session, file)) === 'applied') return;
  await assertMayRun(run.session, file, 'up');
  const { lockTimeoutMilliseconds } = run.plan.options;
  await markMigrationFile({ ...run, stepId: step.id, file, lockTimeoutMilliseconds }, 'up');
}

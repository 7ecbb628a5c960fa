import { withLockRetry } from '../database/lock-retry';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { stepsToRollBack } from '../plan/plan-state';
import {
  stepsOf,
  type BackfillStep,
  type PlanProgress,
  type SqlStep,
  type Step,
  type StepState,
} from '../plan/plan';
import { withHeldPlan } from './held-plan';
import { assertMayRun } from './may-run';
import { clearDirty, runMigrationFile, type FileRun } from './migration-file';
import { isDirtyJustBelow, readFileState } from './file-state';
import { runOutsideTransaction } from './outside-transaction';
import { lockRetryOf } from './lock-retry-of';
import type { ReleasedFile, RunContext } from './run-context';
import type { StepRun } from './run-step';
import { verificationHolds } from './verification';
import { backfillAgain } from './whole-backfill';

/** How far a rollback came; `stopped` says why it went no further. */
export interface RollBackOutcome {
  progress: PlanProgress;
  stopped: { step: string; reason: string } | null;
}

/**
 * Undoes the steps done so far, the last first, each with its own rollback. Stops, without an error, at a step
 * after which nothing comes back, and at a deployment that nobody has confirmed to be taken back; throws why a
 * rollback failed. Started again it goes on where it stopped.
 */
export async function rollBackPlan(context: RunContext): Promise<RollBackOutcome> {
  return withHeldPlan(context, async (held) => {
    for (;;) {
      const run = await held.stepRun();
      const step = stepsToRollBack(context.plan, run.progress)[0];
      if (step === undefined) {
        await clearLastMark(run);
        return { progress: await held.saveState(), stopped: null };
      }
      const reason = await rollBackStep(run, step);
      if (reason !== null) return { progress: await held.saveState(), stopped: { step: step.id, reason } };
      await held.saveState();
    }
  });
}

/** Undoes one step; gives why it cannot be undone, or null. */
async function rollBackStep(run: StepRun, step: Step): Promise<string | null> {
  const started = performance.now();
  const state = run.progress.steps.find((progress) => progress.id === step.id)?.state ?? 'blocked';
  const reason = await undo(run, step, state);
  if (reason !== null) return reason;
  const milliseconds = Math.round(performance.now() - started);
  run.onEvent({ kind: 'step', step: step.id, state: 'rolled-back', milliseconds, message: step.title });
  return null;
}

async function undo(run: StepRun, step: Step, state: StepState): Promise<string | null> {
  switch (step.kind) {
    case 'migration':
    case 'concurrent':
    case 'vacuum':
      return undoSql(run, step, state);
    case 'backfill':
      return undoBackfill(run, step);
    case 'deploy': {
      const confirmation = run.confirmations.get(step.id);
      if (state === 'done' && !confirmation) {
        return t(
          '"{0}" was released: {1} Confirm it when that is done.',
          step.title,
          step.rollbackInstructions,
        );
      }
      await markRolledBack(run, step, confirmation?.by ?? 'switchback');
      return null;
    }
    case 'check':
    case 'wait':
      await markRolledBack(run, step, 'switchback');
      return null;
  }
}

async function undoSql(run: StepRun, step: SqlStep, state: StepState): Promise<string | null> {
  const file = step.kind === 'vacuum' ? null : await run.released(step);
  if (step.kind === 'migration' && file === null) {
    throw new SwitchbackError(
      'not-found',
      t(
        'The file of "{0}" is not in {1} any more. Put it back, then roll back.',
        step.title,
        run.plan.layout.folder,
      ),
    );
  }
  if (file && state === 'done') await settleCutOffDown(run, step, file);
  const fileState = file ? await readFileState(run.session, file) : null;
  const nothingDone = file ? fileState === 'pending' : step.kind === 'vacuum';
  if (nothingDone) {
    await markRolledBack(run, step, fileState === 'pending' && state === 'done' ? 'tool' : 'switchback');
    return null;
  }
  if (step.rollback.kind === 'no-return') {
    return t('"{0}" is the point of no return: {1}', step.title, step.rollback.why);
  }
  if (file) return undoFile(run, step, { ...run, ...fileRun(run, step), file }, fileState === 'dirty');
  if (step.rollback.kind === 'sql')
    await runOutsideTransaction({ ...run, ...fileRun(run, step) }, step.rollback.sql);
  await markRolledBack(run, step, 'switchback');
  return null;
}

/** A down that was cut off left its mark below the migration; where the migration's effect is still there, it stands. */
async function settleCutOffDown(run: StepRun, step: SqlStep, file: ReleasedFile): Promise<void> {
  if (!(await isDirtyJustBelow(run.session, file))) return;
  if (step.verification === null || !(await verificationHolds(run.session, step.verification, run.signal)))
    return;
  await clearDirty({ ...run, ...fileRun(run, step), file }, 'up');
}

/** Cut off between the last down's commit and the tool's mark of it: nothing is left to do but the mark. */
async function clearLastMark(run: StepRun): Promise<void> {
  const undone = run.progress.steps.filter((step) => step.state === 'rolled-back').map((step) => step.id);
  const last = stepsOf(run.plan).find((step) => step.kind === 'migration' && undone.includes(step.id));
  const file = last ? await run.released(last) : null;
  if (!last || !file || !(await isDirtyJustBelow(run.session, file))) return;
  await clearDirty({ ...run, ...fileRun(run, last), file }, 'down');
}

async function undoFile(run: StepRun, step: SqlStep, file: FileRun, dirty: boolean): Promise<null> {
  const done = run.progress.steps.find((progress) => progress.id === step.id)?.state === 'done';
  if (dirty && !done && step.kind === 'migration') {
    // Our connection broke in the middle, and the migration's own transaction went with it.
    await clearDirty(file, 'down');
    await inTransaction(run, () => file.alsoRecord(run.session));
    return null;
  }
  if (dirty) await clearDirty(file, 'up');
  await assertMayRun(run.session, file.file, 'down');
  await runMigrationFile(file, 'down');
  return null;
}

function fileRun(
  run: StepRun,
  step: Step,
): Pick<FileRun, 'stepId' | 'lockTimeoutMilliseconds' | 'alsoRecord'> {
  return {
    stepId: step.id,
    lockTimeoutMilliseconds: run.plan.options.lockTimeoutMilliseconds,
    alsoRecord: async (session) => {
      await run.records.lock(session);
      await run.records.set(session, step.id, { state: 'rolled-back', by: 'switchback', error: null });
    },
  };
}

async function undoBackfill(run: StepRun, step: BackfillStep): Promise<string | null> {
  const { rollback } = step;
  if (rollback.kind === 'no-return') {
    return t('"{0}" is the point of no return: {1}', step.title, rollback.why);
  }
  if (step.againOnRollback === true) await backfillAgain(run, step);
  await withLockRetry({
    ...lockRetryOf({ ...run, stepId: step.id }, step.title),
    lockTimeoutMilliseconds: run.plan.options.lockTimeoutMilliseconds,
    work: async () => {
      await run.records.lock(run.session);
      if (rollback.kind === 'sql' && step.againOnRollback !== true) await run.session.script(rollback.sql);
      // The next start walks from the beginning again.
      await run.session.query('delete from switchback.backfills where plan_id = $1 and step_id = $2', [
        run.plan.id,
        step.id,
      ]);
      await run.records.set(run.session, step.id, { state: 'rolled-back', by: 'switchback', error: null });
    },
  });
  return null;
}

async function markRolledBack(run: StepRun, step: Step, by: string): Promise<void> {
  await inTransaction(run, async () => {
    await run.records.lock(run.session);
    await run.records.set(run.session, step.id, { state: 'rolled-back', by, error: null });
  });
}

async function inTransaction(run: StepRun, work: () => Promise<void>): Promise<void> {
  await run.session.transaction(work, { signal: run.signal });
}

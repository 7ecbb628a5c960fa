import type { BackfillRow, RunRecord, StepRecord } from '../database/run-record';
import { loadRun } from '../database/run-store';
import type { Session } from '../database/session';
import { planProgress } from '../plan/plan-state';
import type { BackfillProgress, Plan, PlanProgress, StepProgress } from '../plan/plan';

/** Where a plan stands on this database, from its schema `switchback`. */
export async function readPlanProgress(session: Session, plan: Plan): Promise<PlanProgress> {
  return progressOfRun(plan, await loadRun(session, plan.id));
}

/** Where a plan stands, from what is recorded; nothing recorded means that nothing was done. */
export function progressOfRun(plan: Plan, run: RunRecord | null): PlanProgress {
  const steps = (run?.steps ?? []).map((step) => stepProgress(step, run?.backfills ?? []));
  return planProgress(plan, steps, { scaffolded: true, abandoned: run?.state === 'abandoned' });
}

function stepProgress(step: StepRecord, backfills: readonly BackfillRow[]): StepProgress {
  const backfill = backfills.find((row) => row.stepId === step.stepId);
  return {
    id: step.stepId,
    // The run goes on while its backfill waits to be resumed; who looks at the step wants to know that it waits.
    state: step.state === 'running' && backfill?.state === 'paused' ? 'paused' : step.state,
    startedAt: step.startedAt,
    finishedAt: step.finishedAt,
    by: step.by,
    error: step.error,
    backfill: backfill ? backfillProgress(backfill) : null,
  };
}

function backfillProgress(row: BackfillRow): BackfillProgress {
  return {
    state: row.state,
    rowsDone: row.rowsDone,
    rowsTotal: Math.max(row.rowsTotal, row.rowsDone),
    batchRows: row.batchRows,
    batchMilliseconds: null,
    rowsPerSecond: null,
    remainingMilliseconds: null,
  };
}

import type { RunRecord } from '../database/run-record';
import { stepsOf, type Plan, type PlanProgress, type Step } from '../plan/plan';

/** Planned against actual; retrospective.md is rendered from it. Durations in ms. */
export interface Retrospective {
  planId: string;
  startedAt: string | null;
  finishedAt: string | null;
  steps: RetrospectiveStep[];
  /** Days between switch and contract. */
  deprecationDays: { planned: number; actual: number | null };
  backfill: { rows: number; milliseconds: number; rowsPerSecond: number | null } | null;
}

export interface RetrospectiveStep {
  id: string;
  title: string;
  state: string;
  by: string | null;
  planned: { low: number; high: number } | null;
  actual: number | null;
  /** Of a release that a person confirms, or a wait: when it ended, ISO 8601; null for what runs by itself. */
  endedAt: string | null;
  /** Whether it took longer than planned at most; null where one of the two is unknown. */
  late: boolean | null;
}

/** Compares what was planned with what was recorded. Pure. */
export function retrospective(plan: Plan, progress: PlanProgress, run: RunRecord | null): Retrospective {
  const steps = stepsOf(plan).map((step) => compareStep(step, progress));
  const recorded = progress.steps.filter((step) => step.startedAt !== null);
  const finished = progress.steps.map((step) => step.finishedAt).filter((at) => at !== null);
  return {
    planId: plan.id,
    startedAt: recorded.map((step) => step.startedAt!).sort()[0] ?? null,
    finishedAt: progress.state === 'done' ? (finished.sort().at(-1) ?? null) : null,
    steps,
    deprecationDays: { planned: plan.options.deprecationDays, actual: actualDays(plan, progress) },
    backfill: backfillOf(run),
  };
}

function compareStep(step: Step, progress: PlanProgress): RetrospectiveStep {
  const record = progress.steps.find((candidate) => candidate.id === step.id);
  const confirmed = step.kind === 'deploy' || step.kind === 'wait';
  const planned = step.forecast?.holdMilliseconds ?? null;
  const actual =
    !confirmed && record?.startedAt && record.finishedAt
      ? Date.parse(record.finishedAt) - Date.parse(record.startedAt)
      : null;
  return {
    id: step.id,
    title: step.title,
    state: record?.state ?? 'blocked',
    by: record?.by ?? null,
    planned,
    actual,
    endedAt: confirmed ? (record?.finishedAt ?? null) : null,
    late: planned === null || actual === null ? null : actual > planned.high,
  };
}

/** From the end of the step before the wait to the end of the wait. */
function actualDays(plan: Plan, progress: PlanProgress): number | null {
  const steps = stepsOf(plan);
  const index = steps.findIndex((step) => step.kind === 'wait');
  const at = (step: Step | undefined): number =>
    Date.parse(progress.steps.find((candidate) => candidate.id === step?.id)?.finishedAt ?? '');
  const days = (at(steps[index]) - at(steps[index - 1])) / 86_400_000;
  return index < 1 || Number.isNaN(days) ? null : Math.round(days * 10) / 10;
}

function backfillOf(run: RunRecord | null): Retrospective['backfill'] {
  if (!run || run.backfills.length === 0) return null;
  const rows = run.backfills.reduce((sum, row) => sum + row.rowsDone, 0);
  const milliseconds = run.backfills.reduce(
    (sum, row) => sum + Date.parse(row.updatedAt) - Date.parse(row.startedAt),
    0,
  );
  return {
    rows,
    milliseconds,
    rowsPerSecond: milliseconds > 0 ? Math.round((rows * 1000) / milliseconds) : null,
  };
}

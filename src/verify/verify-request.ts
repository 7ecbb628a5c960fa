import type { Session } from '../database/session';
import { stepsOf, type PartPlan, type Plan, type PlanProgress, type Step } from '../plan/plan';
import type { Clock } from '../ports/clock';
import type { Progress } from '../ports/progress';
import type { Rehearsal } from '../rehearse/rehearsal';
import type { SqlParser } from '../sql/parser';
import type { Report, ReportCheck } from './report';

/** What a verification is given. The session is only read from. */
export interface VerifyRequest {
  plan: Plan;
  progress: PlanProgress;
  session: Session;
  database: Pick<Report['database'], 'label' | 'environment'>;
  /** The latest rehearsal of the plan's migrations; null where there is none. */
  rehearsal: Rehearsal | null;
  parser: SqlParser;
  clock: Clock;
  progressReport: Progress;
  signal: AbortSignal;
}

/** The same for one of the plan's changes. */
export type PartRequest = VerifyRequest & { plan: PartPlan };

/** Runs a check and measures it. */
export async function timed(
  check: Pick<ReportCheck, 'id' | 'title' | 'sql'>,
  work: () => Promise<Pick<ReportCheck, 'verdict' | 'evidence'>>,
): Promise<ReportCheck> {
  const started = performance.now();
  const outcome = await work();
  return { ...check, ...outcome, milliseconds: Math.round(performance.now() - started) };
}

/** Whether a step is on record as done. */
export function isDone(progress: PlanProgress, stepId: string): boolean {
  return progress.steps.some((step) => step.id === stepId && step.state === 'done');
}

/** Whether a step found nothing to do on the way there, and has rows to give back since a later one is done. */
export function isForTheWayBack(
  { plan, progress }: Pick<VerifyRequest, 'plan' | 'progress'>,
  step: Step,
): boolean {
  if (step.kind !== 'backfill' || step.againOnRollback !== true) return false;
  const steps = stepsOf(plan);
  const later = steps.slice(steps.findIndex(({ id }) => id === step.id) + 1);
  return later.some(({ kind, id }) => kind !== 'check' && kind !== 'wait' && isDone(progress, id));
}

import type { Session } from '../database/session';
import type { Plan, PlanProgress } from '../plan/plan';
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

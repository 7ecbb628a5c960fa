import { t } from '../messages/translate';
import { stepsOf, type Plan } from './plan';

/** One row of the plan document's timeline. Dates are ISO days, UTC; `end` is the last day of it. */
export interface TimelineRow {
  id: 'planning' | 'development' | 'testing' | 'canary' | 'full-rollout' | 'clean-up';
  title: string;
  days: number;
  start: string;
  end: string;
  what: string;
}

/** The timeline from the day a plan is made, each row beginning when the one before has ended. */
export function planTimeline(plan: Pick<Plan, 'createdAt' | 'phases' | 'options'>): TimelineRow[] {
  const steps = stepsOf(plan);
  const deploys = steps.filter((step) => step.kind === 'deploy').length;
  const backfillDays = steps.reduce(
    (days, step) =>
      days + (step.kind === 'backfill' ? backfillDaysOf(step.forecast?.holdMilliseconds?.high ?? 0) : 0),
    0,
  );
  const waitDays = steps.reduce((days, step) => days + (step.kind === 'wait' ? step.days : 0), 0);
  const rows: Omit<TimelineRow, 'start' | 'end'>[] = [
    {
      id: 'planning',
      title: t('Planning'),
      days: 1,
      what: t('Read the plan, name who approves it, take it to review.'),
    },
    {
      id: 'development',
      title: t('Development'),
      days: Math.max(1, deploys * 2),
      what: t('Write the application release the plan asks for.'),
    },
    {
      id: 'testing',
      title: t('Testing'),
      days: 2,
      what: t('Rehearse the rollback and run the whole plan on staging.'),
    },
    {
      id: 'canary',
      title: t('Canary'),
      days: 1,
      what: t('Expand on production; one instance of the application runs the new release.'),
    },
    {
      id: 'full-rollout',
      title: t('Full rollout'),
      days: 1 + backfillDays,
      what: t('Backfill, prove the constraints, release to everybody.'),
    },
    {
      id: 'clean-up',
      title: t('Clean-up'),
      days: waitDays + 1,
      what: t('Wait out the deprecation window, then contract.'),
    },
  ];
  let day = Date.parse(plan.createdAt.slice(0, 10));
  return rows.map((row) => {
    const start = day;
    day += row.days * dayMilliseconds;
    return { ...row, start: isoDay(start), end: isoDay(day - dayMilliseconds) };
  });
}

const dayMilliseconds = 86_400_000;

function backfillDaysOf(milliseconds: number): number {
  return Math.floor(milliseconds / dayMilliseconds);
}

function isoDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

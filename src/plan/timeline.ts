import { canaryDays, expansionDays } from '../documents/rollout-stages';
import { laidOut, removalWork, type TimelineRow } from '../documents/timeline-rows';
import { t } from '../messages/translate';
import { stepsOf, type PhaseName, type Plan } from './plan';

export type { TimelineRow };

/** The timeline from the day a plan is made, each row beginning when the one before has ended. */
export function planTimeline(plan: Pick<Plan, 'createdAt' | 'phases' | 'options'>): TimelineRow[] {
  const steps = stepsOf(plan);
  const deploys = steps.filter((step) => step.kind === 'deploy').length;
  const fills = steps.some((step) => step.kind === 'backfill');
  const backfillDays = steps.reduce(
    (days, step) =>
      days + (step.kind === 'backfill' ? backfillDaysOf(step.forecast?.holdMilliseconds?.high ?? 0) : 0),
    0,
  );
  const waitDays = steps.reduce((days, step) => days + (step.kind === 'wait' ? step.days : 0), 0);
  const hasSteps = (name: PhaseName): boolean =>
    plan.phases.some((phase) => phase.name === name && phase.steps.length > 0);
  const rows: Omit<TimelineRow, 'start' | 'end'>[] = [
    {
      id: 'planning',
      title: t('Planning'),
      days: 1,
      what: t('Read the plan, settle its prerequisites, have it approved.'),
    },
    {
      id: 'development',
      title: t('Development'),
      days: Math.max(1, deploys * 2),
      what:
        deploys > 0
          ? t('Write and review the application releases the plan asks for: {0}.', deploys)
          : t('Review the migration files.'),
    },
    {
      id: 'testing',
      title: t('Testing'),
      days: 2,
      what: t('Rehearse the rollback, and run the whole plan on staging.'),
    },
    {
      id: 'canary',
      title: t('Canary'),
      days: canaryDays + backfillDays,
      what: canaryWork(fills, deploys > 0),
    },
    {
      id: 'full-rollout',
      title: t('Full rollout'),
      days: deploys > 0 ? expansionDays : 1,
      what:
        deploys > 0
          ? t('Release to 25, 50, 75 and 100 %, a day each; verify.')
          : hasSteps('migrate')
            ? t('Run the steps of the migrate phase that are left; verify.')
            : t('Verify, and watch for a day.'),
    },
    {
      id: 'clean-up',
      title: t('Clean-up'),
      days: waitDays + 1,
      what: cleanUpWork(waitDays, hasSteps('contract')),
    },
  ];
  return laidOut(rows, plan.createdAt);
}

function cleanUpWork(waitDays: number, contracts: boolean): string {
  return contracts ? removalWork(waitDays) : t('Look back; nothing is left to remove.');
}

function canaryWork(fills: boolean, releases: boolean): string {
  if (fills && releases) return t('Run the expand phase and the backfill on the target; release to 5 %.');
  if (fills) return t('Run the expand phase and the backfill on the target, and watch.');
  return releases
    ? t('Run the expand phase on the target; release to 5 %.')
    : t('Run the expand phase on the target, and watch.');
}

function backfillDaysOf(milliseconds: number): number {
  return Math.floor(milliseconds / 86_400_000);
}

import { t } from '../../../messages/translate';
import { stepsOf, type Plan } from '../../../plan/plan';

/** When the migration counts as done: what each check and proof has to say. */
export function successCriteria(plan: Plan): string[] {
  const proofs = stepsOf(plan)
    .filter(
      (step) =>
        step.kind === 'check' ||
        step.kind === 'backfill' ||
        step.kind === 'migration' ||
        step.kind === 'concurrent',
    )
    .map((step) => t('{0} ({1})', step.verification?.expectation ?? step.title, step.id));
  return [
    ...proofs,
    t('The rollback has been rehearsed: up, down and up again, and the catalog is the same.'),
    t('Error rate and latency of the application are as before.'),
    t('verify.sql gives the expected result for every query.'),
  ];
}

export interface Threshold {
  metric: string;
  green: string;
  yellow: string;
  red: string;
}

/** The signals a decision is taken by: green goes on, yellow holds, red goes back. */
export function thresholds(plan: Plan): Threshold[] {
  return [
    {
      metric: t('Error rate of the application'),
      green: t('below 0.1 %'),
      yellow: t('0.1 % to 1 %'),
      red: t('above 1 %'),
    },
    {
      metric: t('Latency, 99th percentile'),
      green: t('up to 10 % above before'),
      yellow: t('10 % to 50 % above'),
      red: t('more than 50 % above'),
    },
    {
      metric: t('Rows that differ or have no value'),
      green: '0',
      yellow: t('1 to 5'),
      red: t('more than 5'),
    },
    {
      metric: t('Longest wait for a lock because of a step'),
      green: t('up to {0} ms', plan.options.lockTimeoutMilliseconds),
      yellow: t('up to {0} ms', plan.options.lockTimeoutMilliseconds + 100),
      red: t('above {0} ms', plan.options.lockTimeoutMilliseconds + 100),
    },
    { metric: t('Replica lag'), green: t('below 10 s'), yellow: t('10 s to 60 s'), red: t('above 60 s') },
  ];
}

/** When to go back, each a sentence one can say yes or no to. */
export function rollbackCriteria(plan: Plan): string[] {
  return [
    ...thresholds(plan).map(({ metric, red }) => t('{0}: {1}', metric, red)),
    t('Complaints of customers that begin with a step of this plan'),
    t('Whoever owns the service asks for it'),
  ];
}

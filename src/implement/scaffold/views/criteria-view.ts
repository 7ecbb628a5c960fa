import { t } from '../../../messages/translate';
import { stepsOf, type Plan } from '../../../plan/plan';

/** When the migration counts as done: what each check and proof has to say. */
export function successCriteria(plan: Pick<Plan, 'phases'>): string[] {
  const proofs = stepsOf(plan)
    .filter((step) => step.kind !== 'deploy' && step.kind !== 'wait' && step.kind !== 'vacuum')
    .map((step) =>
      step.verification === null
        ? t('Step {0}: {1}', step.id, withoutStop(step.title))
        : t('Step {0}, {1}: {2}', step.id, step.title, withoutStop(step.verification.expectation)),
    );
  return [
    ...proofs,
    t('The rollback has been rehearsed: forward, back and forward again, and the schema is the same'),
    t('All users and all rows are on the new version'),
    t('Error rate and latency of the application are what they were on a normal day'),
    t('verify.sql gives the expected result for every query'),
  ];
}

function withoutStop(text: string): string {
  return text.trim().replace(/\.$/, '');
}

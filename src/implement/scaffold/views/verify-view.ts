import { t } from '../../../messages/translate';
import type { Plan } from '../../../plan/plan';
import { phaseTitle } from './step-view';

export interface VerifyQuery {
  /** The step, and which check of it. */
  id: string;
  phase: string;
  title: string;
  expectation: string;
  /** Without a semicolon at its end. */
  sql: string;
}

/** Every query that proves a step, in order, with the result it must give. */
export function verifyQueries(plan: Pick<Plan, 'phases'>): VerifyQuery[] {
  return plan.phases.flatMap((phase) =>
    phase.steps.flatMap((step) => {
      const common = { phase: phaseTitle(phase.name) };
      const checks = step.kind === 'check' ? step.checks : [];
      const queries = checks.map((check) => ({
        ...common,
        id: `${step.id} ${check.id}`,
        title: check.title,
        expectation: t('One row; holds is true, and detail says what was counted.'),
        sql: withoutSemicolon(check.sql),
      }));
      if (!step.verification || checks.length > 0) return queries;
      const { sql, expectation } = step.verification;
      return [
        {
          ...common,
          id: step.id,
          title: step.title,
          expectation: t('One row; holds is true: {0}', expectation),
          sql: withoutSemicolon(sql),
        },
      ];
    }),
  );
}

function withoutSemicolon(sql: string): string {
  return sql.trim().replace(/[;\s]+$/, '');
}

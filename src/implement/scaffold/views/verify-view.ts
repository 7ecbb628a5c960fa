import type { Assessment } from '../../../assess/assessment';
import { t } from '../../../messages/translate';
import type { Plan } from '../../../plan/plan';
import { columnsMentioned } from './columns-mentioned';
import { phaseTitle } from './step-view';
import { columnVariables, type ColumnVariables } from './verify-columns-view';
import { countQueries, differenceQueries } from './verify-data-view';
import { invariantQueries } from './verify-invariants-view';

/** What verify.sql is filled from. */
export interface VerifyDocument {
  /** Sets, for psql, whether each column is there; ends without a semicolon. */
  columnsSql: string;
  sections: { title: string; queries: VerifyQuery[] }[];
}

export interface VerifyQuery {
  /** The step and which check of it, or a word for the other queries. */
  id: string;
  title: string;
  expectation: string;
  /** Without a semicolon at its end. */
  sql: string;
  /** The psql variable that says whether the columns it reads are there; null where it reads none of them. */
  guard: string | null;
}

/** Every query of verify.sql in its section: counts, differences, the proof of each step, invariants. */
export function verifyDocument(plan: Plan, assessment: Assessment): VerifyDocument {
  const variables = columnVariables(plan.change);
  const guarded = (queries: Omit<VerifyQuery, 'guard'>[]): VerifyQuery[] =>
    queries.map((query) => ({ ...query, guard: guardOf(query.sql, variables) }));
  const sections = [
    { title: t('Counts'), queries: guarded(countQueries(plan, assessment)) },
    { title: t('Differences, at most 100 rows'), queries: guarded(differenceQueries(plan, assessment)) },
    { title: t('Checks: the proof of each step'), queries: guarded(stepQueries(plan)) },
    { title: t('Invariants'), queries: invariantQueries(plan, assessment) },
  ];
  return { columnsSql: variables.sql, sections };
}

function guardOf(sql: string, { columns, both }: ColumnVariables): string | null {
  const names = columnsMentioned(
    sql,
    columns.map(({ column }) => column),
  );
  const variables = columns.filter(({ column }) => names.has(column)).map(({ variable }) => variable);
  if (variables.length > 1) return both;
  return variables[0] ?? null;
}

function stepQueries(plan: Pick<Plan, 'phases'>): Omit<VerifyQuery, 'guard'>[] {
  return plan.phases.flatMap((phase) =>
    phase.steps.flatMap((step) => {
      const title = t('{0}: {1}', phaseTitle(phase.name), step.title);
      if (step.kind === 'check') {
        return step.checks.map((check) => ({
          id: `${step.id}.${check.id}`,
          title: t('{0}: {1}', phaseTitle(phase.name), check.title),
          expectation: t('one row; holds = t, and detail says what was counted'),
          sql: withoutSemicolon(check.sql),
        }));
      }
      if (!step.verification) return [];
      const { sql, expectation } = step.verification;
      return [
        {
          id: step.id,
          title,
          expectation: t('one row; holds = t: {0}', expectation),
          sql: withoutSemicolon(sql),
        },
      ];
    }),
  );
}

function withoutSemicolon(sql: string): string {
  return sql.trim().replace(/[;\s]+$/, '');
}

import type { Assessment } from '../../../assess/assessment';
import { t } from '../../../messages/translate';
import { equalUntil } from '../../../plan/rename-equality';
import { stepsOf, type Plan } from '../../../plan/plan';
import { columnsMentioned } from './columns-mentioned';
import { phaseTitle } from '../../../documents/phase-title';
import { columnVariables, type ColumnVariables } from './verify-columns-view';
import { countQueries, differenceQueries } from './verify-data-view';
import { invariantQueries } from './verify-invariants-view';
import { comparable, mayDiffer, type MayDiffer } from './verify-may-differ-view';

/** What verify.sql is filled from. */
export interface VerifyDocument {
  /** Sets, for psql, whether each column is there; ends without a semicolon. */
  columnsSql: string;
  /** How to find out that the columns need not be equal any more; null where they are equal to the end. */
  mayDiffer: MayDiffer | null;
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
  /** What is said in place of its result where it is left out; null where it never is. */
  leftOut: string | null;
}

/** A query before it is known which columns it reads. */
export type PlainQuery = Omit<VerifyQuery, 'guard' | 'leftOut'>;

/** Every query of verify.sql in its section: counts, differences, the proof of each step, invariants. */
export function verifyDocument(plan: Plan, assessment: Assessment): VerifyDocument {
  const variables = columnVariables(plan.change);
  const until = stepsOf(plan)
    .map((step) => equalUntil(plan, step))
    .find((step) => step !== null);
  const guarded = (queries: PlainQuery[]): VerifyQuery[] =>
    queries.map((query) => guardedQuery(query, variables, until ?? null));
  const sections = [
    { title: t('Counts'), queries: guarded(countQueries(plan, assessment)) },
    { title: t('Differences, at most 100 rows'), queries: guarded(differenceQueries(plan, assessment)) },
    { title: t('Checks: the proof of each step'), queries: guarded(stepQueries(plan)) },
    { title: t('Invariants'), queries: invariantQueries(plan, assessment) },
  ];
  return {
    columnsSql: variables.sql,
    mayDiffer: until ? mayDiffer(plan, until) : null,
    sections,
  };
}

/** Left out where a column is not there; one that compares both, also once they need not be equal any more. */
function guardedQuery(query: PlainQuery, variables: ColumnVariables, until: string | null): VerifyQuery {
  const guard = guardOf(query.sql, variables);
  if (guard === null) return { ...query, guard, leftOut: null };
  if (until === null || guard !== variables.both)
    return { ...query, guard, leftOut: t('Left out: a column it reads is not there.') };
  return {
    ...query,
    expectation: t('{0}. It holds until step {1} is next', withoutStop(query.expectation), until),
    guard: comparable,
    leftOut: t('Left out: a column it reads is not there, or the two need not be equal any more.'),
  };
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
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

function stepQueries(plan: Pick<Plan, 'phases'>): PlainQuery[] {
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

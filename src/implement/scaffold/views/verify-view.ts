import type { Assessment } from '../../../assess/assessment';
import { assessedParts } from '../../../assess/assess-together';
import { changeTypeOf, type Change } from '../../../assess/change';
import { partsOf } from '../../../assess/several-changes';
import { t } from '../../../messages/translate';
import { equalUntil } from '../../../plan/rename-equality';
import { partPlans, stepsOf, type PartPlan, type Plan } from '../../../plan/plan';
import { formatQualifiedName, quoteLiteral } from '../../../sql/identifier';
import { columnsMentioned } from './columns-mentioned';
import { relationsRead } from './relations-read';
import { phaseTitle } from '../../../documents/phase-title';
import { columnVariables, type PartVariables } from './verify-columns-view';
import { countQueries, differenceQueries } from './verify-data-view';
import { invariantQueries } from './verify-invariants-view';
import { comparable, mayDiffer, type MayDiffer } from './verify-may-differ-view';

/** What verify.sql is filled from. */
export interface VerifyDocument {
  /** Sets, for psql, whether each column is there; ends without a semicolon. Null where no column is concerned. */
  columnsSql: string | null;
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
  /** Sets `can_run`, for psql: whether all it reads is there. Null where its columns alone say so. */
  guardSql: string | null;
  /** The psql variable that says whether what it reads is there; null where all of it always is. */
  guard: string | null;
  /** What is said in place of its result where it is left out; null where it never is. */
  leftOut: string | null;
}

/** A query before it is known which columns it reads. */
export type PlainQuery = Omit<VerifyQuery, 'guardSql' | 'guard' | 'leftOut'>;

/** Every query of verify.sql in its section: counts, differences, the proof of each step, invariants. */
export function verifyDocument(plan: Plan, assessment: Assessment): VerifyDocument {
  const variables = columnVariables(plan.change);
  const until = stepsOf(plan)
    .map((step) => equalUntil(plan, step))
    .find((step) => step !== null);
  const guarded = (query: PlainQuery, part: PartVariables): VerifyQuery =>
    guardedByRelations(guardedByColumns(query, part, until ?? null), plan.change);
  const ofParts = (queries: (part: PartPlan, assessed: Assessment) => PlainQuery[]): VerifyQuery[] =>
    eachOnce(
      partPlans(plan).flatMap((part, index) =>
        queries(part, assessedParts(assessment)[index]!).map((query) =>
          guarded(query, variables.parts[index]!),
        ),
      ),
    );
  const proofs = stepQueries(plan).map((query) => guarded(query, partRead(query.sql, variables.parts)));
  const invariants = partPlans(plan).flatMap((part, index) =>
    invariantQueries(part, assessedParts(assessment)[index]!),
  );
  const sections = [
    { title: t('Counts'), queries: ofParts(countQueries) },
    { title: t('Differences, at most 100 rows'), queries: ofParts(differenceQueries) },
    { title: t('Checks: the proof of each step'), queries: proofs },
    { title: t('Invariants'), queries: eachOnce(invariants) },
  ];
  return {
    columnsSql: variables.sql,
    mayDiffer: until ? mayDiffer(plan, until) : null,
    sections,
  };
}

/** What two changes ask of one table is asked once; other queries of one name are told apart by a number. */
function eachOnce(queries: readonly VerifyQuery[]): VerifyQuery[] {
  const distinct = [...new Map(queries.map((query) => [query.sql, query])).values()];
  const seen = new Map<string, number>();
  return distinct.map((query) => {
    const number = (seen.get(query.id) ?? 0) + 1;
    seen.set(query.id, number);
    return number === 1 ? query : { ...query, id: `${query.id}-${number}` };
  });
}

/** The change whose columns a query reads: one on a table that it names, else the first. */
function partRead(sql: string, parts: readonly PartVariables[]): PartVariables {
  const relations = relationsRead(sql).map(formatQualifiedName);
  const near = parts.filter(({ table }) => relations.includes(table));
  return near.find((part) => guardOf(sql, part) !== null) ?? near[0] ?? parts[0]!;
}

/** Left out where a column is not there; one that compares both, also once they need not be equal any more. */
function guardedByColumns(query: PlainQuery, variables: PartVariables, until: string | null): VerifyQuery {
  const guard = guardOf(query.sql, variables);
  const guardSql = null;
  if (guard === null) return { ...query, guardSql, guard, leftOut: null };
  if (until === null || guard !== variables.both)
    return { ...query, guardSql, guard, leftOut: t('Left out: a column it reads is not there.') };
  return {
    ...query,
    expectation: t('{0}. It holds until step {1} is next', withoutStop(query.expectation), until),
    guardSql,
    guard: comparable,
    leftOut: t('Left out: a column it reads is not there, or the two need not be equal any more.'),
  };
}

/** Left out, too, where a table is not there that the plan makes or takes away. */
function guardedByRelations(query: VerifyQuery, change: Change): VerifyQuery {
  const staying = partsOf(change)
    .filter((part) => changeTypeOf(part).concernsTable !== true)
    .map(({ table }) => formatQualifiedName(table));
  const relations = relationsRead(query.sql)
    .map(formatQualifiedName)
    .filter((name) => !staying.includes(name));
  if (relations.length === 0) return query;
  const conditions = [
    ...relations.map((name) => `to_regclass(${quoteLiteral(name)}) is not null`),
    ...(query.guard === null ? [] : [`:'${query.guard}'::boolean`]),
  ];
  return {
    ...query,
    guardSql: `select ${conditions.join(' and ')} as can_run`,
    guard: 'can_run',
    leftOut: query.leftOut ?? t('Left out: a table it reads is not there.'),
  };
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}

function guardOf(sql: string, { columns, both }: PartVariables): string | null {
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

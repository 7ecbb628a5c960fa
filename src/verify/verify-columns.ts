import { changeTypeOf, lawOf } from '../assess/change';
import { readWalkTables, type WalkTable } from '../implement/walk-table';
import { isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { countText, rowsText } from '../templates/rows-text';
import { partPlans, stepsOf, type BackfillSpec, type BackfillStep, type PartPlan } from '../plan/plan';
import { columnsMayDiffer, provesEquality } from '../plan/rename-equality';
import { formatQualifiedName, quoteIdentifier } from '../sql/identifier';
import { compareColumns, type ColumnComparison } from './compare-columns';
import type { ReportCheck } from './report';
import { isForTheWayBack, timed, type PartRequest, type VerifyRequest } from './verify-request';

/** Rows counted, no NULL left in what was added, old and new equal, nothing left to backfill. */
export async function verifyColumns(request: VerifyRequest): Promise<ReportCheck[]> {
  const checks: ReportCheck[] = [];
  for (const plan of partPlans(request.plan)) {
    for (const check of await changeChecks({ ...request, plan }))
      if (!checks.some(({ title }) => title === check.title)) checks.push(check);
  }
  for (const step of stepsOf(request.plan)) {
    if (step.kind === 'backfill') checks.push(await nothingPending(request, step));
  }
  return checks;
}

async function changeChecks(request: PartRequest): Promise<ReportCheck[]> {
  const tables = await tablesOf(request);
  const present = await readColumns(request, tables);
  const rows = await countRows(request, tables);
  const law = lawOf(request.plan.change);
  switch (law?.kind) {
    case 'equal':
      return [rows, await equalCheck(request, tables, law.old, law.new, present)];
    case 'filled':
      return [rows, await noNulls(request, tables, law.column, present)];
    case undefined:
      return [rows];
  }
}

/** The tables that hold the rows; none where the change makes the table, takes it away or its name, and it is not there. */
async function tablesOf({ session, plan }: PartRequest): Promise<WalkTable[]> {
  try {
    return await readWalkTables(session, walkSpec(plan));
  } catch (error) {
    const { change } = plan;
    const byView = change.kind === 'rename-column' && change.byView === true;
    const mayBeMissing = byView || changeTypeOf(change).concernsTable === true;
    if (mayBeMissing && isSwitchbackError(error, 'not-found')) return [];
    throw error;
  }
}

/** The plan's own walk of the table, so that a big table is read in ranges of its key; else by place, as a whole. */
function walkSpec(plan: PartPlan): BackfillSpec {
  const { table } = plan.change;
  const backfill = stepsOf(plan).find(
    (step): step is BackfillStep =>
      step.kind === 'backfill' && formatQualifiedName(step.backfill.table) === formatQualifiedName(table),
  );
  return (
    backfill?.backfill ?? { table, assignments: [], pending: null, walk: { by: 'ctid' }, estimatedRows: 0 }
  );
}

async function countRows(request: PartRequest, tables: readonly WalkTable[]): Promise<ReportCheck> {
  const table = formatQualifiedName(request.plan.change.table);
  const sql = `select count(*) as rows from ${quoted(request)}`;
  return timed({ id: 'rows', title: t('Rows of {0}', table), sql }, async () => {
    if (tables.length === 0)
      return { verdict: 'not-run', evidence: t('There is no table {0} at this point of the plan.', table) };
    const rows = await count(request, sql);
    const words = rowsText(rows);
    const evidence = tables.length === 1 ? words : t('{0} in {1} partitions', words, tables.length);
    return { verdict: 'passed', evidence };
  });
}

async function equalCheck(
  request: PartRequest,
  tables: readonly WalkTable[],
  from: string,
  to: string,
  present: ReadonlySet<string>,
): Promise<ReportCheck> {
  const left = quoteIdentifier(from);
  const right = quoteIdentifier(to);
  const sql = `select count(*) as differing from ${quoted(request)} where ${left}::text collate "C" is distinct from ${right}::text collate "C"`;
  const check = { id: 'equal', title: t('{0} and {1} are equal on every row', from, to), sql };
  if (present.has(from) && columnsMayDiffer(request.plan, request.progress)) {
    const evidence = t(
      'the application is free to write {0} alone now; both were compared before that, and {1} is behind where it has',
      to,
      from,
    );
    return timed({ ...check, sql: null }, async () => ({ verdict: 'not-run', evidence }));
  }
  if (!present.has(to)) {
    return timed(check, async () => ({
      verdict: 'failed',
      evidence: t('There is no column {0}. Apply the plan first.', to),
    }));
  }
  if (!present.has(from)) {
    const evidence = t('{0} has been dropped; they were compared before that', from);
    return timed({ ...check, sql: null }, async () => ({ verdict: 'not-run', evidence }));
  }
  return timed(check, async () => {
    const compared = await compareColumns({
      session: request.session,
      tables,
      left: from,
      right: to,
      progress: request.progressReport,
      signal: request.signal,
    });
    return {
      verdict: compared.differing === 0 ? 'passed' : 'failed',
      evidence: describeComparison(compared),
    };
  });
}

function describeComparison(compared: ColumnComparison): string {
  const read =
    compared.differing === 1
      ? t('{0} compared, 1 differs', rowsText(compared.rows))
      : t('{0} compared, {1} differ', rowsText(compared.rows), countText(compared.differing));
  const examples = compared.examples.map(
    (row) => `${row.table} ${row.key}: ${row.left ?? 'NULL'} / ${row.right ?? 'NULL'}`,
  );
  return [read, ...examples].join('; ');
}

async function noNulls(
  request: PartRequest,
  tables: readonly WalkTable[],
  column: string,
  present: ReadonlySet<string>,
): Promise<ReportCheck> {
  const sql = `select count(*) as nulls from ${quoted(request)} where ${quoteIdentifier(column)} is null`;
  return timed({ id: 'no-nulls', title: t('No NULL is left in {0}', column), sql }, async () => {
    if (!present.has(column)) {
      return { verdict: 'failed', evidence: t('There is no column {0}. Apply the plan first.', column) };
    }
    const nulls = await count(request, sql);
    return {
      verdict: nulls === 0 ? 'passed' : 'failed',
      evidence: withNull(nulls, tables.length),
    };
  });
}

function withNull(nulls: number, tables: number): string {
  const rows = nulls === 1 ? t('1 row') : t('{0} rows', nulls);
  return tables === 1 ? t('{0} with NULL in 1 table', rows) : t('{0} with NULL in {1} tables', rows, tables);
}

async function nothingPending(request: VerifyRequest, step: BackfillStep): Promise<ReportCheck> {
  const { pending, table } = step.backfill;
  const sql =
    pending === null
      ? null
      : `select count(*) as pending from ${formatQualifiedName(table)} where ${pending}`;
  const recorded = request.progress.steps.find((progress) => progress.id === step.id);
  return timed(
    { id: `pending-${step.id}`, title: t('Nothing is left of "{0}"', step.title), sql },
    async () => {
      const rowsDone = recorded?.backfill?.rowsDone ?? 0;
      const over = pastContract(request);
      if (over)
        return {
          verdict: 'not-run',
          evidence:
            rowsDone === 1
              ? t('1 row was done; the contract phase has changed the table since')
              : t('{0} rows were done; the contract phase has changed the table since', rowsDone),
        };
      if (isForTheWayBack(request, step))
        return {
          verdict: 'not-run',
          evidence: t('It is for the way back: what comes after it has given it rows to do.'),
        };
      if (provesEquality(request.plan, step) && columnsMayDiffer(request.plan, request.progress))
        return {
          verdict: 'not-run',
          evidence:
            rowsDone === 1
              ? t('1 row was done; the columns need not be equal any more')
              : t('{0} rows were done; the columns need not be equal any more', rowsDone),
        };
      const left = sql === null ? null : await count(request, sql);
      const done = recorded?.state === 'done' && (left ?? 0) === 0;
      return {
        verdict: done ? 'passed' : 'failed',
        evidence:
          left === null
            ? t('{0} done', rowsText(rowsDone))
            : t('{0} done, {1} still pending', rowsText(rowsDone), countText(left)),
      };
    },
  );
}

/** Whether SQL of the contract phase has run: what was said of the phases before need not hold any more. */
export function pastContract(request: Pick<VerifyRequest, 'plan' | 'progress'>): boolean {
  const contract = request.plan.phases.find((phase) => phase.name === 'contract');
  const migrations = new Set(
    (contract?.steps ?? [])
      .filter(({ kind }) => kind === 'migration' || kind === 'concurrent')
      .map((step) => step.id),
  );
  return request.progress.steps.some((step) => migrations.has(step.id) && step.state === 'done');
}

async function readColumns(request: PartRequest, tables: readonly WalkTable[]): Promise<Set<string>> {
  const { rows } = await request.session.query<{ name: string }>(
    `select a.attname::text as name from pg_attribute a join pg_class c on c.oid = a.attrelid
       join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped`,
    [request.plan.change.table.schema, request.plan.change.table.name],
  );
  return new Set(tables.length === 0 ? [] : rows.map((row) => row.name));
}

async function count(request: VerifyRequest, sql: string): Promise<number> {
  const { rows } = await request.session.query<Record<string, string>>(sql, [], { signal: request.signal });
  return Number(Object.values(rows[0]!)[0]);
}

function quoted(request: PartRequest): string {
  const { schema, name } = request.plan.change.table;
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

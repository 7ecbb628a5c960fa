import { partsOf } from '../assess/several-changes';
import { t } from '../messages/translate';
import { stepsOf, type Step } from '../plan/plan';
import { writtenTables } from '../plan/plan-tables';
import { formatQualifiedName } from '../sql/identifier';
import { asKind } from '../sql/tree';
import type { ReportCheck } from './report';
import { droppedBy, type TakenAway } from './taken-away';
import { isDone, timed, type VerifyRequest } from './verify-request';

/** Constraints and indexes of the tables valid, the triggers that the plan made there and enabled. */
export async function verifyCatalog(request: VerifyRequest): Promise<ReportCheck[]> {
  const checks: ReportCheck[] = [];
  for (const table of await tablesOf(request))
    checks.push(await constraintsCheck(request, table), await indexesCheck(request, table));
  return [...checks, ...(await triggerChecks(request))];
}

/** Those that the changes are about, and those they write beside them, as long as these are there. */
async function tablesOf({ plan, session }: VerifyRequest): Promise<string[]> {
  const own = partsOf(plan.change).map(({ table }) => formatQualifiedName(table));
  const { rows } = await session.query<{ name: string }>(
    'select name from unnest($1::text[]) as name where to_regclass(name) is not null',
    [writtenTables(plan)],
  );
  return [...new Set([...own, ...rows.map(({ name }) => name)])];
}

const treeSql = `with recursive tree as (
  select to_regclass($1)::oid as oid
  union select i.inhrelid from tree join pg_inherits i on i.inhparent = tree.oid
)`;

async function constraintsCheck(request: VerifyRequest, table: string): Promise<ReportCheck> {
  const sql = `${treeSql}
select k.conrelid::regclass::text || '.' || k.conname as name, k.convalidated as valid
from tree join pg_constraint k on k.conrelid = tree.oid order by 1`;
  return validity(request, table, { id: 'constraints', title: t('Every constraint is valid') }, sql);
}

async function indexesCheck(request: VerifyRequest, table: string): Promise<ReportCheck> {
  const sql = `${treeSql}
select x.indexrelid::regclass::text as name, x.indisvalid and x.indisready as valid
from tree join pg_index x on x.indrelid = tree.oid order by 1`;
  return validity(request, table, { id: 'indexes', title: t('Every index is valid') }, sql);
}

async function validity(
  request: VerifyRequest,
  table: string,
  check: Pick<ReportCheck, 'id' | 'title'>,
  sql: string,
): Promise<ReportCheck> {
  return timed({ ...check, sql: withNames(sql, [table]) }, async () => {
    const { rows } = await request.session.query<{ name: string; valid: boolean }>(sql, [table]);
    const invalid = rows.filter((row) => !row.valid).map((row) => row.name);
    return invalid.length === 0
      ? {
          verdict: 'passed',
          evidence: t('{0} on {1}, all valid', rows.length, table),
        }
      : {
          verdict: 'failed',
          evidence: t('{0} of {1} not valid: {2}', invalid.length, rows.length, invalid.join(', ')),
        };
  });
}

/** The query with its parameters written out, so that anybody can run it again. */
function withNames(sql: string, values: readonly string[]): string {
  return values.reduce(
    (text, value, index) => text.replaceAll(`$${index + 1}`, `'${value.replaceAll("'", "''")}'`),
    sql,
  );
}

interface PlannedTrigger {
  table: string;
  name: string;
  madeBy: string;
  droppedBy: string | null;
}

/** Triggers that the plan's SQL makes: there after their step, gone after the one that drops them. */
async function triggerChecks(request: VerifyRequest): Promise<ReportCheck[]> {
  const checks: ReportCheck[] = [];
  for (const trigger of plannedTriggers(request)) {
    if (!isDone(request.progress, trigger.madeBy)) continue;
    const gone = trigger.droppedBy !== null && isDone(request.progress, trigger.droppedBy);
    checks.push(await triggerCheck(request, trigger, gone));
  }
  return checks;
}

async function triggerCheck(
  request: VerifyRequest,
  trigger: PlannedTrigger,
  gone: boolean,
): Promise<ReportCheck> {
  const title = gone
    ? t('The trigger {0} on {1} is gone', trigger.name, trigger.table)
    : t('The trigger {0} on {1} is there and enabled', trigger.name, trigger.table);
  const sql =
    'select tgenabled::text as enabled from pg_trigger where tgrelid = to_regclass($1) and tgname = $2';
  const readable = withNames(sql, [trigger.table, trigger.name]);
  return timed({ id: `trigger-${trigger.name}`, title, sql: readable }, async () => {
    const { rows } = await request.session.query<{ enabled: string }>(sql, [trigger.table, trigger.name]);
    const enabled = rows[0]?.enabled;
    const state = enabled === undefined ? t('not there') : enabledText(enabled);
    const right = gone ? enabled === undefined : enabled === 'O' || enabled === 'A';
    return { verdict: right ? 'passed' : 'failed', evidence: state };
  });
}

/** https://www.postgresql.org/docs/current/catalog-pg-trigger.html */
function enabledText(tgenabled: string): string {
  switch (tgenabled) {
    case 'O':
      return t('there and enabled');
    case 'A':
      return t('there and enabled, on replicas as well');
    case 'R':
      return t('there, but enabled on replicas only');
    default:
      return t('there, but disabled');
  }
}

function plannedTriggers(request: VerifyRequest): PlannedTrigger[] {
  const triggers: PlannedTrigger[] = [];
  for (const step of stepsOf(request.plan)) {
    for (const statement of statementsOf(request, step)) {
      const made = asKind(statement.node, 'CreateTrigStmt');
      if (made?.trigname && made.relation?.relname) {
        const table = formatQualifiedName({
          schema: made.relation.schemaname ?? 'public',
          name: made.relation.relname,
        });
        triggers.push({ table, name: made.trigname, madeBy: step.id, droppedBy: null });
      }
      for (const gone of droppedBy(statement.node))
        for (const trigger of goingWith(gone, triggers)) trigger.droppedBy = step.id;
    }
  }
  return triggers;
}

/** A trigger goes with its table; by its name alone where that table has another one by now. */
function goingWith({ relation, name }: TakenAway, triggers: readonly PlannedTrigger[]): PlannedTrigger[] {
  const there = triggers.filter(({ table }) => table === formatQualifiedName(relation));
  if (name === null) return there;
  const here = there.filter((trigger) => trigger.name === name);
  return here.length > 0 ? here : triggers.filter((trigger) => trigger.name === name);
}

function statementsOf(request: VerifyRequest, step: Step): { node: object }[] {
  return step.kind === 'migration' || step.kind === 'concurrent'
    ? request.parser.parse(step.forward).statements
    : [];
}

import type { CodeReference } from '../assess/assessment';
import { removedColumn, type Change } from '../assess/change';
import { partsOf } from '../assess/several-changes';
import type { Session } from '../database/session';
import { t } from '../messages/translate';
import { waitEndsAt } from '../plan/plan-state';
import { stepsOf, type Plan, type PlanProgress, type Step } from '../plan/plan';
import { formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { Report } from '../verify/report';

/** One thing that must be true before the contract phase, with what was seen. */
export interface ReadinessItem {
  id: 'window' | 'deployed' | 'verified' | 'unused-in-database' | 'unused-in-code';
  title: string;
  state: 'held' | 'failed' | 'unknown';
  evidence: string;
}

export interface ReadinessRequest {
  plan: Plan;
  progress: PlanProgress;
  session: Session;
  /** The latest verification on this database; null where there is none. */
  report: Report | null;
  /** Where the workspace's code mentions the old name; null where it was not searched. */
  references: readonly CodeReference[] | null;
  now: Date;
}

/**
 * Whether the contract phase may come: the window is over, the deployments are confirmed, the data was verified
 * after the last migration, and nobody uses the old name any more. Reads only.
 */
export async function contractReadiness(request: ReadinessRequest): Promise<ReadinessItem[]> {
  return [
    windowItem(request),
    deployedItem(request),
    verifiedItem(request),
    await databaseItem(request),
    codeItem(request),
  ];
}

function windowItem({ plan, progress, now }: ReadinessRequest): ReadinessItem {
  const title = t('The deprecation window is over');
  const waits = stepsBeforeContract(plan).filter((step) => step.kind === 'wait');
  const open = waits.find((step) => !isFinished(progress, step));
  if (!open) return { id: 'window', title, state: 'held', evidence: t('{0} waits are over', waits.length) };
  const end = waitEndsAt(plan, progress, open.id);
  if (end === null)
    return { id: 'window', title, state: 'failed', evidence: t('"{0}" has not begun', open.title) };
  const over = end.getTime() <= now.getTime();
  return {
    id: 'window',
    title,
    state: over ? 'held' : 'failed',
    evidence: t('it ends on {0}', end.toISOString()),
  };
}

function deployedItem({ plan, progress }: ReadinessRequest): ReadinessItem {
  const title = t('The application uses the new name');
  const deploys = stepsBeforeContract(plan).filter((step) => step.kind === 'deploy');
  const open = deploys.find((step) => !isFinished(progress, step));
  if (open)
    return { id: 'deployed', title, state: 'failed', evidence: t('"{0}" is not confirmed', open.title) };
  const confirmed = deploys.map((step) => {
    const record = progress.steps.find((candidate) => candidate.id === step.id);
    return t('{0} by {1} on {2}', step.title, record?.by ?? '-', record?.finishedAt ?? '-');
  });
  return {
    id: 'deployed',
    title,
    state: 'held',
    evidence: confirmed.join('; ') || t('no deployment was needed'),
  };
}

function verifiedItem({ plan, progress, report }: ReadinessRequest): ReadinessItem {
  const title = t('The data was verified after the last migration');
  if (!report)
    return {
      id: 'verified',
      title,
      state: 'unknown',
      evidence: t('Nothing has been verified. Verify the plan.'),
    };
  if (report.verdict === 'failed') {
    const failed = report.checks.filter((check) => check.verdict === 'failed').map((check) => check.title);
    return {
      id: 'verified',
      title,
      state: 'failed',
      evidence: t('failed on {0}: {1}', report.takenAt, failed.join(', ')),
    };
  }
  const migrations = stepsBeforeContract(plan).filter(
    (step) => step.kind !== 'wait' && step.kind !== 'deploy',
  );
  const last = migrations.map((step) => finishedAt(progress, step)).reduce((a, b) => Math.max(a, b), 0);
  return Date.parse(report.takenAt) >= last
    ? {
        id: 'verified',
        title,
        state: 'held',
        evidence: t('passed on {0} with {1} checks', report.takenAt, report.checks.length),
      }
    : {
        id: 'verified',
        title,
        state: 'unknown',
        evidence: t('verified on {0}, before the last migration. Verify again.', report.takenAt),
      };
}

/** Views, functions with SQL bodies, policies and generated columns that the catalog ties to the old column. */
async function databaseItem({ plan, session }: ReadinessRequest): Promise<ReadinessItem> {
  const title = t('Nothing in the database uses the old name');
  const removed = removedColumns(plan.change);
  if (removed.length === 0)
    return { id: 'unused-in-database', title, state: 'held', evidence: t('no name is taken away') };
  const found: string[] = [];
  for (const { table, column } of removed) found.push(...(await usersOf(session, table, column)));
  const names = removed.map(({ table, column }) => `${formatQualifiedName(table)}.${column}`).join(', ');
  return found.length === 0
    ? {
        id: 'unused-in-database',
        title,
        state: 'held',
        evidence: t('pg_depend ties no view, routine, policy or default to {0}', names),
      }
    : { id: 'unused-in-database', title, state: 'failed', evidence: [...new Set(found)].join(', ') };
}

function removedColumns(change: Change): { table: QualifiedName; column: string }[] {
  return partsOf(change).flatMap((part) => {
    const column = removedColumn(part);
    return column === null ? [] : [{ table: part.table, column }];
  });
}

async function usersOf(session: Session, table: QualifiedName, column: string): Promise<string[]> {
  const { rows } = await session.query<{ object: string }>(
    `select distinct pg_describe_object(d.classid, d.objid, 0) as object
     from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
     join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where d.refclassid = 'pg_class'::regclass and n.nspname = $1 and c.relname = $2 and a.attname = $3
       and d.deptype = 'n' and d.classid in ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_policy'::regclass, 'pg_attrdef'::regclass)
     order by 1`,
    [table.schema, table.name, column],
  );
  return rows.map((row) => row.object);
}

function codeItem({ plan, references }: ReadinessRequest): ReadinessItem {
  const title = t('The code does not mention the old name');
  if (removedColumns(plan.change).length === 0)
    return { id: 'unused-in-code', title, state: 'held', evidence: t('no name is taken away') };
  if (references === null)
    return { id: 'unused-in-code', title, state: 'unknown', evidence: t('The workspace was not searched.') };
  const uses = references.filter((reference) => reference.mentions !== 'table');
  return uses.length === 0
    ? { id: 'unused-in-code', title, state: 'held', evidence: t('no mention found in the workspace') }
    : {
        id: 'unused-in-code',
        title,
        state: 'failed',
        evidence: uses
          .slice(0, 5)
          .map((use) => `${use.path}:${use.line}`)
          .join(', '),
      };
}

function stepsBeforeContract(plan: Plan): Step[] {
  return stepsOf({ phases: plan.phases.filter((phase) => phase.name !== 'contract') });
}

function isFinished(progress: PlanProgress, step: Step): boolean {
  const state = progress.steps.find((candidate) => candidate.id === step.id)?.state;
  return state === 'done' || state === 'skipped';
}

function finishedAt(progress: PlanProgress, step: Step): number {
  return Date.parse(progress.steps.find((candidate) => candidate.id === step.id)?.finishedAt ?? '') || 0;
}

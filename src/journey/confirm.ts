import { recordEvidence } from '../database/evidence-store';
import { assertSchema } from '../database/switchback-schema';
import { assertDatabaseConfirmed } from '../implement/confirmed-database';
import { createRunControl } from '../implement/run-control';
import { readPlanProgress } from '../implement/plan-progress';
import { applyStep } from '../implement/run-plan';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { stepsOf, type GateKind, type PlanProgress, type Step } from '../plan/plan';
import { confirmNoReturn, mirrored } from './apply';
import type { Database } from './database';
import { freeDiskBytes } from './disk';
import {
  confirmCopy,
  confirmProduction,
  ensureConsent,
  mirrorProgress,
  preparePlanRun,
  type RunChoices,
} from './plan-run';
import { loadPlan } from './plans';
import type { RunRequest } from './run';
import type { JourneyContext } from './workspace';

/** Records that the application of a deploy step is released, by this user, now. */
export async function confirmDeploy(
  context: JourneyContext,
  database: Database,
  planFolder: string,
  stepId: string,
): Promise<PlanProgress> {
  await requireStep(context, planFolder, stepId, 'deploy');
  const at = context.clock.now().toISOString();
  return carryOut(context, database, planFolder, stepId, {
    confirmations: new Map([[stepId, { by: context.user, at, note: '' }]]),
  });
}

/** Ends a wait now. Never on production. */
export async function shortenWait(
  context: JourneyContext,
  database: Database,
  planFolder: string,
  stepId: string,
): Promise<PlanProgress> {
  const step = await requireStep(context, planFolder, stepId, 'wait');
  if (database.connection.environment === 'production') {
    throw new SwitchbackError(
      'gate-not-held',
      t('"{0}" cannot be shortened on production. Come back when it is over.', step.title),
    );
  }
  const agreed = await context.prompt.confirm({
    id: 'shorten-wait',
    title: t('End "{0}" now?', step.title),
    detail: t(
      'The wait protects applications that still use the old name. {0} is no production database.',
      database.sessions.label,
    ),
    accept: t('End Wait'),
  });
  if (!agreed) throw new SwitchbackError('cancelled', t('The wait goes on.'));
  return carryOut(context, database, planFolder, stepId, { shortenWaits: true });
}

/**
 * Records a gate as held by this user's word (a backup taken, free disk space). An approval may name the role it
 * is given for. Throws `invalid-input` for a role that the workspace does not ask.
 */
export async function confirmGate(
  context: JourneyContext,
  database: Database,
  planFolder: string,
  gate: GateKind,
  reason: string,
  role: string | null = null,
): Promise<PlanProgress> {
  const asked = role === null ? null : approvalRole(context, gate, role);
  return recordGate(context, database, planFolder, gate, 'held', {
    reason,
    ...(asked === null ? {} : { role: asked }),
  });
}

/** Records a gate as waived by this user, with the reason, which must not be empty. */
export async function waiveGate(
  context: JourneyContext,
  database: Database,
  planFolder: string,
  gate: GateKind,
  reason: string,
): Promise<PlanProgress> {
  if (reason.trim() === '') {
    throw new SwitchbackError(
      'invalid-input',
      t('Say why the gate "{0}" is waived; the reason is kept with the plan.', gate),
    );
  }
  return recordGate(context, database, planFolder, gate, 'waived', { reason });
}

async function recordGate(
  context: JourneyContext,
  database: Database,
  planFolder: string,
  gate: GateKind,
  verdict: 'held' | 'waived',
  said: { reason: string; role?: string },
): Promise<PlanProgress> {
  await ensureConsent(context, database);
  await assertSchema(database.session);
  await confirmCopy(context, database);
  const confirmedDatabase = await confirmProduction(context, database);
  const { environment } = database.connection;
  assertDatabaseConfirmed({ environment, confirmedDatabase, sessions: database.sessions }, database.session);
  const loaded = await loadPlan(context, planFolder);
  const freeBytes =
    gate === 'disk' && verdict === 'held' ? await statedFreeBytes(context, said.reason) : null;
  await recordEvidence(database.session, loaded.plan.id, {
    stepId: null,
    gate,
    verdict,
    at: context.clock.now().toISOString(),
    by: context.user,
    contentHash: loaded.approvedHash,
    details: { ...said, ...(freeBytes === null ? {} : { freeBytes }) },
  });
  const progress = await readPlanProgress(database.session, loaded.plan);
  await mirrorProgress(context, database, planFolder, progress);
  return progress;
}

/** The role as the workspace writes it. */
function approvalRole(context: JourneyContext, gate: GateKind, role: string): string {
  if (gate !== 'approval') {
    throw new SwitchbackError(
      'invalid-input',
      t('Only an approval is given for a role, not the gate "{0}". Leave the role out.', gate),
    );
  }
  const roles = context.workspace.configuration.approvalRoles;
  const asked = roles.find((item) => item.toLowerCase() === role.trim().toLowerCase());
  if (asked !== undefined) return asked;
  throw new SwitchbackError(
    'invalid-input',
    t(
      'Nobody approves as "{0}" here. Name one of {1}, or add it to "approvalRoles".',
      role,
      roles.join(', '),
    ),
  );
}

/** Free bytes of the disk: from the configured command, else the number in the user's words. */
async function statedFreeBytes(context: JourneyContext, words: string): Promise<number> {
  const measured = await freeDiskBytes(context);
  if (measured !== null) return measured;
  const match = /([\d.]+)\s*(kB|MB|GB|TB|B)?/i.exec(words);
  const units: Record<string, number> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };
  const bytes = Number(match?.[1]) * (units[(match?.[2] ?? 'B').toLowerCase()] ?? 1);
  if (Number.isFinite(bytes)) return bytes;
  throw new SwitchbackError(
    'invalid-input',
    t('Say how much is free on the database\'s disk, for example "120 GB".'),
  );
}

async function requireStep<K extends Step['kind']>(
  context: JourneyContext,
  planFolder: string,
  stepId: string,
  kind: K,
): Promise<Extract<Step, { kind: K }>> {
  const { plan } = await loadPlan(context, planFolder);
  const step = stepsOf(plan).find((item) => item.id === stepId);
  if (step?.kind === kind) return step as Extract<Step, { kind: K }>;
  throw new SwitchbackError(
    'not-found',
    t('The plan has no {0} step "{1}". Choose one of its steps.', kind, stepId),
  );
}

async function carryOut(
  context: JourneyContext,
  database: Database,
  planFolder: string,
  stepId: string,
  choices: RunChoices,
): Promise<PlanProgress> {
  const request: RunRequest = {
    database,
    planFolder,
    control: createRunControl(),
    onEvent: (event) =>
      event.kind === 'note' ? context.progress.report({ message: event.message }) : undefined,
  };
  const prepared = await preparePlanRun(context, request, choices);
  const step = stepsOf(prepared.loaded.plan).filter((item) => item.id === stepId);
  await confirmNoReturn(context, request, prepared, step);
  return mirrored(context, request, () => applyStep(prepared.run, stepId));
}

import {
  adoptDatabase,
  databaseIdentity,
  installSchema,
  schemaSql,
  schemaState,
} from '../database/switchback-schema';
import type { Confirmation, ReleasedFile, RunContext } from '../implement/run-context';
import { updatePlanFile, type LoadedPlan } from '../implement/scaffold/plan-file';
import { releasedFile } from '../implement/scaffold/released-file';
import { readPlanProgress } from '../implement/plan-progress';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { phaseOf, type PhaseName, type PlanProgress, type Step } from '../plan/plan';
import { loadParser } from '../sql/parser';
import { readApprovals } from './approvals';
import type { Database } from './database';
import { byTool } from './by-tool';
import { withEnvironmentGates } from './environment-gates';
import { readEvidence } from './evidence';
import { layoutAt } from './migrations';
import { loadPlan } from './plans';
import { openPrerequisitesOf, renewPrerequisites } from './prerequisites';
import { refreshPlanDocuments } from './refresh-plan-documents';
import { releaseReached } from './release';
import { tickChecklist } from './tick-checklist';
import type { RunRequest } from './run';
import { historyHashForGates } from './rehearsed-history';
import type { JourneyContext } from './workspace';

/** What a person decided for this run. */
export interface RunChoices {
  confirmations?: ReadonlyMap<string, Confirmation>;
  shortenWaits?: boolean;
  /** The phase the user asked to run as a whole: its held files are released as they are reached. */
  phase?: PhaseName;
}

/** A plan ready to run on a connected database. */
export interface PlanRun {
  loaded: LoadedPlan;
  run: RunContext;
}

/** Reads the plan, asks for the consent and the confirmation it needs, and gives what runners take. */
export async function preparePlanRun(
  context: JourneyContext,
  request: RunRequest,
  choices: RunChoices = {},
): Promise<PlanRun> {
  const { database } = request;
  const loaded = withEnvironmentGates(await loadPlan(context, request.planFolder), database);
  refuseAbandoned(loaded);
  await ensureConsent(context, database);
  await confirmCopy(context, database);
  const approvals = await readApprovals(context, loaded);
  const run: RunContext = {
    plan: loaded.plan,
    sessions: database.sessions,
    environment: database.connection.environment,
    confirmedDatabase: await confirmProduction(context, database),
    by: context.user,
    evidence: await readEvidence(database, loaded, approvals.proved),
    contentHash: loaded.approvedHash,
    historyHash: await historyHashForGates(context, loaded),
    openPrerequisites: openPrerequisitesOf(context, loaded),
    approvals,
    released: releasedFiles(context, request, choices.phase ?? null),
    confirmations: choices.confirmations ?? new Map(),
    shortenWaits: choices.shortenWaits ?? false,
    parser: await loadParser(),
    control: request.control,
    onEvent: request.onEvent,
    clock: context.clock,
    signal: context.signal,
  };
  return { loaded, run };
}

function refuseAbandoned({ plan, state }: LoadedPlan): void {
  if (state !== 'abandoned') return;
  throw new SwitchbackError(
    'already-done',
    t('"{0}" is abandoned: nothing of it is run any more. Plan the change anew.', plan.title),
  );
}

/** Asks before the schema `switchback` is made; a no leaves the database as it is. */
export async function ensureConsent(context: JourneyContext, database: Database): Promise<void> {
  const state = await schemaState(database.session);
  if (state.kind === 'current' || state.kind === 'newer') return;
  if (state.kind === 'absent') {
    const agreed = await context.prompt.confirm({
      id: 'consent-schema',
      title: t('Keep progress in the database?'),
      detail: t(
        'Switchback makes a schema "switchback" in {0} for runs and checkpoints, so that a backfill can be resumed from any machine. Nothing else is changed.',
        database.sessions.label,
      ),
      accept: t('Create Schema'),
    });
    if (!agreed) return;
  }
  await installSchema(database.session);
}

/**
 * The records of a restored or cloned database tell what was run on the original. After a yes the copy is a database
 * of its own. Throws `confirmation-needed` after a no.
 */
export async function confirmCopy(context: JourneyContext, database: Database): Promise<void> {
  if ((await schemaState(database.session)).kind === 'absent') return;
  const { id, copied } = await databaseIdentity(database.session);
  if (!copied) return;
  const label = database.sessions.label;
  const agreed = await context.prompt.confirm({
    id: 'copied-database',
    title: t('{0} is a copy of another database.', label),
    detail: t(
      'Its schema "switchback" was made elsewhere (database {0}) and came with the copy: the steps on record are those of the original at that time. Check that this is the database you mean; it will be kept apart from the original.',
      id,
    ),
    accept: t('Run on the Copy'),
  });
  if (!agreed) {
    throw new SwitchbackError(
      'confirmation-needed',
      t(
        'Nothing was run: {0} is a copy of another database. Confirm that it is the one you mean, or connect to the original.',
        label,
      ),
    );
  }
  await adoptDatabase(database.session);
}

/** The SQL that makes the schema, for a DBA to read and run. */
export function consentSql(database: Database): string {
  return schemaSql(database.session.facts.user);
}

/** On production the user types the database's name; elsewhere nothing is asked. */
export async function confirmProduction(context: JourneyContext, database: Database): Promise<string | null> {
  if (database.connection.environment !== 'production') return null;
  const expected = database.session.facts.database;
  const typed = await context.prompt.typeToConfirm({
    id: 'production',
    title: t('{0} is production.', database.sessions.label),
    detail: t('Type the name of the database, {0}, to go on.', expected),
    accept: t('Run on Production'),
    expected,
  });
  return typed ? expected : null;
}

/** Mirrors where the plan stands on this database into plan.md. */
export async function mirrorProgress(
  context: JourneyContext,
  database: Database,
  planFolder: string,
  progress: PlanProgress,
): Promise<void> {
  const loaded = await loadPlan(context, planFolder);
  const identity = await databaseIdentity(database.session);
  const name = database.connection.name;
  const { proved } = await readApprovals(context, loaded);
  await updatePlanFile(planFolder, context.files, {
    state: progress.state,
    environments: {
      ...loaded.environments,
      [name]: {
        databaseId: identity.id,
        phase: progress.phase,
        steps: progress.steps.filter((step) => step.state !== 'blocked' && step.state !== 'ready'),
        evidence: await readEvidence(database, loaded, proved),
      },
    },
  });
  await renewPrerequisites(context, planFolder);
  await tickChecklist(context, planFolder, { name, label: database.sessions.label });
  await refreshPlanDocuments(context, planFolder);
}

/**
 * Finds the migration file each step was released into; null while the step is held. A held file is released when
 * it is reached in the phase that the user runs as a whole (contract asks before its point of no return), or in
 * an expand or migrate phase that has begun.
 */
function releasedFiles(
  context: JourneyContext,
  request: RunRequest,
  phase: PhaseName | null,
): RunContext['released'] {
  return async (step: Step): Promise<ReleasedFile | null> => {
    let loaded = await loadPlan(context, request.planFolder);
    if (!isReleased(loaded, step) && (await mayRelease(request, loaded, step, phase))) {
      const progress = await readPlanProgress(request.database.session, loaded.plan);
      await releaseReached(context, loaded, phaseOf(loaded.plan, step.id)!.name, progress);
      loaded = await loadPlan(context, request.planFolder);
    }
    const { id, folder } = loaded.plan.layout;
    const layout = await layoutAt(context, id, folder);
    const file = await releasedFile(loaded, step.id, context.workspace.root, context.files, layout);
    return file && { ...file, byTool: byTool(context, request.database, layout, file.migration) };
  };
}

function isReleased(loaded: LoadedPlan, step: Step): boolean {
  return loaded.releases.some((release) => release.step === step.id);
}

async function mayRelease(
  request: RunRequest,
  loaded: LoadedPlan,
  step: Step,
  asked: PhaseName | null,
): Promise<boolean> {
  const phase = phaseOf(loaded.plan, step.id);
  if (!phase) return false;
  if (phase.name === asked) return true;
  if (phase.name === 'contract') return false;
  const { steps } = await readPlanProgress(request.database.session, loaded.plan);
  return steps.some((item) => item.state === 'done' && phase.steps.some((other) => other.id === item.id));
}

import path from 'node:path';
import { saveRunState, forgetRun } from '../database/run-store';
import { schemaState } from '../database/switchback-schema';
import { heldFolder } from '../documents/plan-folder';
import { updatePlanFile, type EnvironmentRecord, type LoadedPlan } from '../implement/scaffold/plan-file';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { PlanProgress } from '../plan/plan';
import { isPastReturn, stepsToRollBack } from '../plan/plan-state';
import type { Database } from './database';
import { confirmProduction } from './plan-run';
import { readProgress } from './progress';
import { loadPlan } from './plans';
import { refreshPlanDocuments } from './refresh-plan-documents';
import { rollBackPlan } from './rollback';
import type { RunRequest } from './run';
import type { JourneyContext } from './workspace';

export interface AbandonedPlan {
  /** Files that are gone, relative to the workspace folder, with `/`. */
  removed: string[];
  /** Released migration files, which stay: the team's tool would run them. */
  released: string[];
}

/** What abandoning needs of a run; `database` is null where none is connected. */
export type AbandonRequest = Omit<RunRequest, 'database'> & { database: Database | null };

/**
 * Gives a plan up: takes back what was done on the connected database, removes held files and the record of the run.
 * Throws `already-done`, and `invalid-input` past the point of no return or where another database still has a part of it.
 */
export async function abandonPlan(context: JourneyContext, request: AbandonRequest): Promise<AbandonedPlan> {
  const loaded = await loadPlan(context, request.planFolder);
  refuseOver(loaded);
  refuseElsewhere(loaded, request.database);
  const progress = request.database ? await readProgress(request.database, loaded) : null;
  if (progress) refusePastReturn(loaded, progress);
  await askToAbandon(context, loaded, progress);
  if (request.database && progress)
    await leaveDatabase(context, { ...request, database: request.database }, loaded, progress);
  const removed = await removeHeldFiles(context, loaded);
  await updatePlanFile(loaded.folder, context.files, { state: 'abandoned' });
  await refreshPlanDocuments(context, loaded.folder);
  return { removed, released: loaded.releases.map(({ up }) => up.path) };
}

function refuseOver({ state, plan }: LoadedPlan): void {
  if (state === 'abandoned')
    throw new SwitchbackError(
      'already-done',
      t('"{0}" is abandoned already. To take the change up again, plan it anew.', plan.title),
    );
  if (state === 'done')
    throw new SwitchbackError(
      'invalid-input',
      t('"{0}" is done. To undo it, roll it back, or plan the change that leads back.', plan.title),
    );
}

/** Who is not connected cannot take anything back there. */
function refuseElsewhere({ plan, environments }: LoadedPlan, database: Database | null): void {
  const here = database?.connection.name;
  const begun = Object.entries(environments).find(([name, record]) => name !== here && isBegun(record));
  if (!begun) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      'Steps of "{0}" are done on {1}. Connect to it and roll the plan back there first.',
      plan.title,
      begun[0],
    ),
  );
}

function isBegun({ steps }: EnvironmentRecord): boolean {
  return steps.some(({ state }) => state !== 'rolled-back' && state !== 'skipped');
}

function refusePastReturn({ plan }: LoadedPlan, progress: PlanProgress): void {
  if (!isPastReturn(plan, progress)) return;
  throw new SwitchbackError(
    'invalid-input',
    t('"{0}" is past its point of no return: there is no way back. Finish it.', plan.title),
  );
}

async function askToAbandon(
  context: JourneyContext,
  { plan }: LoadedPlan,
  progress: PlanProgress | null,
): Promise<void> {
  const done = progress === null ? 0 : stepsToRollBack(plan, progress).length;
  const agreed = await context.prompt.confirm({
    id: 'abandon',
    title: t('Abandon "{0}"?', plan.title),
    detail:
      done === 0
        ? t('Its held files and what is recorded of it are removed; its documents stay.')
        : done === 1
          ? t(
              'Its step that was begun is rolled back first; then its held files and what is recorded of it are removed. Its documents stay.',
            )
          : t(
              'Its {0} steps that were begun are rolled back first; then its held files and what is recorded of it are removed. Its documents stay.',
              done,
            ),
    accept: t('Abandon'),
  });
  if (agreed) return;
  throw new SwitchbackError('confirmation-needed', t('Nothing was done: "{0}" goes on.', plan.title));
}

async function leaveDatabase(
  context: JourneyContext,
  request: RunRequest,
  loaded: LoadedPlan,
  progress: PlanProgress,
): Promise<void> {
  const { database } = request;
  if (stepsToRollBack(loaded.plan, progress).length > 0) await takeBack(context, request, loaded);
  // A rollback has asked already.
  else if ((await schemaState(database.session)).kind !== 'absent')
    await confirmProduction(context, database);
  await tidyDatabase(database, loaded);
}

/** Throws `step-failed` where a step could not be taken back, or nobody said that a release was. */
async function takeBack(context: JourneyContext, request: RunRequest, { plan }: LoadedPlan): Promise<void> {
  const after = await rollBackPlan(context, request);
  const left = stepsToRollBack(plan, after);
  if (left.length === 0) return;
  throw new SwitchbackError(
    'step-failed',
    t(
      '"{0}" is not abandoned: {1} is not taken back. Roll it back, then abandon the plan again.',
      plan.title,
      left[0]!.id,
    ),
  );
}

/** Checkpoints and records of its steps go; that it was given up stays on record. */
async function tidyDatabase({ session }: Database, { plan }: LoadedPlan): Promise<void> {
  if ((await schemaState(session)).kind === 'absent') return;
  await session.transaction(async () => {
    await forgetRun(session, plan.id);
    await saveRunState(session, plan.id, 'abandoned', null);
  });
}

async function removeHeldFiles(
  { files, workspace }: JourneyContext,
  { folder }: LoadedPlan,
): Promise<string[]> {
  const held = path.join(folder, heldFolder);
  const removed: string[] = [];
  for (const { kind, name } of await files.list(held)) {
    if (kind === 'folder' || !/\.(?:up|down)\.sql$/.test(name)) continue;
    const file = path.join(held, name);
    await files.remove(file);
    removed.push(path.relative(workspace.root, file).split(path.sep).join('/'));
  }
  return removed;
}

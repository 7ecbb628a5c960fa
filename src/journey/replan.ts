import { inPlanFolder, heldFile } from '../documents/plan-folder';
import { generatedHash } from '../documents/write-generated';
import type { LoadedPlan } from '../implement/scaffold/plan-file';
import { normalizedPlan, sqlFilesOf } from '../implement/scaffold/step-files';
import { answersOf } from '../implement/scaffold/stored-answers';
import { readScriptHashes } from '../implement/scripts/script-hashes';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { continuedPlan, type ContinuedPlan } from '../plan/continued-plan';
import { createPlan } from '../plan/create-plan';
import { isPastReturn } from '../plan/plan-state';
import { stepsOf, type Plan, type PlanOptions, type PlanProgress } from '../plan/plan';
import { loadParser } from '../sql/parser';
import { assessAsItWas } from './assess';
import type { Database } from './database';
import type { ScaffoldOutcome } from './outcomes';
import type { DraftPlan } from './plan';
import { loadPlan } from './plans';
import { isWritten } from './prove-adoption';
import { readProgress } from './progress';
import { scaffoldPlan } from './scaffold';
import { inSchemaShadow, runThere } from './schema-shadow';
import type { JourneyContext } from './workspace';

/** What became of the steps that were still to come. */
export interface Replanned extends Omit<ContinuedPlan, 'plan'> {
  plan: string;
  notes: string[];
  /** Files of steps that come no more, absolute. */
  removed: string[];
  outcome: ScaffoldOutcome;
}

/**
 * Plans the rest of a plan that has begun anew, for the database as it is by now and with other options: in a shadow with its
 * schema the done steps are taken back, and the change is assessed there. What is done or released stays as it is. Throws
 * `invalid-input` where it cannot, `already-done` where nothing is left or nothing has begun, `confirmation-needed`.
 */
export async function replanRest(
  context: JourneyContext,
  database: Database,
  planFolder: string,
  options: Partial<PlanOptions>,
): Promise<Replanned> {
  const loaded = await loadPlan(context, planFolder);
  const progress = await readProgress(database, loaded);
  refuseState(loaded, progress);
  const { draft, continued } = await draftRest(context, database, loaded, progress, options);
  await askToReplan(context, loaded, continued);
  const scripts = await readScriptHashes(planFolder, context.files);
  const outcome = await scaffoldPlan(context, draft);
  const removed = await removeStale(context, loaded, continued, scripts);
  const { gone, added, changed } = continued;
  return { plan: draft.plan.id, gone, added, changed, notes: draft.notes, removed, outcome };
}

function refuseState({ plan, releases }: LoadedPlan, progress: PlanProgress): void {
  const { state } = progress;
  if (state === 'done' || state === 'abandoned')
    throw new SwitchbackError('already-done', t('"{0}" is {1}: nothing of it is left.', plan.title, state));
  if (state === 'rolled-back' || (releases.length === 0 && progress.steps.every(isOpen)))
    throw new SwitchbackError(
      'already-done',
      t('Nothing of "{0}" is done: plan the change again, which replaces the plan.', plan.title),
    );
  if (isPastReturn(plan, progress))
    throw new SwitchbackError(
      'invalid-input',
      t(
        '"{0}" is past its point of no return: what it was planned from is gone. Go on with the plan as it is.',
        plan.title,
      ),
    );
}

function isOpen({ state }: PlanProgress['steps'][number]): boolean {
  return state === 'blocked' || state === 'ready' || state === 'rolled-back';
}

async function draftRest(
  context: JourneyContext,
  database: Database,
  loaded: LoadedPlan,
  progress: PlanProgress,
  options: Partial<PlanOptions>,
): Promise<{ draft: DraftPlan; continued: ContinuedPlan }> {
  const { plan } = loaded;
  const done = new Set(progress.steps.filter(({ state }) => state === 'done').map(({ id }) => id));
  const assessment = await inSchemaShadow(context, database, async (there) => {
    for (const step of stepsOf(plan).filter(isWritten).reverse()) {
      if (!done.has(step.id) || step.rollback.kind !== 'sql') continue;
      await runThere(there, { sql: step.rollback.sql, alone: step.kind !== 'migration' }, context.signal);
    }
    return assessAsItWas(context, database, there, plan.change);
  });
  const { plan: fresh, notes } = createPlan({
    change: plan.change,
    assessment,
    options: { ...plan.options, ...options },
    layout: plan.layout,
    parser: await loadParser(),
    // Names that Switchback makes hold the day of the plan.
    now: new Date(plan.createdAt),
  });
  const continued = continuedPlan(begun(loaded, progress), await normalizedPlan(fresh));
  return {
    draft: { plan: continued.plan, assessment, notes, answers: answersOf(loaded), stagingDatabases: [] },
    continued,
  };
}

function begun(loaded: LoadedPlan, progress: PlanProgress): Parameters<typeof continuedPlan>[0] {
  const here = progress.steps.filter((step) => !isOpen(step));
  const elsewhere = Object.values(loaded.environments).flatMap(({ steps }) =>
    steps.filter(({ state }) => state !== 'rolled-back' && state !== 'skipped'),
  );
  const edited = loaded.editedFiles.map((file) => file.split('/').at(-1)!.split('.')[0]!);
  return {
    plan: loaded.plan,
    kept: new Set([
      ...here.map(({ id }) => id),
      ...elsewhere.map(({ id }) => id),
      ...loaded.releases.map(({ step }) => step),
    ]),
    edited: new Set(edited),
  };
}

async function askToReplan(
  context: JourneyContext,
  { plan }: LoadedPlan,
  { plan: now, gone, added, changed }: ContinuedPlan,
): Promise<void> {
  const said = [
    changed.length > 0 ? t('Other by now: {0}.', titlesOf(now, changed)) : '',
    added.length > 0 ? t('New: {0}.', titlesOf(now, added)) : '',
    gone.length > 0 ? t('No more: {0}.', titlesOf(plan, gone)) : '',
  ].filter(Boolean);
  const agreed = await context.prompt.confirm({
    id: 'replan',
    title: t('Plan the rest of "{0}" anew?', plan.title),
    detail: t(
      '{0} What is done or released stays; approvals and rehearsals were given for the plan as it was and are asked for again.',
      said.length > 0 ? said.join(' ') : t('The steps to come are the same.'),
    ),
    accept: t('Plan Anew'),
  });
  if (agreed) return;
  throw new SwitchbackError('confirmation-needed', t('Nothing was changed: the plan stays as it was.'));
}

function titlesOf(plan: Plan, ids: readonly string[]): string {
  return stepsOf(plan)
    .filter(({ id }) => ids.includes(id))
    .map(({ title }) => `"${title}"`)
    .join(', ');
}

/** Files of steps that come no more, unless a person has changed them. */
async function removeStale(
  { files }: JourneyContext,
  { folder, plan, generated }: LoadedPlan,
  { plan: now }: ContinuedPlan,
  scripts: Record<string, string>,
): Promise<string[]> {
  const present = new Set([
    ...sqlFilesOf(now).map(({ path }) => path),
    ...Object.keys(await readScriptHashes(folder, files)),
  ]);
  const ids = new Set(stepsOf(now).map(({ id }) => id));
  const numbersGone = stepsOf(plan).flatMap(({ id }) => (ids.has(id) ? [] : [id]));
  const hashes = { ...generated, ...scripts };
  const stale = [
    ...[...sqlFilesOf(plan).map(({ path }) => path), ...Object.keys(scripts)].filter(
      (name) => !present.has(name),
    ),
    ...numbersGone.flatMap((id) => [heldFile(id, 'up'), heldFile(id, 'down')]),
  ];
  const removed: string[] = [];
  for (const name of stale) {
    const file = inPlanFolder(folder, name);
    const text = await files.readIfExists(file);
    if (text === null || generatedHash(text) !== hashes[name]) continue;
    await files.remove(file);
    removed.push(file);
  }
  return removed;
}

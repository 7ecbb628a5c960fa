import { dryRun, dryRunPlace, dryRunTask, type DryRunResult, type DryRunTask } from '../implement/dry-run';
import { readPlanProgress } from '../implement/plan-progress';
import { rehearsedSteps } from '../implement/scaffold/rehearsed-steps';
import { schemaState } from '../database/switchback-schema';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { defaultPlanOptions, stepsOf, type Plan, type PlanOptions, type Step } from '../plan/plan';
import { loadParser } from '../sql/parser';
import type { Work } from '../safety/forecast';
import { heavierWork } from '../safety/forecast/strength';
import type { Database } from './database';
import { lintFiles } from './lint';
import { findMigration, requireScript, type FoundMigration } from './find-migration';
import { loadPlan } from './plans';
import { comingStep } from './progress';
import { replay, replayBeforePlan, replayInto, type Replay } from './replay';
import { openWorkspaceShadow } from './shadow';
import type { JourneyContext } from './workspace';
import { runOnEmpty } from '../layouts/run-on-empty';

/** Tries a step of a plan, the next one unless named: harmless work on the database and rolled back, the rest in a shadow. */
export async function dryRunPlan(
  context: JourneyContext,
  database: Database,
  planFolder: string,
  stepId: string | null,
): Promise<DryRunResult> {
  const loaded = await loadPlan(context, planFolder);
  const step = await stepToTry(database, loaded.plan, stepId);
  const task = dryRunTask(step);
  if (!task)
    throw new SwitchbackError(
      'usage',
      t('"{0}" runs no SQL that changes anything; there is nothing to try.', step.title),
    );
  return tryTask(context, database, task, loaded.plan.options, async () => {
    const { prepare, before } = await replayBeforePlan(context, loaded);
    const steps = rehearsedSteps(loaded.plan, planFolder);
    const index = steps.findIndex((item) => item.id === step.id);
    const earlier = steps.slice(0, index).map((item) => ({ ...item.forward, label: item.title }));
    return { prepare, before: [...before, ...earlier] };
  });
}

/** Tries the up of a migration file, in the same way. */
export async function dryRunMigration(
  context: JourneyContext,
  database: Database,
  file: string,
): Promise<DryRunResult> {
  const found = await findMigration(context, file);
  assertIsSql(found);
  const script = await requireScript(context, found, 'up');
  const task: DryRunTask = {
    kind: 'sql',
    sql: script.sql,
    work: await strongestWork(context, database, script.path),
  };
  return tryTask(context, database, task, defaultPlanOptions, () => {
    const place = found.folder.migrations.findIndex((item) => item.version === found.migration.version);
    return replay(context, found.layout, runOnEmpty(found.folder.migrations, place));
  });
}

/** Of a program the SQL in its text is known, and not what its calls make. */
function assertIsSql({ migration, layout }: FoundMigration): void {
  if (!migration.isCode) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0} is a program that {1} runs; a dry run would try only the SQL in its text. Rehearse it instead.',
      migration.version,
      layout.title,
    ),
  );
}

async function stepToTry(database: Database, plan: Plan, stepId: string | null): Promise<Step> {
  if (stepId !== null) {
    const step = stepsOf(plan).find((item) => item.id === stepId);
    if (step) return step;
    throw new SwitchbackError('not-found', t('The plan has no step "{0}". Choose one of its steps.', stepId));
  }
  const recorded = (await schemaState(database.session)).kind !== 'absent';
  const step = recorded ? comingStep(plan, await readPlanProgress(database.session, plan)) : stepsOf(plan)[0];
  if (step) return step;
  throw new SwitchbackError(
    'already-done',
    t('"{0}" has no next step; there is nothing to try.', plan.title),
  );
}

async function tryTask(
  context: JourneyContext,
  database: Database,
  task: DryRunTask,
  options: PlanOptions,
  replayOf: () => Promise<Replay>,
): Promise<DryRunResult> {
  const parser = await loadParser();
  const { environment } = database.connection;
  const request = { task, sessions: database.sessions, environment, options, parser, signal: context.signal };
  if (dryRunPlace(task, environment, parser) === 'database') return dryRun({ ...request, shadow: null });
  const { connection, session } = database;
  const target = { connection, major: session.facts.major, session };
  const shadow = await openWorkspaceShadow(context, null, target);
  try {
    await replayInto(context, shadow, await replayOf());
    return await dryRun({ ...request, shadow });
  } finally {
    await shadow.dispose();
  }
}

/** The strongest work any statement of a file is forecast to do; null for a file that nothing is known of. */
async function strongestWork(
  context: JourneyContext,
  database: Database,
  file: string,
): Promise<Work | null> {
  const [linted] = (await lintFiles(context, [file], { database })).files;
  if (!linted) return null;
  return linted.statements.reduce<Work>((heaviest, { work }) => heavierWork(heaviest, work), 'none');
}

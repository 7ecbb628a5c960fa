import path from 'node:path';
import type { JourneyContext } from '../../journey/workspace';
import { isSwitchbackError, SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { parseQualifiedName } from '../../sql/identifier';
import { draftOf } from './change-view';
import type { WizardModel } from './wizard-model';
import type { WizardSurroundings } from './wizard-surroundings';

/** Everything that plan folder and database say; the tables for the form while there is no plan. */
export async function readInto(
  model: WizardModel,
  around: WizardSurroundings,
  context: JourneyContext,
): Promise<void> {
  const database = around.database();
  const { planFolder } = model;
  model.approvalRoles = context.workspace.configuration.approvalRoles;
  model.plansFolder = context.workspace.configuration.plansFolder;
  if (planFolder === null) {
    const { listTablesAndViews } = await import('../../journey/tables');
    model.tables = database ? await around.exclusive(({ session }) => listTablesAndViews(session)) : [];
    return loadOutline(model, around);
  }
  const { loadPlan } = await import('../../journey/plans');
  const { planStanding } = await import('../../journey/progress');
  const loaded = await loadPlan(context, planFolder);
  model.loaded = loaded;
  const { answersOnDisk } = await import('../../journey/prerequisites');
  // What is still to be written there is newer than what is read.
  if (model.answersToKeep === 0) model.answers = answersOnDisk(loaded);
  model.plan = loaded.plan;
  model.planOptions = loaded.plan.options;
  model.draft = draftOf(loaded.plan.change);
  model.documents = await planDocuments(context, planFolder);
  model.standing = database
    ? await around.exclusive((connected) => planStanding(context, connected, planFolder))
    : await planStanding(context, null, planFolder);
  await judgePrerequisites(model, around);
}

/** The plan that what was assessed would give, and how the prerequisites stand with it. */
export async function previewInto(
  model: WizardModel,
  around: WizardSurroundings,
  context: JourneyContext,
): Promise<void> {
  if (!model.assessment) return;
  const { previewPlan } = await import('../../journey/prerequisites');
  try {
    model.preview = await previewPlan(context, model.assessment, model.planOptions);
  } catch (error) {
    // The dual write that was chosen before the table was read does not fit it; the other one does.
    if (!isSwitchbackError(error, 'invalid-input') || model.planOptions.dualWrite === 'trigger') throw error;
    model.planOptions = { ...model.planOptions, dualWrite: 'trigger' };
    model.preview = await previewPlan(context, model.assessment, model.planOptions);
    model.notice = t('{0} The plan has the trigger.', error.sentence);
  }
  await judgePrerequisites(model, around);
}

/** How the prerequisites stand with what is known now. */
export async function judgePrerequisites(model: WizardModel, around: WizardSurroundings): Promise<void> {
  const { prerequisitesNow } = await import('../../journey/prerequisites');
  const { plannedScope } = await import('../../plan/planned-scope');
  const { assessment, answers, loaded, approvalRoles } = model;
  const plan = model.plan ?? model.preview;
  model.scopeProposal = assessment ? plannedScope(assessment, plan) : null;
  model.prerequisites =
    assessment || plan
      ? prerequisitesNow({
          assessment,
          plan,
          answers,
          loaded,
          approvalRoles,
          stagingDatabases: around.stagingDatabases(),
        })
      : [];
}

/** What the table in the form has. */
export async function loadOutline(model: WizardModel, around: WizardSurroundings): Promise<void> {
  const { table } = model.draft;
  if (table === '' || !around.database()) return;
  const { readOutline } = await import('../../journey/tables');
  model.outline = await around.exclusive(({ session }) => readOutline(session, parseQualifiedName(table)));
  model.outlineOf = table;
}

/** The plan for what was assessed, with the options of the form; nothing is written. */
export async function draftInto(
  model: WizardModel,
  around: WizardSurroundings,
  context: JourneyContext,
  migrationsFolder: string | null,
): Promise<void> {
  if (!model.assessment) {
    throw new SwitchbackError('invalid-input', t('Assess the change before planning it.'));
  }
  if (model.planFolder !== null) return;
  model.plansFolder = context.workspace.configuration.plansFolder;
  const { migrationFolders } = await import('../../journey/migrations');
  const { draftPlan } = await import('../../journey/plan');
  const folders = await migrationFolders(context);
  const draft = await draftPlan(context, model.assessment, {
    options: model.planOptions,
    migrationsFolder: migrationsFolder ?? undefined,
    answers: model.answers,
    stagingDatabases: around.stagingDatabases(),
  });
  model.plan = draft.plan;
  model.planOptions = draft.plan.options;
  model.planNotes = draft.notes;
  model.migrationFolders = folders.map((folder) => folder.label);
  model.layoutTitle = folders.find((folder) => folder.label === draft.plan.layout.folder)?.title ?? '';
  await judgePrerequisites(model, around);
}

/** Writes the plan's folder and reads it back. Throws `invalid-input` without plan or assessment. */
export async function scaffoldInto(
  model: WizardModel,
  around: WizardSurroundings,
  context: JourneyContext,
): Promise<void> {
  const { plan, assessment } = model;
  if (!plan) throw new SwitchbackError('invalid-input', t('Create the plan before scaffolding it.'));
  if (!assessment)
    throw new SwitchbackError(
      'invalid-input',
      t('Assess the change again before scaffolding: the documents hold its numbers.'),
    );
  const { scaffoldPlan } = await import('../../journey/scaffold');
  const outcome = await scaffoldPlan(context, {
    plan,
    assessment,
    notes: model.planNotes,
    answers: model.answers,
    stagingDatabases: around.stagingDatabases(),
  });
  model.planFolder = outcome.planFolder;
  await around.scaffolded(outcome.planFolder);
  await readInto(model, around, context);
  model.notice = writtenNotice(outcome.written.length, outcome.kept.length);
}

function writtenNotice(written: number, kept: number): string {
  const wrote = written === 1 ? t('Wrote 1 file') : t('Wrote {0} files', written);
  if (kept === 0) return wrote;
  return kept === 1
    ? t('{0}; 1 edited one was kept', wrote)
    : t('{0}; {1} edited ones were kept', wrote, kept);
}

async function planDocuments(context: JourneyContext, folder: string): Promise<WizardModel['documents']> {
  const entries = await context.files.list(folder);
  return entries
    .filter((entry) => entry.kind === 'file' && /\.(md|sql)$/.test(entry.name))
    .map((entry) => ({ label: entry.name, path: path.join(folder, entry.name) }));
}

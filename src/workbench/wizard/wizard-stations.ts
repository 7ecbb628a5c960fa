import type { JourneyContext } from '../../journey/workspace';
import { t } from '../../messages/translate';
import type { Change } from '../../assess/change';
import type { GateKind, PhaseName } from '../../plan/plan';
import { dryRunView } from './dry-run-view';
import type { WizardModel } from './wizard-model';
import { previewInto, readInto } from './wizard-reading';
import type { WizardSurroundings } from './wizard-surroundings';

/** Assesses the change, with what a plan of it would be. */
export async function assessInto(
  model: WizardModel,
  around: WizardSurroundings,
  context: JourneyContext,
  change: Change,
): Promise<void> {
  model.assessment = await around.exclusive(async (database) =>
    (await import('../../journey/assess')).assessChange(context, database, change),
  );
  await previewInto(model, around, context);
}

/** Tries, after a yes, a batch on each table that the plan would backfill; what was planned is planned anew with its times. */
export async function sampleInto(
  model: WizardModel,
  around: WizardSurroundings,
  context: JourneyContext,
): Promise<void> {
  const { assessment } = model;
  if (!assessment) return;
  model.assessment = await around.exclusive(async (database) =>
    (await import('../../journey/sample-batches')).sampleBatches(context, database, assessment),
  );
  model.plan = null;
  await previewInto(model, around, context);
}

/** Tries the next step of the plan. */
export async function dryRunInto(
  model: WizardModel,
  around: WizardSurroundings,
  context: JourneyContext,
  planFolder: string,
): Promise<void> {
  const result = await around.exclusive(async (database) =>
    (await import('../../journey/dry-run')).dryRunPlan(context, database, planFolder, null),
  );
  model.dryRun = dryRunView(result);
}

/** Releases the files of a phase into the migrations folder. */
export async function releaseInto(
  model: WizardModel,
  around: WizardSurroundings,
  context: JourneyContext,
  planFolder: string,
  phase: PhaseName,
): Promise<void> {
  const outcome = await around.exclusive(async (database) =>
    (await import('../../journey/scaffold')).releasePhase(context, database, planFolder, phase),
  );
  around.changed();
  await readInto(model, around, context);
  const released = outcome.written.length;
  model.notice = released === 1 ? t('Released 1 file') : t('Released {0} files', released);
}

/** Rehearses the plan in a shadow database. */
export async function rehearseInto(
  model: WizardModel,
  around: WizardSurroundings,
  context: JourneyContext,
  planFolder: string,
): Promise<void> {
  // Once a step was run, the rows are no longer those before the plan.
  const hasBegun = model.standing?.progress.steps.some(
    ({ state }) => state !== 'blocked' && state !== 'ready',
  );
  const asked = around.database();
  const data = hasBegun ? null : await around.askRows(context);
  model.rehearsal = await around.exclusive(
    async (database) =>
      (await import('../../journey/rehearse')).rehearsePlan(context, database, planFolder, { data }),
    asked,
  );
  await readInto(model, around, context);
}

/** Verifies what was run, and writes the report. */
export async function verifyInto(
  model: WizardModel,
  around: WizardSurroundings,
  context: JourneyContext,
  planFolder: string,
): Promise<void> {
  model.report = await around.exclusive(async (database) =>
    (await import('../../journey/verify')).verifyPlan(context, database, planFolder),
  );
  around.changed();
  await readInto(model, around, context);
}

/** Why a gate is answered, in the user's words; null when the question was closed. */
export function askGateReason(
  model: WizardModel,
  around: WizardSurroundings,
  gate: GateKind,
  title: string,
): Promise<string | null> {
  return around.askReason(
    title,
    gate === 'approval' && model.approvalRoles.length > 0
      ? t(
          'Say for which role you approve: {0}. It is kept as evidence with your name and the date.',
          model.approvalRoles.join(', '),
        )
      : t('Say why in a few words; it is kept as evidence with your name and the date.'),
  );
}

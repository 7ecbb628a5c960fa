import path from 'node:path';
import { isOpen } from '../implement/gates';
import { scaffoldPlan as writePlan } from '../implement/scaffold/scaffold-plan';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { phaseOf, type PhaseName } from '../plan/plan';
import type { Database } from './database';
import type { ReleaseOutcome, ScaffoldOutcome } from './outcomes';
import type { DraftPlan } from './plan';
import { historyTableAt } from './migrations';
import { loadPlan } from './plans';
import { plansFolder } from './plans-folder';
import { draftStanding } from './prerequisites';
import { planStanding } from './progress';
import { releaseReached, templateFolders } from './release';
import type { JourneyContext } from './workspace';

/**
 * Writes the plan's folder, its documents, and the migration files of the first phase. A file a person has
 * edited is merged after a yes and kept after a no; identical output asks nothing.
 */
export async function scaffoldPlan(context: JourneyContext, draft: DraftPlan): Promise<ScaffoldOutcome> {
  const folder = path.join(plansFolder(context), draft.plan.id);
  const { answers, prerequisites } = await draftStanding(context, draft);
  const result = await writePlan({
    plan: draft.plan,
    assessment: draft.assessment,
    notes: draft.notes,
    answers,
    prerequisites,
    settings: context.workspace.configuration,
    historyTable: await historyTableAt(context, draft.plan.layout.id, draft.plan.layout.folder),
    folder,
    root: context.workspace.root,
    files: context.files,
    templates: templateFolders(context),
    now: context.clock.now(),
    resolve: async (conflict) => {
      const merge = await context.prompt.confirm({
        id: 'overwrite',
        title: t('{0} was edited by hand.', path.relative(context.workspace.root, conflict.path)),
        detail: conflict.diff,
        accept: t('Merge'),
      });
      return merge ? 'merge' : 'keep';
    },
  });
  return {
    planFolder: folder,
    written: result.written,
    unchanged: result.unchanged,
    kept: result.kept,
    answers,
    prerequisites,
  };
}

/**
 * Writes the migration files of a phase into the team's folder, when the gates of its first step hold. Files
 * behind a step that is not done stay held. Throws `gate-not-held`.
 */
export async function releasePhase(
  context: JourneyContext,
  database: Database,
  planFolder: string,
  phase: PhaseName,
): Promise<ReleaseOutcome> {
  const standing = await planStanding(context, database, planFolder);
  const closed = standing.gates.filter((gate) => !isOpen(gate));
  if (standing.next && phaseOf(standing.plan, standing.next.id)?.name === phase && closed.length > 0) {
    throw new SwitchbackError(
      'gate-not-held',
      t('The {0} phase may not be released yet. {1}', phase, closed.map((gate) => gate.reason).join(' ')),
    );
  }
  const loaded = await loadPlan(context, planFolder);
  const release = await releaseReached(context, loaded, phase, standing.progress);
  return { phase, written: release.written };
}

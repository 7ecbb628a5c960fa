import { inPlanFolder } from '../documents/plan-folder';
import { refreshRegion } from '../documents/regions';
import { phaseFile, wholePlanFiles } from '../documents/rollout/document-names';
import { evidenceRegion } from '../documents/rollout/evidence-region';
import { isSwitchbackError } from '../messages/error';
import { phasesWithSteps, phaseStatus } from './plan-document-contexts';
import { evidenceLines } from './plan-evidence';
import { loadPlan } from './plans';
import type { JourneyContext } from './workspace';

/**
 * Brings the status of tickets and announcements, and the evidence of the pull request, up to date with the record of
 * plan.md; in the files that are there. What a person edited stays. One that cannot be read is told of, and left.
 */
export async function refreshPlanDocuments(context: JourneyContext, planFolder: string): Promise<void> {
  const loaded = await loadPlan(context, planFolder);
  for (const phase of phasesWithSteps(loaded.plan)) {
    for (const kind of ['tickets', 'announcements'] as const) {
      const status = phaseStatus(loaded, phase, kind === 'tickets');
      await refresh(context, inPlanFolder(planFolder, phaseFile(kind, phase)), status);
    }
  }
  const { approvalRoles } = context.workspace.configuration;
  const evidence = evidenceRegion(evidenceLines(loaded, approvalRoles));
  await refresh(context, inPlanFolder(planFolder, wholePlanFiles['pull-request']), evidence);
}

async function refresh(context: JourneyContext, file: string, region: string): Promise<void> {
  try {
    const text = await context.files.readIfExists(file);
    const changed = text === null ? null : refreshRegion(text, region);
    if (changed !== null && changed !== text) await context.files.write(file, changed);
  } catch (error) {
    // What was run is on record; a document beside it must not make it look failed.
    if (!isSwitchbackError(error)) throw error;
    context.progress.report({ message: error.sentence });
  }
}

import { retrospective } from '../cleanup/retrospective';
import { retrospectiveDocument } from '../cleanup/retrospective-document';
import { loadRun } from '../database/run-store';
import { inPlanFolder } from '../documents/plan-folder';
import type { PlanProgress } from '../plan/plan';
import { renderTemplate } from '../templates/engine';
import type { Database } from './database';
import { loadPlan } from './plans';
import { templateFolders } from './release';
import type { JourneyContext } from './workspace';

/**
 * Writes `retrospective.md` when a plan is done: what was estimated against what it took, and what to talk about.
 * One that is there belongs to the people who filled it in and is left alone.
 */
export async function writeRetrospective(
  context: JourneyContext,
  database: Database,
  planFolder: string,
  progress: PlanProgress,
): Promise<void> {
  const file = inPlanFolder(planFolder, 'retrospective.md');
  if (progress.state !== 'done' || (await context.files.exists(file))) return;
  const { plan } = await loadPlan(context, planFolder);
  const looked = retrospective(plan, progress, await loadRun(database.session, plan.id));
  const { shipped, override } = templateFolders(context);
  const text = await renderTemplate({
    name: 'retrospective.md.hbs',
    context: retrospectiveDocument(plan, looked, database.sessions.label, context.clock.now().toISOString()),
    shippedFolder: shipped,
    overrideFolder: override,
    files: context.files,
  });
  await context.files.write(file, text);
}

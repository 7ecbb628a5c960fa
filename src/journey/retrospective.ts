import { retrospective, type RetrospectiveStep } from '../cleanup/retrospective';
import { loadRun } from '../database/run-store';
import { inPlanFolder } from '../documents/plan-folder';
import { t } from '../messages/translate';
import { describeMilliseconds } from '../plan/step-forecast';
import type { PlanProgress } from '../plan/plan';
import { duration } from '../safety/forecast/describe-forecast';
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
    context: {
      plan: { id: plan.id, title: plan.title },
      startedAt: looked.startedAt ?? plan.createdAt,
      finishedAt: looked.finishedAt ?? context.clock.now().toISOString(),
      database: database.sessions.label,
      steps: looked.steps.map((step) => ({
        title: step.title,
        expected: expectedOf(step),
        took: tookOf(step),
      })),
    },
    shippedFolder: shipped,
    overrideFolder: override,
    files: context.files,
  });
  await context.files.write(file, text);
}

function expectedOf({ planned }: RetrospectiveStep): string {
  if (planned === null) return t('not estimated');
  return describeMilliseconds(planned);
}

function tookOf({ actual, late }: RetrospectiveStep): string {
  if (actual === null) return t('not measured');
  return late === true ? t('{0}, longer than expected', duration(actual)) : duration(actual);
}

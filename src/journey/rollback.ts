import { rollBackPlan as rollBackSteps } from '../implement/roll-back-plan';
import { t } from '../messages/translate';
import type { PlanProgress } from '../plan/plan';
import { mirrored } from './apply';
import { preparePlanRun, type PlanRun, type RunChoices } from './plan-run';
import type { RunRequest } from './run';
import type { JourneyContext } from './workspace';

/** Undoes the steps done so far, the last first; stops at the point of no return and at deployments not taken back. */
export async function rollBackPlan(
  context: JourneyContext,
  request: RunRequest,
  choices: RunChoices = {},
): Promise<PlanProgress> {
  const prepared = await preparePlanRun(context, request, choices);
  return mirrored(context, request, async () => {
    const outcome = await rollBackSteps(prepared.run);
    if (outcome.stopped)
      request.onEvent({ kind: 'note', step: outcome.stopped.step, message: outcome.stopped.reason });
    else sayWhatStays(request, prepared);
    return outcome.progress;
  });
}

/** The team's tool would run the released files with its next deployment: taking them away is for people to decide. */
function sayWhatStays({ database, onEvent }: RunRequest, { loaded }: PlanRun): void {
  const label = database.sessions.label;
  const files = loaded.releases.map((release) => release.up.path.split('/').at(-1)!);
  const message =
    files.length === 0
      ? t(
          '"{0}" is rolled back on {1}. Apply it to start again from its first step.',
          loaded.plan.title,
          label,
        )
      : t(
          '"{0}" is rolled back on {1}. Its files stay in {2} and are pending: {3}. Remove them, with their downs, to give the plan up, because your tool would run them with the next deployment; or apply the plan to start again from its first step.',
          loaded.plan.title,
          label,
          loaded.plan.layout.folder,
          files.join(', '),
        );
  onEvent({ kind: 'note', step: null, message });
}

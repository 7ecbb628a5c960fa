import { rollBackPlan as rollBackSteps } from '../implement/roll-back-plan';
import type { PlanProgress } from '../plan/plan';
import { mirrored } from './apply';
import { preparePlanRun, type RunChoices } from './plan-run';
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
    return outcome.progress;
  });
}

import { rollBackPlan as rollBackSteps } from '../implement/roll-back-plan';
import { t } from '../messages/translate';
import { stepsOf, type PlanProgress } from '../plan/plan';
import { mirrored } from './apply';
import { preparePlanRun, type PlanRun, type RunChoices } from './plan-run';
import type { RunRequest } from './run';
import type { JourneyContext } from './workspace';

/**
 * Undoes the steps done so far, the last first; asks for each release whether it has been taken back, and stops
 * there where it has not, and at the point of no return.
 */
export async function rollBackPlan(
  context: JourneyContext,
  request: RunRequest,
  choices: RunChoices = {},
): Promise<PlanProgress> {
  const prepared = await preparePlanRun(context, request, choices);
  const confirmations = new Map(prepared.run.confirmations);
  return mirrored(context, request, async () => {
    for (;;) {
      const outcome = await rollBackSteps({ ...prepared.run, confirmations });
      const { stopped } = outcome;
      if (stopped === null) sayWhatStays(request, prepared);
      else if (await isTakenBack(context, prepared, stopped.step, stopped.reason)) {
        const at = context.clock.now().toISOString();
        confirmations.set(stopped.step, { by: context.user, at, note: '' });
        continue;
      } else request.onEvent({ kind: 'note', step: stopped.step, message: stopped.reason });
      return outcome.progress;
    }
  });
}

/** Only a person knows that the release before runs again on every instance. */
async function isTakenBack(
  context: JourneyContext,
  { loaded }: PlanRun,
  stepId: string,
  reason: string,
): Promise<boolean> {
  const step = stepsOf(loaded.plan).find((candidate) => candidate.id === stepId);
  if (step?.kind !== 'deploy') return false;
  return context.prompt.confirm({
    id: 'release-taken-back',
    step: step.id,
    title: t('Is "{0}" taken back?', step.title),
    detail: reason,
    accept: t('It Is Taken Back'),
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

import type { PlanStanding } from '../../journey/outcomes';
import type { RunRequest } from '../../journey/run';
import type { JourneyContext } from '../../journey/workspace';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { stepsToRollBack } from '../../plan/plan-state';
import type { PlanProgress } from '../../plan/plan';

/** Takes a plan back after a yes to the steps that go. Throws `cancelled` after a no, `already-done` where none is done. */
export async function rollBackAfterQuestion(
  context: JourneyContext,
  run: RunRequest,
  { plan, progress }: PlanStanding,
): Promise<PlanProgress> {
  const steps = stepsToRollBack(plan, progress);
  if (steps.length === 0) {
    throw new SwitchbackError(
      'already-done',
      t('Nothing of "{0}" is done here, so there is nothing to take back.', plan.title),
    );
  }
  const agreed = await context.prompt.confirm({
    id: 'roll-back',
    title: t('Roll back "{0}" on {1}?', plan.title, run.database.sessions.label),
    detail: t('The last step goes first: {0}.', steps.map((step) => step.title).join('; ')),
    accept: t('Roll Back'),
  });
  if (!agreed) throw new SwitchbackError('cancelled', t('Nothing was taken back.'));
  return (await import('../../journey/rollback')).rollBackPlan(context, run);
}

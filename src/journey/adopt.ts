import { assertSchema } from '../database/switchback-schema';
import { adoptSteps, stepsThere, type StepsThere } from '../implement/adopt-steps';
import { readPlanProgress } from '../implement/plan-progress';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { phaseOf, type PlanProgress, type Step } from '../plan/plan';
import { confirmNoReturn, mirrored } from './apply';
import type { Database } from './database';
import { preparePlanRun, type PlanRun, type RunChoices } from './plan-run';
import { proveAdoption } from './prove-adoption';
import type { RunRequest } from './run';
import type { JourneyContext } from './workspace';

/** How far a plan came without its SQL being run. */
export interface Adoption {
  /** Ids of the steps that count as done now. */
  adopted: string[];
  stopped: StepsThere['stopped'];
  progress: PlanProgress;
}

/**
 * Takes the next steps of a plan as done whose effect is on the database already: done by hand, or by something else. A shadow
 * database has to show first that the plan makes the same and can take it back. Throws `not-found` where nothing is done,
 * `verification-failed` with what differs, `confirmation-needed`.
 */
export async function adoptPlan(
  context: JourneyContext,
  request: RunRequest,
  choices: RunChoices = {},
): Promise<Adoption> {
  const prepared = await preparePlanRun(context, request, choices);
  await assertSchema(request.database.session);
  const { steps, stopped } = await findThere(context, request, prepared);
  await proveAdoption(context, request.database, steps);
  await askToAdopt(context, request.database, prepared, steps);
  await confirmNoReturn(context, request, prepared, steps);
  const progress = await mirrored(context, request, () => adoptSteps(prepared.run, steps));
  return { adopted: steps.map(({ id }) => id), stopped, progress };
}

async function findThere(
  context: JourneyContext,
  { database }: RunRequest,
  { loaded: { plan }, run }: PlanRun,
): Promise<StepsThere> {
  const progress = await readPlanProgress(database.session, plan);
  const released = new Set(run.confirmations.keys());
  const there = await stepsThere(database.session, plan, progress, released, context.signal);
  // A check alone has changed nothing that could have been done by hand.
  if (there.steps.some(({ kind }) => kind !== 'check')) return there;
  throw new SwitchbackError(
    'not-found',
    t(
      'Nothing of "{0}" that is open is done on {1}. {2}',
      plan.title,
      database.sessions.label,
      there.stopped?.reason ?? t('The plan has no step left.'),
    ),
  );
}

async function askToAdopt(
  context: JourneyContext,
  { sessions }: Database,
  { loaded: { plan } }: PlanRun,
  steps: readonly Step[],
): Promise<void> {
  const phase = phaseOf(plan, steps[0]!.id)?.name ?? 'expand';
  const agreed = await context.prompt.confirm({
    id: 'adopt',
    title:
      steps.length === 1
        ? t('Take 1 step of "{0}" as done on {1}?', plan.title, sessions.label)
        : t('Take {0} steps of "{1}" as done on {2}?', steps.length, plan.title, sessions.label),
    detail:
      steps.length === 1
        ? t(
            "{0}. Its SQL is not run; your tool's history tells of it from then on, and the plan goes on in {1} after it. A shadow database has shown that its way back fits what is there.",
            steps[0]!.title,
            phase,
          )
        : t(
            "{0}. Their SQL is not run; your tool's history tells of them from then on, and the plan goes on in {1} after them. A shadow database has shown that their way back fits what is there.",
            steps.map(({ title }) => title).join('; '),
            phase,
          ),
    accept: t('Take as Done'),
  });
  if (agreed) return;
  throw new SwitchbackError('confirmation-needed', t('Nothing was changed: the steps stay open.'));
}

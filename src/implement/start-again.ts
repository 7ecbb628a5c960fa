import { stepsOf, type PlanProgress } from '../plan/plan';
import { withHeldPlan } from './held-plan';
import type { RunContext } from './run-context';

/**
 * Makes a plan that was rolled back completely ready to run from its first step; any other is left as it is.
 * Evidence and confirmations of gates stay on record. Throws as `applyStep` does.
 */
export async function startAgain(context: RunContext): Promise<PlanProgress> {
  return withHeldPlan(context, async (held) => {
    const run = await held.stepRun();
    if (run.progress.state !== 'rolled-back') return run.progress;
    await run.session.transaction(
      async () => {
        await run.records.lock(run.session);
        await run.session.query(
          'delete from switchback.steps where plan_id = $1 and step_id = any($2::text[])',
          [context.plan.id, stepsOf(context.plan).map((step) => step.id)],
        );
      },
      { signal: run.signal },
    );
    return held.saveState();
  });
}

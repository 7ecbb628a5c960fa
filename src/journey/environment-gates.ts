import type { LoadedPlan } from '../implement/scaffold/plan-file';
import { withGates } from '../plan/gates';
import type { Database } from './database';

/**
 * The plan with the gates of the environment it runs on beside its own: one that was made on development has few,
 * and production asks for all.
 */
export function withEnvironmentGates(loaded: LoadedPlan, database: Database): LoadedPlan {
  const { environment } = database.connection;
  const phases = withGates(loaded.plan.phases, { environment, hasReplicas: true }).map((phase, index) => ({
    ...phase,
    steps: phase.steps.map((step, place) => {
      const own = loaded.plan.phases[index]!.steps[place]!.gates;
      return { ...step, gates: [...new Set([...own, ...step.gates])] };
    }),
  }));
  return { ...loaded, plan: { ...loaded.plan, phases } };
}

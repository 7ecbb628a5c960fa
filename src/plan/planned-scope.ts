import type { Assessment } from '../assess/assessment';
import { proposeScope, type ScopeProposal, type Standstill } from '../assess/scope-proposal';
import { stepsOf, type Plan } from './plan';

/** Systems, users and downtime of a plan as far as they can be found; `plan` is null before there is one. */
export function plannedScope(
  assessment: Assessment,
  plan: Pick<Plan, 'phases' | 'options'> | null,
): ScopeProposal {
  return proposeScope(assessment, plan ? standstillOf(plan) : null);
}

function standstillOf(plan: Pick<Plan, 'phases' | 'options'>): Standstill {
  const holds = stepsOf(plan)
    .filter((step) => step.forecast?.lock === 'AccessExclusiveLock')
    .map((step) => step.forecast?.holdMilliseconds?.high ?? null);
  const known = holds.filter((hold) => hold !== null);
  return {
    stops: plan.options.strategy === 'big-bang',
    longestHoldMilliseconds: known.length < holds.length || known.length === 0 ? null : Math.max(...known),
  };
}

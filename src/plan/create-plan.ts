import { SwitchbackError } from '../messages/error';
import { describeChange, slugOfChange, type Change } from '../assess/change';
import type { Assessment } from '../assess/assessment';
import type { SqlParser } from '../sql/parser';
import { withGates } from './gates';
import type { Plan, PlanOptions } from './plan';
import { recipeFor } from './recipes/index';
import { describeStrategy } from './strategy';

export interface PlanRequest {
  change: Change;
  assessment: Assessment;
  options: PlanOptions;
  layout: Plan['layout'];
  parser: SqlParser;
  now: Date;
}

/**
 * The plan of an assessed change with complete SQL, and what has to be looked at by a person. Throws
 * `invalid-input` with the first blocker where the recipe does not apply.
 */
export function createPlan(request: PlanRequest): { plan: Plan; notes: string[] } {
  const { change, assessment, layout, parser, now } = request;
  const options = effectiveOptions(request.options);
  const recipe = recipeFor(change);
  const blocker = [...assessment.blockers, ...recipe.blockers(change, assessment, options)][0];
  if (blocker !== undefined) throw new SwitchbackError('invalid-input', blocker);
  const planId = planIdOf(change, now);
  const recipePlan = recipe.phases({ change, assessment, options, parser, planId });
  const replicas = assessment.server.replicas ?? [];
  const plan: Plan = {
    id: planId,
    title: describeChange(change),
    createdAt: now.toISOString(),
    change,
    recipe: recipe.id,
    layout,
    serverMajor: assessment.server.major,
    options,
    strategy: describeStrategy(options.strategy, assessment),
    phases: withGates(recipePlan.phases, {
      environment: assessment.database.environment,
      hasReplicas: replicas.length > 0,
    }),
    pointOfNoReturn: recipePlan.pointOfNoReturn,
  };
  return { plan, notes: recipePlan.notes };
}

/** A big bang has no window between release and contract; an application that writes both moves over step by step. */
function effectiveOptions(options: PlanOptions): PlanOptions {
  return {
    ...options,
    deprecationDays: options.strategy === 'big-bang' ? 0 : options.deprecationDays,
    deploySteps: options.dualWrite === 'application' ? 'separate' : options.deploySteps,
  };
}

/** `<yyyymmdd>-<slug>`, the day in UTC. */
export function planIdOf(change: Change, now: Date): string {
  return `${now.toISOString().slice(0, 10).replaceAll('-', '')}-${slugOfChange(change)}`;
}

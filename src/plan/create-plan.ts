import { SwitchbackError } from '../messages/error';
import { assessedParts } from '../assess/assess-together';
import { describeChange, slugOfChange, type Change } from '../assess/change';
import type { Assessment } from '../assess/assessment';
import type { SqlParser } from '../sql/parser';
import { withGates } from './gates';
import type { Plan, PlanOptions } from './plan';
import { betweenParts } from './between-parts';
import { sampleNotes, withMeasuredForecasts } from './measured-forecasts';
import { mergeRecipePlans } from './merge-recipe-plans';
import { partOrder } from './part-order';
import { madeInSchemaBlocker } from './pieces/made-in-schema';
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
  const parts = assessedParts(assessment);
  const blocker = [
    ...assessment.blockers,
    ...parts.flatMap((part) => recipeFor(part.change).blockers(part.change, part, options)),
    ...betweenParts(parts),
  ][0];
  if (blocker !== undefined) throw new SwitchbackError('invalid-input', blocker);
  const planId = planIdOf(change, now);
  const recipePlan = mergeRecipePlans(
    partOrder(parts).map((part) => {
      const planned = recipeFor(part.change).phases({
        change: part.change,
        assessment: part,
        options,
        parser,
        planId,
      });
      const unmade = madeInSchemaBlocker(part, planned);
      if (unmade !== null) throw new SwitchbackError('invalid-input', unmade);
      return planned;
    }),
  );
  const phases = withMeasuredForecasts(recipePlan.phases, assessment, options.batchMilliseconds);
  const replicas = assessment.server.replicas ?? [];
  const plan: Plan = {
    id: planId,
    title: describeChange(change),
    createdAt: now.toISOString(),
    change,
    recipe: change.kind,
    layout,
    serverMajor: assessment.server.major,
    options,
    strategy: describeStrategy(options.strategy, assessment),
    phases: withGates(phases, {
      environment: assessment.database.environment,
      hasReplicas: replicas.length > 0,
    }),
    pointOfNoReturn: recipePlan.pointOfNoReturn,
  };
  return { plan, notes: [...recipePlan.notes, ...sampleNotes(phases, assessment)] };
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

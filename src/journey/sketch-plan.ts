import type { Change } from '../assess/change';
import { isSwitchbackError } from '../messages/error';
import type { Plan, PlanOptions } from '../plan/plan';
import { assessBriefly } from './assess';
import type { Database } from './database';
import { previewPlan } from './prerequisites';
import type { JourneyContext } from './workspace';

/** What a plan would do, while its change is still being put together. */
export interface PlanSketch {
  /** null where something stops it. */
  plan: Plan | null;
  /** What stops it, each with the way out. */
  blockers: string[];
}

/**
 * The plan that a change would get on this database. Reads what recipes need and nothing else. A change that cannot be meant
 * is a sketch with a blocker. Throws `cancelled`.
 */
export async function sketchPlan(
  context: JourneyContext,
  database: Database,
  change: Change,
  options: Partial<PlanOptions>,
): Promise<PlanSketch> {
  try {
    const assessment = await assessBriefly(context, database, change);
    return { plan: await previewPlan(context, assessment, options), blockers: assessment.blockers };
  } catch (error) {
    if (isSwitchbackError(error) && sayable.has(error.code))
      return { plan: null, blockers: [error.sentence] };
    throw error;
  }
}

/** What a change is refused with that cannot be meant. */
const sayable: ReadonlySet<string> = new Set(['not-found', 'already-done', 'invalid-input', 'invalid-name']);

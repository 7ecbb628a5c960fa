import { assess } from '../assess/assess';
import { assessTogether } from '../assess/assess-together';
import type { PartAssessment } from '../assess/assessment';
import type { Change } from '../assess/change';
import { partsOf } from '../assess/several-changes';
import { isSwitchbackError } from '../messages/error';
import { betweenParts } from '../plan/between-parts';
import type { Plan, PlanOptions } from '../plan/plan';
import { recipeFor } from '../plan/recipes/index';
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
 * The plan that a change would get on this database. Reads what recipes need and nothing else: no code is searched, no load
 * read. A change that cannot be meant is a sketch with a blocker. Throws `cancelled`.
 */
export async function sketchPlan(
  context: JourneyContext,
  database: Database,
  change: Change,
  options: Partial<PlanOptions>,
): Promise<PlanSketch> {
  try {
    const parts: PartAssessment[] = [];
    for (const part of partsOf(change)) {
      const assessment = await assess({
        session: database.session,
        connection: database.connection,
        label: database.sessions.label,
        change: part,
        scope: 'recipe',
        files: context.files,
        root: context.workspace.root,
        excludedFolders: [],
        freeBytes: null,
        clock: context.clock,
        progress: context.progress,
        signal: context.signal,
      });
      const blockers = recipeFor(part).blockers(part, assessment);
      parts.push({ ...assessment, blockers: [...assessment.blockers, ...blockers] });
    }
    const assessment = assessTogether(parts);
    const blockers = [...assessment.blockers, ...betweenParts(parts)];
    const plan = blockers.length > 0 ? null : await previewPlan(context, assessment, options);
    return { plan, blockers };
  } catch (error) {
    if (isSwitchbackError(error) && sayable.has(error.code))
      return { plan: null, blockers: [error.sentence] };
    throw error;
  }
}

/** What a change is refused with that cannot be meant. */
const sayable: ReadonlySet<string> = new Set(['not-found', 'already-done', 'invalid-input', 'invalid-name']);

import type { Assessment } from '../assess/assessment';
import type { SingleChange } from '../assess/change';
import type { SqlParser } from '../sql/parser';
import type { Phase, Plan, PlanOptions } from './plan';

/** How one kind of change is carried out safely. One recipe, one file, listed in recipes/index.ts. */
export interface Recipe<C extends SingleChange = SingleChange> {
  id: C['kind'];
  /**
   * What stops it on this database, as sentences with the way out; empty when it applies. With options also what
   * only they bring with them.
   */
  blockers(change: C, assessment: Assessment, options?: PlanOptions): string[];
  /** The phases with complete SQL. Pure: everything it needs is in the assessment. */
  phases(context: RecipeContext<C>): RecipePlan;
}

export interface RecipeContext<C extends SingleChange> {
  change: C;
  assessment: Assessment;
  options: PlanOptions;
  parser: SqlParser;
  planId: string;
}

export interface RecipePlan {
  phases: Phase[];
  pointOfNoReturn: Plan['pointOfNoReturn'];
  /** What could not be done for the user and must be looked at, in sentences. */
  notes: string[];
}

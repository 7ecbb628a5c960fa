import { changeTypeOf } from '../assess/change';
import { partsOf } from '../assess/several-changes';
import { formatQualifiedName } from '../sql/identifier';
import { stepsOf, type Plan } from './plan';

type PlanParts = Pick<Plan, 'change' | 'phases'>;

/** The tables whose rows may all be written again, as SQL names them: what that needs follows from their size. */
export function rewrittenTables(plan: PlanParts): string[] {
  const own = partsOf(plan.change).map(({ table }) => formatQualifiedName(table));
  const walked = stepsOf(plan).flatMap((step) =>
    step.kind === 'backfill' ? [formatQualifiedName(step.backfill.table)] : [],
  );
  return distinct([...own, ...walked]);
}

/** Those, and the tables that get rows beside them. A table that is merely referred to is none of them. */
export function writtenTables(plan: PlanParts): string[] {
  const named = partsOf(plan.change).flatMap((part) => changeTypeOf(part).alsoWrites?.(part) ?? []);
  const filled = stepsOf(plan).flatMap((step) =>
    step.kind === 'backfill' && step.backfill.write === 'copy' ? [step.backfill.into] : [],
  );
  const inserted = lockedRelations(plan, (lock) => lock === 'RowExclusiveLock');
  return distinct([...rewrittenTables(plan), ...[...named, ...filled].map(formatQualifiedName), ...inserted]);
}

/** Those, and what the steps lock against others: indexes and tables that are referred to are among them. */
export function concernedRelations(plan: PlanParts): string[] {
  return distinct([...writtenTables(plan), ...lockedRelations(plan, (lock) => lock !== 'AccessShareLock')]);
}

function lockedRelations(plan: PlanParts, isMeant: (lock: string | null) => boolean): string[] {
  return stepsOf(plan).flatMap(({ forecast }) =>
    forecast?.relation && isMeant(forecast.lock) ? [forecast.relation] : [],
  );
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}

import {
  countDependents,
  dependentsOfColumn,
  type Dependents,
  type TableFacts,
} from '../catalog/table-facts';
import type { Assessment } from './assessment';
import { changeTypeOf, presentColumn, type SingleChange } from './change';
import { assessedParts } from './assess-together';

export interface ChangeOnTable {
  change: SingleChange;
  table: Pick<TableFacts, 'dependents'>;
}

/** What of the database depends on what is changed: nothing yet on a column that is new. */
export function dependentsOfChange({ change, table }: ChangeOnTable): Dependents {
  if (changeTypeOf(change).concernsTable === true) return table.dependents;
  return dependentsOfColumn(table.dependents, presentColumn(change) ?? '');
}

/** The same, and for a change of no column that is there what depends on its table. */
export function dependentsNearChange({ change, table }: ChangeOnTable): Dependents {
  return presentColumn(change) === null ? table.dependents : dependentsOfChange({ change, table });
}

/** How many objects of the database depend on it: all that were followed, else what depends on its table. */
export function countDependentObjects(assessment: Assessment): number {
  return (
    assessment.dependencies?.objects.length ??
    assessedParts(assessment).reduce((sum, part) => sum + countDependents(dependentsNearChange(part)), 0)
  );
}

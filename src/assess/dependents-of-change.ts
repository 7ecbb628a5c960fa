import { dependentsOfColumn, type Dependents, type TableFacts } from '../catalog/table-facts';
import { concernedColumn, presentColumn, type Change } from './change';

export interface ChangeOnTable {
  change: Change;
  table: Pick<TableFacts, 'dependents'>;
}

/** What of the database depends on the column that is changed: nothing yet on one that is new. */
export function dependentsOfChange({ change, table }: ChangeOnTable): Dependents {
  return dependentsOfColumn(table.dependents, concernedColumn(change));
}

/** The same, and for a column that is new what depends on its table. */
export function dependentsNearChange({ change, table }: ChangeOnTable): Dependents {
  return presentColumn(change) === null ? table.dependents : dependentsOfChange({ change, table });
}

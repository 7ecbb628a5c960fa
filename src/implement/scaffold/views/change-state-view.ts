import type { Assessment } from '../../../assess/assessment';
import { addedColumn, changeTypeOf, presentColumn } from '../../../assess/change';
import { dependentsOfColumn, type Dependents } from '../../../catalog/table-facts';

/** What of the database depends on the column that is changed. */
export function dependentsOfChange({ change, table }: Assessment): Dependents {
  return dependentsOfColumn(table.dependents, presentColumn(change) ?? addedColumn(change) ?? '');
}

/** How it is today, in sentences. */
export function currentState({ change, table }: Assessment): string[] {
  return changeTypeOf(change).states(change, table).before;
}

/** How it will be, in sentences. */
export function targetState({ change, table }: Assessment): string[] {
  return changeTypeOf(change).states(change, table).after;
}

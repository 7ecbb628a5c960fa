import type { Assessment } from '../../../assess/assessment';
import { changeTypeOf } from '../../../assess/change';

/** How it is today, in sentences. */
export function currentState({ change, table }: Assessment): string[] {
  return changeTypeOf(change).states(change, table).before;
}

/** How it will be, in sentences. */
export function targetState({ change, table }: Assessment): string[] {
  return changeTypeOf(change).states(change, table).after;
}

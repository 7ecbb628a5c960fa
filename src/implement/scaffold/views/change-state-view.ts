import type { Assessment } from '../../../assess/assessment';
import { assessedParts } from '../../../assess/assess-together';
import { changeTypeOf } from '../../../assess/change';

/** How it is today, in sentences. */
export function currentState(assessment: Assessment): string[] {
  return statesOf(assessment).flatMap(({ before }) => before);
}

/** How it will be, in sentences. */
export function targetState(assessment: Assessment): string[] {
  return statesOf(assessment).flatMap(({ after }) => after);
}

function statesOf(assessment: Assessment): { before: string[]; after: string[] }[] {
  return assessedParts(assessment).map(({ change, table }) => changeTypeOf(change).states(change, table));
}

import type { PartAssessment } from '../assess/assessment';
import { changeTypeOf } from '../assess/change';

/** The changes of a plan in the order of their steps: what makes something first, what takes something away last. */
export function partOrder(parts: readonly PartAssessment[]): PartAssessment[] {
  return [...parts].sort((one, other) => rank(one) - rank(other));
}

function rank({ change }: PartAssessment): number {
  if (changeTypeOf(change).subject === 'new-table') return 0;
  const fates = changeTypeOf(change)
    .columns(change)
    .map(({ fate }) => fate);
  if (fates.includes('added') && !fates.includes('removed')) return 1;
  return change.kind.startsWith('drop-') ? 3 : 2;
}

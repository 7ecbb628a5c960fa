import type { PartAssessment } from '../assess/assessment';
import { changeTypeOf } from '../assess/change';

/**
 * The changes of a plan in the order of their steps: what makes something first, then what stays where it is, then what needs
 * others of them in the order it was read in, and what takes something away last.
 */
export function partOrder(parts: readonly PartAssessment[]): PartAssessment[] {
  return [...parts].sort((one, other) => rank(one) - rank(other));
}

const ranks = { newTable: 0, newColumn: 1, present: 2, needsOthers: 3, drop: 4 };

function rank({ change, needsOthers }: PartAssessment): number {
  if (needsOthers) return ranks.needsOthers;
  if (changeTypeOf(change).subject === 'new-table') return ranks.newTable;
  const fates = changeTypeOf(change)
    .columns(change)
    .map(({ fate }) => fate);
  if (fates.includes('added') && !fates.includes('removed')) return ranks.newColumn;
  return change.kind.startsWith('drop-') ? ranks.drop : ranks.present;
}

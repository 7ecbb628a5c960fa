import { formatQualifiedName } from '../../sql/identifier';
import { indexCopySteps } from './index-copies';
import { oneByOne } from './one-statement';
import type { StepDraft } from './step-draft';
import { takenBackTogether } from './taken-back-together';
import type { TypeParts } from './type-parts';

/**
 * The steps that build the indexes beside. On a partitioned table those of one index are taken back together: the index of the
 * whole takes those of its partitions along when it goes.
 */
export function enumIndexSteps({ table, indexes, takenNames }: TypeParts): StepDraft[] {
  const leaves = table.partitioning?.leaves ?? [];
  return indexes.flatMap((copy) => {
    const before = new Set(takenNames);
    const steps = indexCopySteps(table, copy, takenNames);
    if (leaves.length === 0) return steps;
    const parts = [...takenNames]
      .filter((name) => !before.has(name))
      .map((name, index) => ({ schema: leaves[index]!.schema, name }));
    const back = [copy.name, ...parts].map((name) => `DROP INDEX IF EXISTS ${formatQualifiedName(name)}`);
    return takenBackTogether(steps, {
      alone: oneByOne(back, ['drop-index-not-concurrent', 'lock-order']),
      shared: back,
    });
  });
}

import type { Assessment } from '../../assess/assessment';
import { indexedTable, indexSteps } from './concurrent-index';
import { indexCopySteps } from './index-copies';
import type { StepDraft } from './step-draft';
import type { TypeParts } from './type-parts';

/** The steps that build the indexes beside; on a partitioned table leaf by leaf, as those of a new index. */
export function enumIndexSteps(
  { table, change, indexes, takenNames }: TypeParts,
  assessment: Assessment,
): StepDraft[] {
  if (table.partitioning === null) return indexes.flatMap((copy) => indexCopySteps(table, copy, takenNames));
  const on = indexedTable(assessment);
  return indexes.flatMap(({ name, original, definition }) =>
    indexSteps(on, {
      name: name.name,
      unique: original.unique,
      definition,
      addition: change.column,
      label: 'idx',
    }),
  );
}

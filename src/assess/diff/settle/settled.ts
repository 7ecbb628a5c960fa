import type { Catalog } from '../../../catalog/catalog';
import { settleColumns } from './columns';
import { settleDeferrable } from './deferrable';
import { draftOf, type Draft } from './draft';
import { settleEnums } from './enum-labels';
import { settlePartitionParts } from './partition-parts';
import { settleRelationKinds } from './relation-kinds';

/** Two schemas without the differences that a recipe takes whole, and without those that none may take. */
export function settled(from: Catalog, to: Catalog): Draft {
  const draft = draftOf(from, to);
  settleRelationKinds(draft);
  settleEnums(draft);
  settleColumns(draft);
  settleDeferrable(draft);
  settlePartitionParts(draft);
  return draft;
}

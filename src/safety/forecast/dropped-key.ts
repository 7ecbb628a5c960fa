import { partitionsOf } from '../known-neighbours';
import type { Effects } from './effects';

/** A relation that is dropped goes with its indexes. */
export function lockDropped(relation: string, effects: Effects): void {
  effects.lock(relation, 'AccessExclusiveLock');
  effects.lockIndexes(relation, 'AccessExclusiveLock');
}

/**
 * A foreign key that goes takes its triggers off the table it points at (RemoveTriggerById). Up to 14 a
 * partitioned table has none itself, only its partitions do.
 */
export function lockForDroppedKey(references: string, effects: Effects): void {
  const { schema, major } = effects.context;
  const partitions = partitionsOf(schema, references);
  const isHolder = (key: string): boolean => major >= 15 || schema.relations.get(key)?.kind !== 'partitioned';
  for (const key of [references, ...partitions]) if (isHolder(key)) effects.lock(key, 'AccessExclusiveLock');
}

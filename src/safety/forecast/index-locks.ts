import { isAlike } from '../known-indexes';
import type { KnownIndex } from '../known-schema';
import { partitionsOf } from '../known-neighbours';
import type { LockMode } from '../forecast';
import type { Effects } from './effects';

/** An index of a table that goes, with those of the partitions that hang on it. */
export function lockDroppedIndex(table: string, index: KnownIndex, effects: Effects): void {
  effects.lockIndexes(table, 'AccessExclusiveLock', (each) => each.name === index.name);
  lockAttached(partitionsOf(effects.context.schema, table), [index], 'AccessExclusiveLock', effects);
}

/** Indexes of a column that goes or gets another type: dropped, and in the second case built or taken over anew. */
export function lockIndexesOfColumn(tables: readonly string[], column: string, effects: Effects): void {
  for (const table of tables)
    effects.lockIndexes(table, 'AccessExclusiveLock', (index) => index.uses.includes(column));
}

/** The indexes of partitions that belong, or would be made to belong, to those of the table above them. */
export function lockAttached(
  partitions: readonly string[],
  above: readonly Pick<KnownIndex, 'columns' | 'labels' | 'unique' | 'computed'>[],
  mode: LockMode,
  effects: Effects,
): void {
  for (const partition of partitions) {
    const known = effects.context.schema.relations.get(partition);
    for (const each of above) {
      const own = known?.indexes.find((index) => isAlike(index, each));
      if (own) effects.lockIndexes(partition, mode, (index) => index.name === own.name);
    }
  }
}

/**
 * A foreign key is proved by one query over both tables, which is planned with all their indexes (RI_Initial_Check in
 * ri_triggers.c). Partitions that have it are proved one by one; those it points at are read together.
 */
export function lockForProof(table: string, referenced: string, effects: Effects): void {
  const { schema } = effects.context;
  for (const holder of effects.holders(table)) {
    const isOther = holder !== table && schema.relations.get(table)?.kind !== 'partitioned';
    if (!isOther) effects.lockForQuery(holder, 'AccessShareLock');
  }
  for (const each of [referenced, ...partitionsOf(schema, referenced)])
    effects.lockForQuery(each, 'AccessShareLock');
}

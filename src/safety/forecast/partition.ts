import type { PartitionBoundSpec, PartitionCmd } from '@pgsql/types';
import { t } from '../../messages/translate';
import { defaultPartition, relationKey, type KnownRelation } from '../known-schema';
import { provesBound } from '../partition-proof';
import type { Effects } from './effects';

/** ATTACH PARTITION reads the new partition and the default one unless CHECKs prove what is in them. */
export function attachPartition(parent: string, partition: PartitionCmd, effects: Effects): void {
  const { schema } = effects.context;
  const childKey = relationKey(schema, partition.name);
  const child = schema.relations.get(childKey);
  const table = schema.relations.get(parent);
  effects.lockTree(childKey, 'AccessExclusiveLock');
  const bound = partition.bound;
  if (!child || !bound || !provesBound(child, table?.partitionKey ?? null, bound))
    effects.work('scan', childKey);
  if (child && table && missingIndex(table, child)) effects.work('index-build', childKey);
  addDefaultPartition(parent, bound, effects);
}

/** A new partition takes values from the default one, whose rows must be looked through under ACCESS EXCLUSIVE. */
export function addDefaultPartition(
  parent: string,
  bound: PartitionBoundSpec | undefined,
  effects: Effects,
): void {
  const { schema } = effects.context;
  const other = defaultPartition(schema, parent);
  if (!schema.relations.has(parent)) {
    effects.note(t('If {0} has a default partition, it is locked and read.', parent));
  }
  if (!other || bound?.is_default) return;
  effects.lockTree(other, 'AccessExclusiveLock');
  effects.work('scan', other);
}

function missingIndex(parent: KnownRelation, child: KnownRelation): boolean {
  return parent.indexes.some(
    (wanted) =>
      !child.indexes.some(
        (index) =>
          index.columns.join() === wanted.columns.join() && (!wanted.unique || index.unique) && index.valid,
      ),
  );
}

/** DETACH PARTITION: https://www.postgresql.org/docs/current/sql-altertable.html (DETACH PARTITION). */
export function detachPartition(parent: string, partition: PartitionCmd, effects: Effects): void {
  const { schema, major } = effects.context;
  const child = relationKey(schema, partition.name);
  const other = defaultPartition(schema, parent);
  if (partition.concurrent) {
    effects.refusesTransaction();
    if (other) effects.note(t('It fails: {0} has a default partition ({1}).', parent, other));
    effects.lock(child, 'ShareUpdateExclusiveLock');
    return;
  }
  effects.lock(child, major >= 14 ? 'AccessExclusiveLock' : 'ShareUpdateExclusiveLock');
  if (other) effects.lock(other, 'AccessExclusiveLock');
}

import type { PartitionBoundSpec, PartitionCmd } from '@pgsql/types';
import { t } from '../../messages/translate';
import { relationKey, type KnownConstraint, type KnownRelation } from '../known-schema';
import { defaultPartition, descendants, foreignKeysTo } from '../known-neighbours';
import { provesBound, provesOutside } from '../partition-proof';
import type { Effects } from './effects';
import { lockAttached, lockForProof } from './index-locks';

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
  for (const key of cloneForeignKeys(parent, effects)) {
    const own = child?.constraints.some(
      (each) =>
        each.references === key.references && each.columns.join() === key.columns.join() && each.validated,
    );
    if (own || !key.validated) continue;
    lockForProof(childKey, key.references!, effects);
    effects.work('scan', childKey);
    effects.work('scan', key.references!);
  }
  addDefaultPartition(parent, bound, effects);
  lockIndexesToHangOn(parent, effects);
}

/** The indexes of a partition hang on those of its table from now on (IndexSetParentIndex). */
export function lockIndexesToHangOn(parent: string, effects: Effects): void {
  effects.lockIndexes(parent, 'ShareUpdateExclusiveLock');
}

/**
 * A new partition gets its parent's foreign keys, both those it has and those that point at it
 * (CloneForeignKeyConstraints). Gives the ones it has.
 */
export function cloneForeignKeys(parent: string, effects: Effects): KnownConstraint[] {
  const { schema, major } = effects.context;
  const own = (schema.relations.get(parent)?.constraints ?? []).filter((each) => each.references);
  for (const { references } of own) effects.lock(references!, 'ShareRowExclusiveLock');
  for (const { table } of foreignKeysTo(schema, parent))
    effects.lock(table, major >= 18 ? 'ShareRowExclusiveLock' : 'AccessShareLock');
  return own;
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
  const rest = schema.relations.get(other);
  const key = schema.relations.get(parent)?.partitionKey ?? null;
  if (!rest || !bound || !provesOutside(rest, key, bound)) effects.work('scan', other);
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
    effects.lock(child, 'AccessExclusiveLock');
    return;
  }
  const copies = schema.relations.get(parent)?.triggers.length ?? 0;
  const pointing = foreignKeysTo(schema, parent);
  const strong = major >= 14 || copies > 0 || pointing.length > 0;
  effects.lock(child, strong ? 'AccessExclusiveLock' : 'ShareUpdateExclusiveLock');
  // Its own foreign keys get triggers of their own; nothing may point at rows that leave.
  for (const { references } of schema.relations.get(parent)?.constraints ?? [])
    if (references) effects.lock(references, 'ShareRowExclusiveLock');
  for (const { table } of pointing) {
    effects.lock(table, 'AccessExclusiveLock');
    lockForProof(table, child, effects);
    effects.work('scan', table);
    effects.work('scan', child);
  }
  for (const below of descendants(schema, child)) effects.lock(below, 'AccessExclusiveLock');
  if (other) effects.lock(other, 'AccessExclusiveLock');
  lockAttached([child], schema.relations.get(parent)?.indexes ?? [], 'AccessExclusiveLock', effects);
}

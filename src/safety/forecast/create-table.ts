import { asKind, strings } from '../../sql/tree';
import { dottedKey, relationKey } from '../known-schema';
import { addDefaultPartition, cloneForeignKeys, lockIndexesToHangOn } from './partition';
import { forecaster } from './forecaster';

/** A new table is nobody's yet; what it points at, inherits from or is a partition of is locked. */
export const createTable = forecaster('CreateStmt', (create, effects) => {
  const { schema } = effects.context;
  const own = relationKey(schema, create.relation);
  if (create.if_not_exists && schema.relations.get(own)?.fresh === false) return;
  for (const node of create.inhRelations ?? []) {
    const parent = relationKey(schema, asKind(node, 'RangeVar') ?? undefined);
    effects.lock(parent, create.partbound ? 'AccessExclusiveLock' : 'ShareUpdateExclusiveLock');
    if (create.partbound) {
      addDefaultPartition(parent, create.partbound, effects);
      cloneForeignKeys(parent, effects);
      lockIndexesToHangOn(parent, effects);
    }
  }
  if (create.ofTypename)
    effects.lock(dottedKey(schema, strings(create.ofTypename.names), schema.types), 'AccessShareLock');
  const elements = [...(create.tableElts ?? []), ...(create.constraints ?? [])];
  for (const element of elements) {
    const like = asKind(element, 'TableLikeClause');
    if (like) effects.lock(relationKey(schema, like.relation), 'AccessShareLock');
    const inline = asKind(element, 'ColumnDef')?.constraints ?? [];
    for (const node of [element, ...inline]) {
      const constraint = asKind(node, 'Constraint');
      if (constraint?.contype !== 'CONSTR_FOREIGN') continue;
      const referenced = relationKey(schema, constraint.pktable);
      if (referenced !== own) effects.lockTree(referenced, 'ShareRowExclusiveLock');
    }
  }
});

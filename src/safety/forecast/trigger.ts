import type { RangeVar } from '@pgsql/types';
import { kindOf } from '../../sql/tree';
import { relationKey } from '../known-schema';
import { partitionsOf } from '../known-neighbours';
import { relationsRead } from '../relations-read';
import { forecaster } from './forecaster';

/** https://www.postgresql.org/docs/current/sql-createtrigger.html: SHARE ROW EXCLUSIVE, a moment without writes. */
export const createTrigger = forecaster('CreateTrigStmt', (statement, effects) => {
  const { schema } = effects.context;
  const key = relationKey(schema, statement.relation);
  effects.lock(key, 'ShareRowExclusiveLock');
  // Partitions get copies of row triggers; inheriting tables never do.
  if (statement.row)
    for (const partition of partitionsOf(schema, key)) effects.lock(partition, 'ShareRowExclusiveLock');
  if (statement.constrrel) effects.lock(relationKey(schema, statement.constrrel), 'AccessShareLock');
});

/** Rules change what statements on the table mean: ACCESS EXCLUSIVE. */
export const createRule = forecaster('RuleStmt', (statement, effects) => {
  effects.lock(relationKey(effects.context.schema, statement.relation), 'AccessExclusiveLock');
  for (const action of statement.actions ?? []) {
    const { relation } = (Object.values(action)[0] ?? {}) as { relation?: RangeVar };
    if (/^(Insert|Update|Delete)Stmt$/.test(kindOf(action)) && relation)
      effects.lock(relationKey(effects.context.schema, relation), 'RowExclusiveLock');
  }
  for (const key of relationsRead(effects.context.schema, [statement.actions, statement.whereClause]))
    if (!/\.(old|new|"old"|"new")$/.test(key)) effects.lock(key, 'AccessShareLock');
});

/** ALTER ... DEPENDS ON EXTENSION only looks at the table. */
export const dependsOnExtension = forecaster('AlterObjectDependsStmt', (statement, effects) => {
  if (statement.relation)
    effects.lock(relationKey(effects.context.schema, statement.relation), 'AccessShareLock');
});

import { relationKey } from '../known-schema';
import { forecaster } from './forecaster';

/** https://www.postgresql.org/docs/current/sql-createtrigger.html: SHARE ROW EXCLUSIVE, a moment without writes. */
export const createTrigger = forecaster('CreateTrigStmt', (statement, effects) => {
  const { schema } = effects.context;
  effects.lockTree(relationKey(schema, statement.relation), 'ShareRowExclusiveLock');
  if (statement.constrrel) effects.lock(relationKey(schema, statement.constrrel), 'AccessShareLock');
});

/** Rules change what statements on the table mean: ACCESS EXCLUSIVE. */
export const createRule = forecaster('RuleStmt', (statement, effects) => {
  effects.lock(relationKey(effects.context.schema, statement.relation), 'AccessExclusiveLock');
});

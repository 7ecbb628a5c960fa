import { relationKey } from '../known-schema';
import { relationsRead } from '../relations-read';
import type { Effects } from './effects';
import { forecaster } from './forecaster';

/** https://www.postgresql.org/docs/current/sql-createpolicy.html */
export const createPolicy = forecaster('CreatePolicyStmt', (statement, effects) => {
  const table = relationKey(effects.context.schema, statement.table);
  effects.lock(table, 'AccessExclusiveLock');
  // RESTRICTIVE takes rows away that other policies give.
  if (!statement.permissive && !effects.isFresh(table)) effects.breaksOldCode();
  lockRead([statement.qual, statement.with_check], effects);
});

export const alterPolicy = forecaster('AlterPolicyStmt', (statement, effects) => {
  const table = relationKey(effects.context.schema, statement.table);
  effects.lock(table, 'AccessExclusiveLock');
  if (!effects.isFresh(table)) effects.breaksOldCode();
  lockRead([statement.qual, statement.with_check], effects);
});

/** Tables that a policy's conditions look into. */
function lockRead(conditions: unknown, effects: Effects): void {
  for (const key of relationsRead(effects.context.schema, conditions)) effects.lock(key, 'AccessShareLock');
}

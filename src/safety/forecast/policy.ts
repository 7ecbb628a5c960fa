import { relationKey } from '../known-schema';
import { relationsRead } from '../relations-read';
import type { Effects } from './effects';
import { forecaster } from './forecaster';

/** https://www.postgresql.org/docs/current/sql-createpolicy.html */
export const createPolicy = forecaster('CreatePolicyStmt', (statement, effects) => {
  effects.lock(relationKey(effects.context.schema, statement.table), 'AccessExclusiveLock');
  lockRead([statement.qual, statement.with_check], effects);
});

export const alterPolicy = forecaster('AlterPolicyStmt', (statement, effects) => {
  effects.lock(relationKey(effects.context.schema, statement.table), 'AccessExclusiveLock');
  lockRead([statement.qual, statement.with_check], effects);
});

/** Tables that a policy's conditions look into. */
function lockRead(conditions: unknown, effects: Effects): void {
  for (const key of relationsRead(effects.context.schema, conditions)) effects.lock(key, 'AccessShareLock');
}

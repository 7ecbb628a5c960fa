import { relationKey } from '../known-schema';
import { forecaster } from './forecaster';

/** https://www.postgresql.org/docs/current/sql-createpolicy.html */
export const createPolicy = forecaster('CreatePolicyStmt', (statement, effects) => {
  effects.lock(relationKey(effects.context.schema, statement.table), 'AccessExclusiveLock');
});

export const alterPolicy = forecaster('AlterPolicyStmt', (statement, effects) => {
  effects.lock(relationKey(effects.context.schema, statement.table), 'AccessExclusiveLock');
});

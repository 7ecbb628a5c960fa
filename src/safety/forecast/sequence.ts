import { relationKey } from '../known-schema';
import { forecaster } from './forecaster';

/** https://www.postgresql.org/docs/current/sql-altersequence.html: SHARE ROW EXCLUSIVE, so nextval waits for a moment. */
export const alterSequence = forecaster('AlterSeqStmt', (statement, effects) => {
  effects.lock(relationKey(effects.context.schema, statement.sequence), 'ShareRowExclusiveLock');
});

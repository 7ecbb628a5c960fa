import type { Node, RangeVar } from '@pgsql/types';
import { ownerNamed } from '../sequence-owner';
import { relationKey } from '../known-schema';
import type { Effects } from './effects';
import { forecaster } from './forecaster';

/** https://www.postgresql.org/docs/current/sql-altersequence.html: SHARE ROW EXCLUSIVE, so nextval waits for a moment. */
export const alterSequence = forecaster('AlterSeqStmt', (statement, effects) => {
  lockOwner(statement.options, effects);
  lockSequence(statement.sequence, effects);
});

export const createSequence = forecaster('CreateSeqStmt', (statement, effects) => {
  lockOwner(statement.options, effects);
});

function lockSequence(sequence: RangeVar | undefined, effects: Effects): void {
  effects.lock(relationKey(effects.context.schema, sequence), 'ShareRowExclusiveLock');
}

/** OWNED BY looks at the column's table. */
function lockOwner(options: readonly Node[] | undefined, effects: Effects): void {
  const owner = ownerNamed(effects.context.schema, options);
  if (owner) effects.lock(owner.table, 'AccessShareLock');
}

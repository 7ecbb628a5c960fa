import type { Node } from '@pgsql/types';
import { asKind, strings } from '../../sql/tree';
import { dottedKey, relationKey } from '../known-schema';
import type { Effects } from './effects';
import { forecaster } from './forecaster';

/** A new sequence is nobody's yet; the table it is OWNED BY is looked at. */
export const createSequence = forecaster('CreateSeqStmt', (statement, effects) => {
  lockOwner(statement.options, effects);
});

/** https://www.postgresql.org/docs/current/sql-altersequence.html: SHARE ROW EXCLUSIVE, so nextval waits for a moment. */
export const alterSequence = forecaster('AlterSeqStmt', (statement, effects) => {
  effects.lock(relationKey(effects.context.schema, statement.sequence), 'ShareRowExclusiveLock');
  lockOwner(statement.options, effects);
});

function lockOwner(options: readonly Node[] | undefined, effects: Effects): void {
  const { schema } = effects.context;
  for (const node of options ?? []) {
    const option = asKind(node, 'DefElem');
    const parts = option?.defname === 'owned_by' ? strings(asKind(option.arg, 'List')?.items) : [];
    if (parts.length < 2) continue;
    effects.lock(dottedKey(schema, parts.slice(0, -1), schema.relations), 'AccessShareLock');
  }
}

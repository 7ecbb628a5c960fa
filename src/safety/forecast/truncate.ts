import { asKind } from '../../sql/tree';
import { referencingTables, relationKey } from '../known-schema';
import { forecaster } from './forecaster';

/** https://www.postgresql.org/docs/current/sql-truncate.html: empties files, whatever their size. */
export const truncate = forecaster('TruncateStmt', (statement, effects) => {
  const { schema } = effects.context;
  const open = (statement.relations ?? []).map((node) =>
    relationKey(schema, asKind(node, 'RangeVar') ?? undefined),
  );
  const done = new Set<string>();
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (done.has(key)) continue;
    done.add(key);
    effects.lockTree(key, 'AccessExclusiveLock');
    if (!effects.isFresh(key)) effects.losesData();
    if (statement.behavior === 'DROP_CASCADE') open.push(...referencingTables(schema, key));
  }
});

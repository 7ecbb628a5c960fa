import { asKind } from '../../sql/tree';
import { relationKey } from '../known-schema';
import { descendants, ownedSequences, referencingTables } from '../known-neighbours';
import { forecaster } from './forecaster';

/** https://www.postgresql.org/docs/current/sql-truncate.html: empties files, whatever their size. */
export const truncate = forecaster('TruncateStmt', (statement, effects) => {
  const { schema } = effects.context;
  const open: string[] = [];
  for (const node of statement.relations ?? []) {
    const range = asKind(node, 'RangeVar');
    const key = relationKey(schema, range ?? undefined);
    open.push(key, ...(range?.inh ? descendants(schema, key) : []));
  }
  const done = new Set<string>();
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (done.has(key)) continue;
    done.add(key);
    effects.lock(key, 'AccessExclusiveLock');
    // Indexes get empty files too; a partitioned table has none.
    if (schema.relations.get(key)?.kind !== 'partitioned') effects.lockIndexes(key, 'AccessExclusiveLock');
    if (!effects.isFresh(key)) effects.losesData();
    if (statement.restart_seqs)
      for (const sequence of ownedSequences(schema, key)) effects.lock(sequence, 'AccessExclusiveLock');
    if (statement.behavior !== 'DROP_CASCADE') continue;
    for (const table of referencingTables(schema, key)) open.push(table, ...descendants(schema, table));
  }
});

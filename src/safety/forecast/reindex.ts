import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationKey } from '../known-schema';
import { partitionsOf, tableOfIndex } from '../known-neighbours';
import type { Effects } from './effects';
import { forecaster } from './forecaster';
import { tablesThere } from './maintenance';

/** https://www.postgresql.org/docs/current/sql-reindex.html: SHARE on the table, ACCESS EXCLUSIVE on the index. */
export const reindex = forecaster('ReindexStmt', (statement, effects) => {
  const { schema } = effects.context;
  const concurrent = (statement.params ?? []).some(
    (node) => asKind(node, 'DefElem')?.defname === 'concurrently',
  );
  if (concurrent) effects.refusesTransaction();
  if (!statement.relation) {
    effects.refusesTransaction();
    const within = statement.kind === 'REINDEX_OBJECT_SCHEMA' ? (statement.name ?? '') : null;
    if (statement.kind !== 'REINDEX_OBJECT_SYSTEM') {
      for (const table of tablesThere(schema, within)) {
        if (schema.relations.get(table)?.indexes.length === 0) continue;
        effects.lock(table, concurrent ? 'ShareUpdateExclusiveLock' : 'ShareLock');
        effects.workOn('index-build', table);
        effects.lockIndexes(table, 'AccessExclusiveLock');
      }
      if (schema.source === 'catalog') return;
    }
    effects.note(
      t('It goes through all tables of {0}, which are not listed here.', statement.name ?? t('the database')),
    );
    return;
  }
  const key = relationKey(schema, statement.relation);
  if (statement.kind === 'REINDEX_OBJECT_INDEX') {
    const table = tableOfIndex(schema, key)?.table;
    if (!table) effects.lock(key, concurrent ? 'ShareUpdateExclusiveLock' : 'AccessExclusiveLock');
    else {
      lockForIndexes(table, concurrent, effects);
      effects.lockIndex(table, key, 'AccessExclusiveLock');
    }
    if (!isSkipped(table ?? key, effects)) effects.workOnPartitions('index-build', table ?? key);
    return;
  }
  lockForIndexes(key, concurrent, effects);
  if (isSkipped(key, effects)) return;
  effects.lockIndexes(key, 'AccessExclusiveLock');
  effects.workOnPartitions('index-build', key);
});

/** Up to 13 partitioned tables are passed over with a warning. */
function isSkipped(table: string, effects: Effects): boolean {
  const { schema, major } = effects.context;
  return major < 14 && schema.relations.get(table)?.kind === 'partitioned';
}

/** Partitions are gone through one by one, each in a transaction of its own; up to 13 they are not touched. */
function lockForIndexes(table: string, concurrent: boolean, effects: Effects): void {
  const { schema, major } = effects.context;
  const mode = concurrent ? 'ShareUpdateExclusiveLock' : 'ShareLock';
  const partitioned = schema.relations.get(table)?.kind === 'partitioned';
  effects.lock(table, mode);
  if (!partitioned || major < 14) return;
  effects.refusesTransaction();
  for (const partition of partitionsOf(schema, table)) effects.lock(partition, mode);
}

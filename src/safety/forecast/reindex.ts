import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationKey, tableOfIndex } from '../known-schema';
import { forecaster } from './forecaster';

/** https://www.postgresql.org/docs/current/sql-reindex.html: SHARE on the table, ACCESS EXCLUSIVE on the index. */
export const reindex = forecaster('ReindexStmt', (statement, effects) => {
  const { schema } = effects.context;
  const concurrent = (statement.params ?? []).some(
    (node) => asKind(node, 'DefElem')?.defname === 'concurrently',
  );
  if (concurrent) effects.refusesTransaction();
  if (!statement.relation) {
    effects.refusesTransaction();
    effects.note(
      t('It goes through all tables of {0}, which are not listed here.', statement.name ?? t('the database')),
    );
    return;
  }
  const key = relationKey(schema, statement.relation);
  if (statement.kind === 'REINDEX_OBJECT_INDEX') {
    const table = tableOfIndex(schema, key)?.table;
    if (!table) effects.lock(key, concurrent ? 'ShareUpdateExclusiveLock' : 'AccessExclusiveLock');
    else effects.lock(table, concurrent ? 'ShareUpdateExclusiveLock' : 'ShareLock');
    effects.work('index-build', table ?? key);
    return;
  }
  effects.lockTree(key, concurrent ? 'ShareUpdateExclusiveLock' : 'ShareLock');
  effects.work('index-build', key);
});

import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationKey } from '../known-schema';
import { partitionsOf } from '../known-neighbours';
import { forecaster } from './forecaster';
import { lockAttached } from './index-locks';

/** https://www.postgresql.org/docs/current/sql-createindex.html: SHARE, or SHARE UPDATE EXCLUSIVE when CONCURRENTLY. */
export const createIndex = forecaster('IndexStmt', (index, effects) => {
  const { schema } = effects.context;
  const key = relationKey(schema, index.relation);
  const relation = schema.relations.get(key);
  const mode = index.concurrent ? 'ShareUpdateExclusiveLock' : 'ShareLock';
  const only = !index.relation?.inh;
  if (only) effects.lock(key, mode);
  else effects.lockTree(key, mode);
  if (index.concurrent) {
    effects.refusesTransaction();
    if (relation?.kind === 'partitioned') {
      effects.note(
        t('It fails: a partitioned table takes no index CONCURRENTLY. Build one on each partition.'),
      );
    }
  }
  const present = relation?.indexes.find((each) => each.name === index.idxname);
  if (present && index.if_not_exists) {
    if (!present.valid)
      effects.note(t('An invalid index {0} exists; IF NOT EXISTS leaves it as it is.', present.name));
    return;
  }
  if (!only) {
    const columns = (index.indexParams ?? []).map((node) => asKind(node, 'IndexElem')?.name ?? '');
    const computed = columns.includes('') || index.whereClause !== undefined;
    const like = {
      columns,
      labels: columns,
      computed,
      unique: (index.unique ?? false) && !index.whereClause,
    };
    // A partition's own index of that kind is taken over (DefineIndex).
    if (!computed) lockAttached(partitionsOf(schema, key), [like], 'ShareLock', effects);
  }
  // ON ONLY a partitioned table there are no rows to index; it is said of no other.
  if (!only || (relation && relation.kind !== 'partitioned')) effects.work('index-build', key);
});

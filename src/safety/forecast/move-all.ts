import { t } from '../../messages/translate';
import { look } from '../copied-map';
import type { KnownRelation } from '../known-schema';
import { forecaster } from './forecaster';

const kinds: Record<string, KnownRelation['kind']> = { OBJECT_TABLE: 'table', OBJECT_MATVIEW: 'matview' };

/** ALTER TABLE ALL IN TABLESPACE: each is copied under ACCESS EXCLUSIVE, and all locks are held to the end (AlterTableMoveAll). */
export const moveAll = forecaster('AlterTableMoveAllStmt', (statement, effects) => {
  const from = statement.orig_tablespacename ?? '';
  for (const [key, { kind, tablespace }] of look(effects.context.schema.relations)) {
    if (kind !== kinds[statement.objtype ?? ''] || (tablespace || 'pg_default') !== from) continue;
    effects.lock(key, 'AccessExclusiveLock');
    effects.move(key);
  }
  effects.note(
    t('All that is in the tablespace {0} is locked and copied, also what is not known here.', from),
  );
});

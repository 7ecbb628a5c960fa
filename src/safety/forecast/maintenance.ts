import { t } from '../../messages/translate';
import { asKind, stringOf } from '../../sql/tree';
import { relationKey } from '../known-schema';
import { forecaster } from './forecaster';

/** VACUUM and ANALYZE let reads and writes pass; VACUUM FULL writes the table anew. */
export const vacuum = forecaster('VacuumStmt', (statement, effects) => {
  const options = (statement.options ?? []).map((node) => asKind(node, 'DefElem'));
  const isOn = (name: string): boolean =>
    options.some((option) => option?.defname === name && !/^(false|off|0)$/.test(stringOf(option.arg)));
  effects.changesNothing();
  if (statement.is_vacuumcmd) effects.refusesTransaction();
  const full = statement.is_vacuumcmd && isOn('full');
  for (const node of statement.rels ?? []) {
    const key = relationKey(effects.context.schema, asKind(node, 'VacuumRelation')?.relation);
    effects.lockTree(key, full ? 'AccessExclusiveLock' : 'ShareUpdateExclusiveLock');
    if (full) effects.work('rewrite', key);
  }
  if ((statement.rels ?? []).length === 0)
    effects.note(t('It goes through all tables, which are not listed here.'));
});

/** CLUSTER writes the table anew in the order of an index. */
export const cluster = forecaster('ClusterStmt', (statement, effects) => {
  if (!statement.relation) {
    effects.refusesTransaction();
    effects.note(t('It goes through all clustered tables, which are not listed here.'));
    return;
  }
  const key = relationKey(effects.context.schema, statement.relation);
  effects.lockTree(key, 'AccessExclusiveLock');
  effects.work('rewrite', key);
});

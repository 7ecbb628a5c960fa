import { t } from '../../messages/translate';
import { asKind, stringOf } from '../../sql/tree';
import { look } from '../copied-map';
import { relationKey, type KnownSchema } from '../known-schema';
import { descendants } from '../known-neighbours';
import type { LockMode } from '../forecast';
import type { Effects } from './effects';
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
    const mode = full ? 'AccessExclusiveLock' : 'ShareUpdateExclusiveLock';
    const range = asKind(node, 'VacuumRelation')?.relation;
    if (!range?.inh) effects.only(key);
    lockAnalyzed(key, mode, effects);
    if (range?.inh) lockBelow(key, mode, statement.is_vacuumcmd ?? false, effects);
    if (full && effects.context.major >= 18) effects.work('rewrite', key);
    else if (full) effects.workOnPartitions('rewrite', key);
  }
  if ((statement.rels ?? []).length > 0) return;
  for (const key of tablesThere(effects.context.schema)) {
    lockAnalyzed(key, full ? 'AccessExclusiveLock' : 'ShareUpdateExclusiveLock', effects);
    if (full) effects.workOn('rewrite', key);
  }
  if (effects.context.schema.source !== 'catalog')
    effects.note(t('It goes through all tables, which are not listed here.'));
});

/** Partitions are gone through, since 18 inheriting tables too; before, ANALYZE only reads those. */
function lockBelow(key: string, mode: LockMode, isVacuum: boolean, effects: Effects): void {
  const { schema, major } = effects.context;
  const gone = major >= 18 || schema.relations.get(key)?.kind === 'partitioned';
  for (const each of descendants(schema, key)) {
    if (gone) lockAnalyzed(each, mode, effects);
    else if (!isVacuum) effects.lock(each, 'AccessShareLock');
  }
}

/** ANALYZE opens the indexes of each table with rows of its own. */
function lockAnalyzed(key: string, mode: LockMode, effects: Effects): void {
  effects.lock(key, mode);
  if (effects.context.schema.relations.get(key)?.kind !== 'partitioned')
    effects.lockIndexes(key, 'AccessShareLock');
}

/** CLUSTER writes the table anew in the order of an index. */
export const cluster = forecaster('ClusterStmt', (statement, effects) => {
  if (!statement.relation) {
    effects.refusesTransaction();
    for (const [key, relation] of look(effects.context.schema.relations)) {
      if (!relation.indexes.some((index) => index.clustered)) continue;
      effects.lock(key, 'AccessExclusiveLock');
      effects.workOn('rewrite', key);
    }
    if (effects.context.schema.source !== 'catalog')
      effects.note(t('It goes through all clustered tables, which are not listed here.'));
    return;
  }
  const key = relationKey(effects.context.schema, statement.relation);
  // Since 15 a partitioned table is clustered partition by partition, each in a transaction of its own.
  if (effects.context.schema.relations.get(key)?.kind === 'partitioned') {
    effects.refusesTransaction();
    effects.lockTree(key, 'AccessExclusiveLock');
  } else effects.lock(key, 'AccessExclusiveLock');
  effects.workOnPartitions('rewrite', key);
});

/** All that has rows of its own. */
export function tablesThere(schema: KnownSchema, within: string | null = null): string[] {
  return [...look(schema.relations)]
    .filter(([, { kind }]) => kind === 'table' || kind === 'matview')
    .filter(([, relation]) => within === null || relation.schema === within)
    .map(([key]) => key);
}

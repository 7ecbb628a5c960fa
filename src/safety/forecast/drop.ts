import type { DropStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import { look } from '../copied-map';
import { isAlike } from '../known-indexes';
import { nameParts } from '../known-schema-drop';
import { dottedKey, type KnownIndex } from '../known-schema';
import {
  defaultPartition,
  descendants,
  ownedSequences,
  partitionsOf,
  referencingTables,
  tableOfIndex,
  tablesWithType,
  typedTables,
  viewsOver,
  viewsOverColumn,
} from '../known-neighbours';
import { lockDropped, lockForDroppedKey } from './dropped-key';
import type { Effects } from './effects';
import { forecaster } from './forecaster';
import { lockDroppedIndex, lockIndexesOfColumn } from './index-locks';

/** DROP of anything: a moment's ACCESS EXCLUSIVE on what is dropped and on what hangs together with it. */
export const drop = forecaster('DropStmt', (statement, effects) => {
  for (const object of statement.objects ?? []) {
    const parts = nameParts(object);
    dropOne(statement, parts, effects);
  }
  if (statement.concurrent) effects.refusesTransaction();
});

/** DROP OWNED drops all that a role owns in this database, tables too. */
export const dropOwned = forecaster('DropOwnedStmt', (_statement, effects) => {
  effects.breaksOldCode();
  effects.losesData();
  effects.note(t('What the role owns is not known: all of it is dropped, and locked for that.'));
});

function dropOne(statement: DropStmt, parts: string[], effects: Effects): void {
  const { schema } = effects.context;
  const cascade = statement.behavior === 'DROP_CASCADE';
  switch (statement.removeType) {
    case 'OBJECT_TABLE':
    case 'OBJECT_FOREIGN_TABLE': {
      const key = dottedKey(schema, parts, schema.relations);
      if (!isAbsent(statement, key, effects)) dropTable(key, cascade, effects);
      return;
    }
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_SEQUENCE': {
      const key = dottedKey(schema, parts, schema.relations);
      if (isAbsent(statement, key, effects)) return;
      const owner = schema.relations.get(key)?.ownedBy;
      lockDropped(key, effects);
      if (cascade) {
        // The column's default goes, or the views over it.
        if (owner) effects.lock(owner.table, 'AccessExclusiveLock');
        for (const view of viewsOver(schema, key)) lockDropped(view, effects);
      }
      if (!effects.isFresh(key)) effects.breaksOldCode();
      return;
    }
    case 'OBJECT_INDEX': {
      const key = dottedKey(schema, parts, schema.relations);
      const found = tableOfIndex(schema, key);
      const table = found?.table ?? key;
      const mode = statement.concurrent ? 'ShareUpdateExclusiveLock' : 'AccessExclusiveLock';
      if (schema.relations.get(table)?.kind === 'partitioned') effects.lockTree(table, mode);
      else effects.lock(table, mode);
      if (!found) return;
      lockDroppedIndex(table, found.index, effects);
      if (isOnlyUnique(table, found.index, effects)) effects.breaksOldCode();
      return;
    }
    case 'OBJECT_TRIGGER':
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE': {
      const key = dottedKey(schema, parts.slice(0, -1), schema.relations);
      const copied =
        statement.removeType === 'OBJECT_TRIGGER' && schema.relations.get(key)?.kind === 'partitioned';
      if (copied) effects.lockTree(key, 'AccessExclusiveLock');
      else effects.lock(key, 'AccessExclusiveLock');
      // Who found rows by a policy finds none without it.
      if (statement.removeType === 'OBJECT_POLICY' && !effects.isFresh(key)) effects.breaksOldCode();
      return;
    }
    case 'OBJECT_STATISTIC_EXT': {
      const key = dottedKey(schema, parts, schema.relations);
      for (const [table, relation] of look(schema.relations))
        if (relation.statistics.includes(key)) effects.lock(table, 'ShareUpdateExclusiveLock');
      return;
    }
    case 'OBJECT_SCHEMA':
      if (!cascade) return;
      effects.breaksOldCode();
      effects.losesData();
      for (const [key, relation] of look(schema.relations))
        if (relation.schema === parts[0]) dropTable(key, true, effects);
      return;
    case 'OBJECT_EXTENSION':
    case 'OBJECT_AGGREGATE':
    case 'OBJECT_OPERATOR':
    case 'OBJECT_FOREIGN_SERVER':
      effects.breaksOldCode();
      // Columns of its types go along.
      if (cascade) effects.losesData();
      return;
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE': {
      effects.breaksOldCode();
      const key = dottedKey(schema, parts, schema.functions);
      if (!cascade) return;
      // The triggers that run it go along.
      for (const [table, relation] of look(schema.relations))
        if (relation.triggers.some(({ runs }) => runs === key))
          for (const each of [table, ...partitionsOf(schema, table)])
            effects.lock(each, 'AccessExclusiveLock');
      return;
    }
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      effects.breaksOldCode();
      dropType(dottedKey(schema, parts, schema.types), cascade, effects);
      return;
    default:
      return;
  }
}

/** Whether an ON CONFLICT of its columns finds no other index: code that writes with one fails then. */
function isOnlyUnique(table: string, index: KnownIndex, effects: Effects): boolean {
  const indexes = effects.context.schema.relations.get(table)?.indexes ?? [];
  return (
    index.unique &&
    !effects.isFresh(table) &&
    !indexes.some((other) => other.name !== index.name && !other.computed && isAlike(other, index))
  );
}

/** IF EXISTS of what a database does not have, or an earlier statement has dropped. */
function isAbsent(statement: DropStmt, key: string, effects: Effects): boolean {
  const { schema } = effects.context;
  return (statement.missing_ok ?? false) && schema.source === 'catalog' && !schema.relations.has(key);
}

/** Dropping a table takes its foreign keys' triggers off the tables at their other ends, and its parent's partition. */
function dropTable(key: string, cascade: boolean, effects: Effects): void {
  const { schema } = effects.context;
  const relation = schema.relations.get(key);
  // Partitions go with their table; inheriting tables only with CASCADE.
  const going = relation?.kind === 'partitioned' || cascade ? [key, ...descendants(schema, key)] : [key];
  for (const each of going) {
    lockDropped(each, effects);
    for (const constraint of schema.relations.get(each)?.constraints ?? []) {
      if (constraint.references) lockForDroppedKey(constraint.references, effects);
    }
    for (const sequence of ownedSequences(schema, each)) effects.lock(sequence, 'AccessExclusiveLock');
    if (!cascade) continue;
    for (const other of referencingTables(schema, each)) effects.lockTree(other, 'AccessExclusiveLock');
    for (const view of viewsOver(schema, each)) lockDropped(view, effects);
  }
  if (relation?.parent) {
    const other = defaultPartition(schema, relation.parent);
    effects.lock(relation.parent, 'AccessExclusiveLock');
    if (other) effects.lock(other, 'AccessExclusiveLock');
  }
  if (effects.isFresh(key)) return;
  effects.breaksOldCode();
  effects.losesData();
}

/** CASCADE drops the columns of a type, with their data and the views over them. */
function dropType(type: string, cascade: boolean, effects: Effects): void {
  const { schema } = effects.context;
  if (schema.types.get(type)?.kind === 'composite') effects.lock(type, 'AccessExclusiveLock');
  if (!cascade) return;
  for (const table of typedTables(schema, type)) dropTable(table, true, effects);
  for (const table of tablesWithType(schema, type)) {
    effects.lockTree(table, 'AccessExclusiveLock');
    for (const column of schema.relations.get(table)?.columns ?? []) {
      if (column.type.name !== type) continue;
      lockIndexesOfColumn([table, ...descendants(schema, table)], column.name, effects);
      for (const view of viewsOverColumn(schema, table, column.name)) lockDropped(view, effects);
    }
    if (!effects.isFresh(table)) effects.losesData();
  }
}

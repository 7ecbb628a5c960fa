import type { DropStmt } from '@pgsql/types';
import { nameParts } from '../known-schema-fold';
import { dottedKey, referencingTables, tableOfIndex, tablesWithType, viewsOver } from '../known-schema';
import type { Effects } from './effects';
import { forecaster } from './forecaster';

/** DROP of anything: a moment's ACCESS EXCLUSIVE on what is dropped and on what hangs together with it. */
export const drop = forecaster('DropStmt', (statement, effects) => {
  for (const object of statement.objects ?? []) {
    const parts = nameParts(object);
    dropOne(statement, parts, effects);
  }
  if (statement.concurrent) effects.refusesTransaction();
});

function dropOne(statement: DropStmt, parts: string[], effects: Effects): void {
  const { schema } = effects.context;
  switch (statement.removeType) {
    case 'OBJECT_TABLE':
    case 'OBJECT_FOREIGN_TABLE':
      dropTable(dottedKey(schema, parts, schema.relations), statement.behavior === 'DROP_CASCADE', effects);
      return;
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_SEQUENCE': {
      const key = dottedKey(schema, parts, schema.relations);
      effects.lock(key, 'AccessExclusiveLock');
      if (!effects.isFresh(key)) effects.breaksOldCode();
      return;
    }
    case 'OBJECT_INDEX': {
      const key = dottedKey(schema, parts, schema.relations);
      const table = tableOfIndex(schema, key)?.table ?? key;
      effects.lock(table, statement.concurrent ? 'ShareUpdateExclusiveLock' : 'AccessExclusiveLock');
      return;
    }
    case 'OBJECT_TRIGGER':
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE':
      effects.lock(dottedKey(schema, parts.slice(0, -1), schema.relations), 'AccessExclusiveLock');
      return;
    case 'OBJECT_SCHEMA':
      for (const [key, relation] of schema.relations) {
        if (relation.schema === parts[0] && statement.behavior === 'DROP_CASCADE')
          dropTable(key, true, effects);
      }
      return;
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE':
      effects.breaksOldCode();
      return;
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      effects.breaksOldCode();
      if (statement.behavior === 'DROP_CASCADE')
        dropColumnsOfType(dottedKey(schema, parts, schema.types), effects);
      return;
    default:
      return;
  }
}

/** Dropping a table takes its foreign keys' triggers off the tables at their other ends, and its parent's partition. */
function dropTable(key: string, cascade: boolean, effects: Effects): void {
  const { schema } = effects.context;
  const relation = schema.relations.get(key);
  effects.lockTree(key, 'AccessExclusiveLock');
  for (const constraint of relation?.constraints ?? []) {
    if (constraint.references && constraint.references !== key)
      effects.lock(constraint.references, 'AccessExclusiveLock');
  }
  if (cascade) {
    for (const other of referencingTables(schema, key)) effects.lock(other, 'AccessExclusiveLock');
    for (const view of viewsOver(schema, key)) effects.lock(view, 'AccessExclusiveLock');
  }
  if (relation?.parent) effects.lock(relation.parent, 'AccessExclusiveLock');
  if (effects.isFresh(key)) return;
  effects.breaksOldCode();
  effects.losesData();
}

/** CASCADE drops the columns of a type, with their data. */
function dropColumnsOfType(type: string, effects: Effects): void {
  for (const table of tablesWithType(effects.context.schema, type)) {
    effects.lockTree(table, 'AccessExclusiveLock');
    if (!effects.isFresh(table)) effects.losesData();
  }
}

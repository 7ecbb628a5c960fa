import { relationKey } from '../known-schema';
import { ownedSequences, tableOfIndex, typedTables } from '../known-neighbours';
import type { Effects } from './effects';
import { forecaster } from './forecaster';

/** Renames take ACCESS EXCLUSIVE for a moment (an index: SHARE UPDATE EXCLUSIVE), and old code knows the old name. */
export const rename = forecaster('RenameStmt', (statement, effects) => {
  const key = relationKey(effects.context.schema, statement.relation);
  switch (statement.renameType) {
    case 'OBJECT_COLUMN':
    case 'OBJECT_TABLE':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_FOREIGN_TABLE':
    case 'OBJECT_SEQUENCE':
      if (statement.renameType === 'OBJECT_COLUMN') effects.lockTree(key, 'AccessExclusiveLock');
      else effects.lock(key, 'AccessExclusiveLock');
      if (!effects.isFresh(key)) effects.breaksOldCode();
      return;
    case 'OBJECT_TABCONSTRAINT':
      renameConstraint(key, statement.subname ?? '', statement.relation?.inh ?? false, effects);
      return;
    case 'OBJECT_TRIGGER':
      // Since 15 the copies at partitions get the new name too.
      if (effects.context.major >= 15 && effects.context.schema.relations.get(key)?.kind === 'partitioned')
        effects.lockTree(key, 'AccessExclusiveLock');
      else effects.lock(key, 'AccessExclusiveLock');
      return;
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE':
      effects.lock(key, 'AccessExclusiveLock');
      return;
    case 'OBJECT_ATTRIBUTE':
      effects.lock(key, 'AccessExclusiveLock');
      if (statement.behavior === 'DROP_CASCADE')
        for (const table of typedTables(effects.context.schema, key))
          effects.lockTree(table, 'AccessExclusiveLock');
      effects.breaksOldCode();
      return;
    case 'OBJECT_INDEX': {
      const table = tableOfIndex(effects.context.schema, key)?.table;
      if (table) effects.lockIndex(table, key, 'ShareUpdateExclusiveLock');
      else effects.lock(key, 'ShareUpdateExclusiveLock');
      return;
    }
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_SCHEMA':
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      effects.breaksOldCode();
      return;
    default:
      return;
  }
});

/** A CHECK is named alike in inheriting tables. */
function renameConstraint(key: string, name: string, recurses: boolean, effects: Effects): void {
  const constraint = effects.context.schema.relations
    .get(key)
    ?.constraints.find((each) => each.name === name);
  const inherited = constraint?.kind === 'check' || constraint?.kind === 'not-null';
  if (inherited && recurses) effects.lockTree(key, 'AccessExclusiveLock');
  else effects.lock(key, 'AccessExclusiveLock');
  // The index of a key has the name of its constraint.
  effects.lockIndexes(key, 'ShareUpdateExclusiveLock', (index) => index.name === name);
}

/** ALTER ... SET SCHEMA: another name for old code. Sequences of its columns move along. */
export const setSchema = forecaster('AlterObjectSchemaStmt', (statement, effects) => {
  if (statement.relation) {
    const { schema } = effects.context;
    const key = relationKey(schema, statement.relation);
    effects.lock(key, 'AccessExclusiveLock');
    for (const sequence of ownedSequences(schema, key)) effects.lock(sequence, 'AccessExclusiveLock');
    if (effects.isFresh(key)) return;
  }
  effects.breaksOldCode();
});

import { relationKey } from '../known-schema';
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
    case 'OBJECT_TRIGGER':
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE':
      effects.lock(key, 'AccessExclusiveLock');
      return;
    case 'OBJECT_INDEX':
      effects.lock(key, 'ShareUpdateExclusiveLock');
      return;
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_SCHEMA':
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
    case 'OBJECT_ATTRIBUTE':
      effects.breaksOldCode();
      return;
    default:
      return;
  }
});

/** ALTER ... SET SCHEMA: another name for old code. */
export const setSchema = forecaster('AlterObjectSchemaStmt', (statement, effects) => {
  if (statement.relation)
    effects.lock(relationKey(effects.context.schema, statement.relation), 'AccessExclusiveLock');
  effects.breaksOldCode();
});

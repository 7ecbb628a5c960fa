import { relationsReadAlone, relationsReadThroughViews } from '../relations-read';
import { forecaster } from './forecaster';
import { readRelations } from './reads';

/** CREATE TABLE AS and CREATE MATERIALIZED VIEW read under ACCESS SHARE, which only ACCESS EXCLUSIVE minds. */
export const createTableAs = forecaster('CreateTableAsStmt', (create, effects) => {
  const { schema } = effects.context;
  readRelations(create.query, effects);
  if (create.into?.skipData) return;
  const alone = relationsReadAlone(schema, create.query);
  for (const key of relationsReadThroughViews(schema, create.query)) {
    if (alone.has(key)) effects.workOn('scan', key);
    else if (schema.relations.get(key)?.kind !== 'view') effects.work('scan', key);
  }
});

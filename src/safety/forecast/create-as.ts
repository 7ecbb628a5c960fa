import { relationsRead, relationsReadAlone, relationsReadThroughViews } from '../relations-read';
import { forecaster } from './forecaster';
import { readRelations } from './reads';

/** CREATE TABLE AS and CREATE MATERIALIZED VIEW read under ACCESS SHARE, which only ACCESS EXCLUSIVE minds. */
export const createTableAs = forecaster('CreateTableAsStmt', (create, effects) => {
  const { schema } = effects.context;
  if (create.into?.skipData) {
    // Only looked at: WITH NO DATA nothing is planned.
    for (const key of relationsRead(schema, create.query)) effects.lock(key, 'AccessShareLock');
    return;
  }
  readRelations(create.query, effects);
  const alone = relationsReadAlone(schema, create.query);
  for (const key of relationsReadThroughViews(schema, create.query)) {
    if (alone.has(key)) effects.workOn('scan', key);
    else if (schema.relations.get(key)?.kind !== 'view') effects.work('scan', key);
  }
});

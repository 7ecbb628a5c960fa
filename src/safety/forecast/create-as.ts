import { relationsReadThroughViews } from '../relations-read';
import { forecaster } from './forecaster';

/** CREATE TABLE AS and CREATE MATERIALIZED VIEW read under ACCESS SHARE, which only ACCESS EXCLUSIVE minds. */
export const createTableAs = forecaster('CreateTableAsStmt', (create, effects) => {
  for (const key of relationsReadThroughViews(effects.context.schema, create.query)) {
    effects.lock(key, 'AccessShareLock');
    if (!create.into?.skipData) effects.work('scan', key);
  }
});

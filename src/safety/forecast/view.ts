import { relationsRead, relationsReadThroughViews, throughViews } from '../relations-read';
import { relationKey } from '../known-schema';
import { changeInside } from './data';
import { forecaster } from './forecaster';
import { lockRows, readRelations, useSequences } from './reads';

/** CREATE VIEW only looks at what it reads; OR REPLACE stops readers of the view for a moment. */
export const createView = forecaster('ViewStmt', (view, effects) => {
  const { schema } = effects.context;
  for (const key of relationsRead(schema, view.query)) effects.lock(key, 'AccessShareLock');
  if (view.replace) effects.lock(relationKey(schema, view.view), 'AccessExclusiveLock');
});

/** https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html */
export const refresh = forecaster('RefreshMatViewStmt', (statement, effects) => {
  const { schema } = effects.context;
  const key = relationKey(schema, statement.relation);
  effects.lock(key, statement.concurrent ? 'ExclusiveLock' : 'AccessExclusiveLock');
  effects.work(statement.concurrent ? 'scan' : 'rewrite', key);
  // The differences are deleted and inserted by statements of their own.
  if (statement.concurrent) effects.lockIndexes(key, 'RowExclusiveLock');
  for (const source of throughViews(schema, schema.relations.get(key)?.reads ?? [])) {
    if (statement.skipData) continue;
    effects.lockTreeForQuery(source, 'AccessShareLock');
    effects.work('scan', source);
  }
});

/** A plain query. */
export const select = forecaster('SelectStmt', (statement, effects) => {
  effects.changesNothing();
  effects.noteFunctions(statement);
  const query = { SelectStmt: statement };
  readRelations(query, effects);
  lockRows(statement, effects);
  changeInside(statement.withClause, effects);
  useSequences(query, effects);
  // SELECT INTO is CREATE TABLE AS in older words.
  if (statement.intoClause) {
    effects.changesSomething();
    for (const key of relationsReadThroughViews(effects.context.schema, query)) effects.work('scan', key);
  }
});

import { relationsRead, relationsReadThroughViews, throughViews } from '../relations-read';
import { relationKey } from '../known-schema';
import { forecaster } from './forecaster';

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
  for (const source of throughViews(schema, schema.relations.get(key)?.reads ?? [])) {
    effects.lock(source, 'AccessShareLock');
    if (!statement.skipData) effects.work('scan', source);
  }
});

/** A plain query. */
export const select = forecaster('SelectStmt', (statement, effects) => {
  effects.changesNothing();
  effects.noteFunctions(statement);
  const locking = (statement.lockingClause?.length ?? 0) > 0;
  for (const key of relationsReadThroughViews(effects.context.schema, { SelectStmt: statement })) {
    effects.lock(key, locking ? 'RowShareLock' : 'AccessShareLock');
  }
});

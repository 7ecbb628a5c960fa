import type { RangeVar } from '@pgsql/types';
import { asKind } from '../../sql/tree';
import type { LockMode } from '../forecast';
import { relationKey } from '../known-schema';
import { relationsReadThroughViews } from '../relations-read';
import type { Effects } from './effects';
import { forecaster } from './forecaster';

/** Data changes take ROW EXCLUSIVE; the rows they touch stay locked until COMMIT. */
export const insert = forecaster('InsertStmt', (statement, effects) => {
  effects.noteFunctions(statement);
  lockReferenced(statement.relation, null, effects);
  change(statement.relation, [statement.selectStmt, statement.withClause], effects);
});

export const update = forecaster('UpdateStmt', (statement, effects) => {
  effects.noteFunctions(statement);
  const assigned = (statement.targetList ?? []).map((node) => asKind(node, 'ResTarget')?.name ?? '');
  lockReferenced(statement.relation, assigned, effects);
  change(
    statement.relation,
    [statement.fromClause, statement.whereClause, statement.targetList, statement.withClause],
    effects,
  );
  if (!effects.isFresh(relationKey(effects.context.schema, statement.relation))) effects.losesData();
  if (!statement.whereClause) effects.work('scan', relationKey(effects.context.schema, statement.relation));
});

export const deleteRows = forecaster('DeleteStmt', (statement, effects) => {
  effects.noteFunctions(statement);
  change(statement.relation, [statement.usingClause, statement.whereClause, statement.withClause], effects);
  if (!effects.isFresh(relationKey(effects.context.schema, statement.relation))) effects.losesData();
  if (!statement.whereClause) effects.work('scan', relationKey(effects.context.schema, statement.relation));
});

export const merge = forecaster('MergeStmt', (statement, effects) => {
  effects.noteFunctions(statement);
  change(
    statement.relation,
    [statement.sourceRelation, statement.joinCondition, statement.withClause],
    effects,
  );
  if (!effects.isFresh(relationKey(effects.context.schema, statement.relation))) effects.losesData();
});

export const copy = forecaster('CopyStmt', (statement, effects) => {
  effects.changesNothing();
  if (statement.is_from)
    effects.lock(relationKey(effects.context.schema, statement.relation), 'RowExclusiveLock');
  else {
    const read = statement.relation ? { RangeVar: statement.relation } : statement.query;
    for (const key of relationsReadThroughViews(effects.context.schema, read))
      effects.lock(key, 'AccessShareLock');
  }
});

/** The rows that foreign keys point at are locked while they are checked; `assigned` null means all columns. */
function lockReferenced(relation: RangeVar | undefined, assigned: string[] | null, effects: Effects): void {
  const { schema } = effects.context;
  for (const { references, columns } of schema.relations.get(relationKey(schema, relation))?.constraints ??
    []) {
    if (references && (!assigned || columns.some((column) => assigned.includes(column)))) {
      effects.lock(references, 'RowShareLock');
    }
  }
}

function change(relation: RangeVar | undefined, reads: unknown[], effects: Effects): void {
  const { schema } = effects.context;
  effects.changesNothing();
  effects.lock(relationKey(schema, relation), 'RowExclusiveLock');
  for (const key of relationsReadThroughViews(schema, reads)) effects.lock(key, 'AccessShareLock');
}

const modes: Record<number, LockMode> = {
  1: 'AccessShareLock',
  2: 'RowShareLock',
  3: 'RowExclusiveLock',
  4: 'ShareUpdateExclusiveLock',
  5: 'ShareLock',
  6: 'ShareRowExclusiveLock',
  7: 'ExclusiveLock',
  8: 'AccessExclusiveLock',
};

/** LOCK TABLE says itself what it takes. */
export const lockTable = forecaster('LockStmt', (statement, effects) => {
  effects.changesNothing();
  for (const node of statement.relations ?? []) {
    const range: RangeVar | null = asKind(node, 'RangeVar');
    const key = relationKey(effects.context.schema, range ?? undefined);
    effects.lockTree(key, modes[statement.mode ?? 8] ?? 'AccessExclusiveLock');
  }
});

import type { InsertStmt, Node, RangeVar, WithClause } from '@pgsql/types';
import { asKind, kindOf } from '../../sql/tree';
import type { LockMode } from '../forecast';
import { relationKey } from '../known-schema';
import { foreignKeysTo, ownedSequences, referencedColumns } from '../known-neighbours';
import { throughViews } from '../relations-read';
import type { Effects } from './effects';
import { forecaster } from './forecaster';
import { readRelations, useSequences } from './reads';

/** Data changes take ROW EXCLUSIVE; the rows they touch stay locked until COMMIT. */
export const insert = forecaster('InsertStmt', (statement, effects) => {
  effects.noteFunctions(statement);
  // A foreign key with a NULL in it is not looked up.
  lockReferenced(statement.relation, givenColumns(statement, effects), effects, true);
  lockDefaults(statement, effects);
  change(
    statement.relation,
    [statement.selectStmt, statement.onConflictClause, statement.returningClause],
    effects,
    {
      single: true,
    },
  );
  changeInside(statement.withClause, effects);
  // The index that tells which rows are there is looked for among all (infer_arbiter_indexes).
  if (statement.onConflictClause?.infer)
    effects.lockIndexes(relationKey(effects.context.schema, statement.relation), 'RowExclusiveLock');
  const overwrites = statement.onConflictClause?.action === 'ONCONFLICT_UPDATE';
  if (overwrites && !effects.isFresh(relationKey(effects.context.schema, statement.relation)))
    effects.losesData();
});

export const update = forecaster('UpdateStmt', (statement, effects) => {
  effects.noteFunctions(statement);
  const assigned = (statement.targetList ?? []).map((node) => asKind(node, 'ResTarget')?.name ?? '');
  if (!changesNoRow(statement.whereClause)) {
    lockReferenced(statement.relation, assigned, effects);
    lockReferencing(statement.relation, assigned, effects);
  }
  change(statement.relation, [statement.fromClause, statement.whereClause, statement.targetList], effects);
  changeInside(statement.withClause, effects);
  loseRows(statement.relation, statement.whereClause, effects);
});

export const deleteRows = forecaster('DeleteStmt', (statement, effects) => {
  effects.noteFunctions(statement);
  if (!changesNoRow(statement.whereClause)) lockReferencing(statement.relation, null, effects);
  change(statement.relation, [statement.usingClause, statement.whereClause], effects);
  changeInside(statement.withClause, effects);
  loseRows(statement.relation, statement.whereClause, effects);
});

export const merge = forecaster('MergeStmt', (statement, effects) => {
  effects.noteFunctions(statement);
  change(statement.relation, [statement.sourceRelation, statement.joinCondition], effects);
  changeInside(statement.withClause, effects);
  if (!effects.isFresh(relationKey(effects.context.schema, statement.relation))) effects.losesData();
});

export const copy = forecaster('CopyStmt', (statement, effects) => {
  effects.changesNothing();
  if (statement.is_from) {
    lockReferenced(statement.relation, null, effects);
    effects.lock(relationKey(effects.context.schema, statement.relation), 'RowExclusiveLock');
  } else if (statement.relation) {
    // It reads the file from end to end, without a plan.
    effects.lock(relationKey(effects.context.schema, statement.relation), 'AccessShareLock');
  } else {
    readRelations(statement.query, effects);
  }
});

/** Data changes inside WITH. */
export function changeInside(clause: WithClause | undefined, effects: Effects): void {
  for (const node of clause?.ctes ?? []) {
    const query = asKind(node, 'CommonTableExpr')?.ctequery;
    const inner = changes.find((each) => each.kind === kindOf(query));
    if (inner) inner.add((query as unknown as Record<string, never>)[inner.kind]!, effects);
    else readRelations(query, effects);
  }
}

const changes = [insert, update, deleteRows, merge];

/** `WHERE false`: no foreign key has anything to look at. */
function changesNoRow(where: Node | undefined): boolean {
  const constant = asKind(where, 'A_Const')?.boolval;
  return constant !== undefined && constant.boolval !== true;
}

function loseRows(relation: RangeVar | undefined, where: Node | undefined, effects: Effects): void {
  const key = relationKey(effects.context.schema, relation);
  if (!effects.isFresh(key)) effects.losesData();
  if (!where) effects.work('scan', key);
}

/** The rows that foreign keys point at are locked while they are checked; `assigned` null means all columns. */
function lockReferenced(
  relation: RangeVar | undefined,
  assigned: string[] | null,
  effects: Effects,
  inserts = false,
): void {
  const { schema } = effects.context;
  const touches = (columns: string[]): boolean =>
    inserts
      ? columns.every((column) => assigned!.includes(column))
      : columns.some((column) => assigned!.includes(column));
  for (const { references, columns, enforced } of schema.relations.get(relationKey(schema, relation))
    ?.constraints ?? []) {
    if (references && enforced && (!assigned || touches(columns))) {
      effects.lockForQuery(references, 'RowShareLock');
    }
  }
}

/** The rows that point at a changed key are looked for, or changed with it; `assigned` null means a DELETE. */
function lockReferencing(relation: RangeVar | undefined, assigned: string[] | null, effects: Effects): void {
  const { schema } = effects.context;
  for (const { table, constraint } of foreignKeysTo(schema, relationKey(schema, relation))) {
    if (assigned && !referencedColumns(schema, constraint).some((column) => assigned.includes(column)))
      continue;
    if (!constraint.enforced) continue;
    const changesRows = assigned === null && constraint.onDelete !== 'refuses';
    effects.lockForQuery(table, changesRows ? 'RowExclusiveLock' : 'RowShareLock');
  }
}

/** The columns an INSERT gives a value, by itself or by their default; null for all. */
function givenColumns(statement: InsertStmt, effects: Effects): string[] | null {
  if (!statement.cols) return null;
  const known = effects.context.schema.relations.get(relationKey(effects.context.schema, statement.relation));
  const named = statement.cols.map((node) => asKind(node, 'ResTarget')?.name ?? '');
  return [...named, ...(known?.columns.filter((each) => each.hasDefault).map((each) => each.name) ?? [])];
}

/** Sequences of columns that the INSERT leaves to their default. */
function lockDefaults(statement: InsertStmt, effects: Effects): void {
  const { schema } = effects.context;
  const key = relationKey(schema, statement.relation);
  const given = (statement.cols ?? []).map((node) => asKind(node, 'ResTarget')?.name ?? '');
  if (given.length === 0 && statement.selectStmt) return;
  const left = (schema.relations.get(key)?.columns ?? []).filter(
    ({ name, hasDefault, generated }) => !given.includes(name) && (hasDefault || generated === 'identity'),
  );
  if (left.length === 0) return;
  for (const sequence of ownedSequences(schema, key)) {
    const column = schema.relations.get(sequence)?.ownedBy?.column;
    if (left.some(({ name }) => name === column)) effects.lock(sequence, 'RowExclusiveLock');
  }
}

/**
 * INSERT finds the one partition of each row, and lets go of its indexes at once (ExecCloseIndices); all others go
 * through every partition.
 */
function change(
  relation: RangeVar | undefined,
  reads: unknown[],
  effects: Effects,
  { single = false }: { single?: boolean } = {},
): void {
  const { schema } = effects.context;
  const key = relationKey(schema, relation);
  effects.changesNothing();
  if (single) effects.lock(key, 'RowExclusiveLock');
  else if (!relation?.inh) effects.lockForQuery(key, 'RowExclusiveLock');
  else effects.lockTreeForQuery(key, 'RowExclusiveLock');
  if (schema.relations.get(key)?.kind === 'view')
    for (const each of throughViews(schema, [key])) effects.lockTreeForQuery(each, 'RowExclusiveLock');
  readRelations(reads, effects);
  useSequences(reads, effects);
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

/** LOCK TABLE says itself what it takes, also of what a view reads. */
export const lockTable = forecaster('LockStmt', (statement, effects) => {
  const { schema } = effects.context;
  const mode = modes[statement.mode ?? 8] ?? 'AccessExclusiveLock';
  effects.changesNothing();
  for (const node of statement.relations ?? []) {
    const range = asKind(node, 'RangeVar');
    for (const key of throughViews(schema, [relationKey(schema, range ?? undefined)])) {
      if (range?.inh) effects.lockTree(key, mode);
      else effects.lock(key, mode);
    }
  }
});

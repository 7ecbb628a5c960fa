import { t } from '../../messages/translate';
import { commitsByItself } from '../../sql/committing-block';
import { asKind } from '../../sql/tree';
import { relationKey } from '../known-schema';
import { forecaster, type Forecaster } from './forecaster';

/** GRANT and REVOKE change the catalog; 18 opens the table too. */
export const grant = forecaster('GrantStmt', (statement, effects) => {
  if (!statement.is_grant) effects.breaksOldCode();
  if (!/^OBJECT_(TABLE|SEQUENCE)$/.test(statement.objtype ?? '') || effects.context.major < 18) return;
  for (const node of statement.objects ?? []) {
    const range = asKind(node, 'RangeVar');
    if (range) effects.lock(relationKey(effects.context.schema, range), 'AccessShareLock');
  }
});

/** A DO block does what its statements do: those are added where its body is read (forecast-runs.ts). */
export const doBlock = forecaster('DoStmt', (statement, effects) => {
  if (commitsByItself(statement)) effects.refusesTransaction();
  effects.changesNothing();
});

/** A procedure does what its statements do, where they are known. */
export const call = forecaster('CallStmt', (statement, effects) => {
  effects.changesNothing();
  effects.noteFunctions({ FuncCall: statement.funccall });
});

export const createExtension = forecaster('CreateExtensionStmt', (_statement, effects) => {
  effects.note(t('What the script of the extension does is not part of this forecast.'));
});

/** Statements that PostgreSQL refuses inside a transaction block, and that lock no table. */
export const refusingStatements: Forecaster[] = [
  'CreatedbStmt',
  'CreateTableSpaceStmt',
  'DropTableSpaceStmt',
  'AlterSystemStmt',
].map((kind) => ({ kind, add: (_fields, effects) => effects.refusesTransaction() }));

/** Statements that change no catalog and touch no table. */
export const harmlessStatements: Forecaster[] = [
  'VariableSetStmt',
  'VariableShowStmt',
  'ExplainStmt',
  'PrepareStmt',
  'DeallocateStmt',
  'ListenStmt',
  'NotifyStmt',
  'UnlistenStmt',
  'ConstraintsSetStmt',
  'CheckPointStmt',
  'LoadStmt',
].map((kind) => ({ kind, add: (_fields, effects) => effects.changesNothing() }));

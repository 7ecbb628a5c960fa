import { t } from '../../messages/translate';
import { commitsByItself } from '../../sql/committing-block';
import { asKind } from '../../sql/tree';
import { relationKey } from '../known-schema';
import { forecaster, type Forecaster } from './forecaster';

/** GRANT and REVOKE change the catalog; 18 opens the table too. */
export const grant = forecaster('GrantStmt', (statement, effects) => {
  if (!statement.is_grant) effects.breaksOldCode();
  if (statement.objtype !== 'OBJECT_TABLE' || effects.context.major < 18) return;
  for (const node of statement.objects ?? []) {
    const range = asKind(node, 'RangeVar');
    if (range) effects.lock(relationKey(effects.context.schema, range), 'AccessShareLock');
  }
});

/** What a DO block does is only known when it runs. */
export const doBlock = forecaster('DoStmt', (statement, effects) => {
  if (commitsByItself(statement)) effects.refusesTransaction();
  effects.note(
    t(
      'The inside of the DO block was not looked at: what it locks and changes is not part of this forecast.',
    ),
  );
});

/** What a procedure does is only known when it runs. */
export const call = forecaster('CallStmt', (_statement, effects) => {
  effects.changesNothing();
  effects.note(
    t(
      'The inside of the procedure was not looked at: what it locks and changes is not part of this forecast.',
    ),
  );
});

export const createExtension = forecaster('CreateExtensionStmt', (_statement, effects) => {
  effects.note(t('What the script of the extension does is not part of this forecast.'));
});

/** Statements that PostgreSQL refuses inside a transaction block, and that lock no table. */
export const refusingStatements: Forecaster[] = [
  'CreatedbStmt',
  'DropdbStmt',
  'CreateTableSpaceStmt',
  'DropTableSpaceStmt',
  'AlterSystemStmt',
].map((kind) => ({ kind, add: (_fields, effects) => effects.refusesTransaction() }));

/** Statements that change no catalog and touch no table. */
export const harmlessStatements: Forecaster[] = [
  'TransactionStmt',
  'VariableSetStmt',
  'VariableShowStmt',
  'ExplainStmt',
  'PrepareStmt',
  'DeallocateStmt',
  'DiscardStmt',
  'ListenStmt',
  'NotifyStmt',
  'UnlistenStmt',
  'ConstraintsSetStmt',
  'CheckPointStmt',
  'LoadStmt',
].map((kind) => ({ kind, add: (_fields, effects) => effects.changesNothing() }));

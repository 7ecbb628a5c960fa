import type { AlterTableCmd, AlterTableStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import type { LockMode } from '../forecast';
import { descendants, referencingTables, relationKey, tableOfIndex } from '../known-schema';
import { addColumn } from './add-column';
import { addTableConstraint, setNotNull, validateConstraint } from './add-constraint';
import { attachPartition, detachPartition } from './partition';
import { changeColumnType } from './change-type';
import type { Effects } from './effects';
import { forecaster } from './forecaster';
import { optionLock } from './storage-options';

/** https://www.postgresql.org/docs/current/sql-altertable.html; locks as in AlterTableGetLockLevel. */
export const alterTable = forecaster('AlterTableStmt', (alter, effects) => {
  const key = alteredRelation(alter, effects);
  const known = effects.context.schema.relations.get(key);
  if (!alter.relation?.inh) effects.only(key);
  for (const node of alter.cmds ?? []) {
    const command = asKind(node, 'AlterTableCmd');
    if (!command) continue;
    const mode = lockOf(command, effects);
    // ONLY leaves children alone; partition commands name the one child themselves.
    const single = !alter.relation?.inh || isPartitionCommand(command);
    if (single || !known) effects.lock(key, mode);
    else effects.lockTree(key, mode);
    addCommand(alter, command, key, effects);
  }
});

function alteredRelation(alter: AlterTableStmt, effects: Effects): string {
  const { schema } = effects.context;
  return relationKey(schema, alter.relation);
}

function isPartitionCommand(command: AlterTableCmd): boolean {
  return /^AT_(Attach|Detach)Partition/.test(command.subtype ?? '');
}

/** AlterTableGetLockLevel in tablecmds.c. */
function lockOf(command: AlterTableCmd, effects: Effects): LockMode {
  switch (command.subtype) {
    case 'AT_SetStatistics':
    case 'AT_SetOptions':
    case 'AT_ResetOptions':
    case 'AT_ClusterOn':
    case 'AT_DropCluster':
    case 'AT_ValidateConstraint':
    case 'AT_AttachPartition':
    case 'AT_DetachPartitionFinalize':
      return 'ShareUpdateExclusiveLock';
    case 'AT_DetachPartition':
      return asKind(command.def, 'PartitionCmd')?.concurrent
        ? 'ShareUpdateExclusiveLock'
        : 'AccessExclusiveLock';
    case 'AT_EnableTrig':
    case 'AT_EnableAlwaysTrig':
    case 'AT_EnableReplicaTrig':
    case 'AT_EnableTrigAll':
    case 'AT_EnableTrigUser':
    case 'AT_DisableTrig':
    case 'AT_DisableTrigAll':
    case 'AT_DisableTrigUser':
      return 'ShareRowExclusiveLock';
    case 'AT_AddConstraint':
      return asKind(command.def, 'Constraint')?.contype === 'CONSTR_FOREIGN'
        ? 'ShareRowExclusiveLock'
        : 'AccessExclusiveLock';
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions':
    case 'AT_ReplaceRelOptions':
      return optionLock(asKind(command.def, 'List')?.items ?? [], effects.context.major);
    default:
      return 'AccessExclusiveLock';
  }
}

function addCommand(alter: AlterTableStmt, command: AlterTableCmd, key: string, effects: Effects): void {
  const column = command.name ?? '';
  const definition = asKind(command.def, 'ColumnDef');
  switch (command.subtype) {
    case 'AT_AddColumn':
      if (definition) addColumn(key, definition, command.missing_ok ?? false, effects);
      return;
    case 'AT_DropColumn':
      if (alter.objtype === 'OBJECT_TYPE') return;
      dropColumn(key, column, effects);
      return;
    case 'AT_AlterColumnType':
      if (definition) changeColumnType(key, column, definition, effects);
      return;
    case 'AT_SetNotNull':
      setNotNull(key, column, effects);
      return;
    case 'AT_ColumnDefault':
      if (!command.def && columnOf(effects, key, column)?.notNull) effects.breaksOldCode();
      return;
    case 'AT_SetExpression':
      if (columnOf(effects, key, column)?.generated !== 'virtual') effects.work('rewrite', key);
      return;
    case 'AT_AddConstraint': {
      const constraint = asKind(command.def, 'Constraint');
      if (constraint) addTableConstraint(key, constraint, null, effects);
      return;
    }
    case 'AT_ValidateConstraint':
      validateConstraint(key, column, effects);
      return;
    case 'AT_DropConstraint':
      dropConstraint(key, column, command.behavior === 'DROP_CASCADE', effects);
      return;
    case 'AT_SetLogged':
    case 'AT_SetUnLogged':
      changePersistence(key, command.subtype === 'AT_SetLogged' ? 'permanent' : 'unlogged', effects);
      return;
    case 'AT_SetTableSpace':
    case 'AT_SetAccessMethod':
      effects.work('rewrite', key);
      return;
    case 'AT_AttachPartition':
    case 'AT_DetachPartition': {
      const partition = asKind(command.def, 'PartitionCmd');
      if (partition && alter.objtype === 'OBJECT_INDEX') return;
      if (partition && command.subtype === 'AT_AttachPartition') attachPartition(key, partition, effects);
      else if (partition) detachPartition(key, partition, effects);
      return;
    }
    case 'AT_AddInherit':
    case 'AT_DropInherit': {
      const parent = asKind(command.def, 'RangeVar');
      if (parent) effects.lock(relationKey(effects.context.schema, parent), 'ShareUpdateExclusiveLock');
      return;
    }
    default:
      return;
  }
}

function columnOf(effects: Effects, key: string, column: string) {
  return effects.context.schema.relations.get(key)?.columns.find((each) => each.name === column);
}

/** Dropping a column with a foreign key locks the table it points at too. */
function dropColumn(key: string, column: string, effects: Effects): void {
  effects.breaksOldCode();
  effects.losesData();
  for (const constraint of effects.context.schema.relations.get(key)?.constraints ?? []) {
    if (constraint.references && constraint.columns.includes(column))
      effects.lock(constraint.references, 'AccessExclusiveLock');
  }
}

function dropConstraint(key: string, name: string, cascade: boolean, effects: Effects): void {
  const { schema } = effects.context;
  const constraint = schema.relations.get(key)?.constraints.find((each) => each.name === name);
  if (constraint?.references) effects.lock(constraint.references, 'AccessExclusiveLock');
  const isKey = constraint?.kind === 'primary' || constraint?.kind === 'unique';
  if (isKey && cascade)
    for (const table of referencingTables(schema, key)) effects.lockTree(table, 'AccessExclusiveLock');
  if (!constraint && !effects.isFresh(key)) {
    effects.note(t('If {0} is a foreign key, the table it points at is locked too.', name));
  }
}

function changePersistence(key: string, wanted: 'permanent' | 'unlogged', effects: Effects): void {
  const { schema } = effects.context;
  // Tables that are already so are left as they are.
  for (const each of [key, ...descendants(schema, key)]) {
    if (schema.relations.get(each)?.persistence !== wanted) effects.workOn('rewrite', each);
  }
  const found = schema.relations.has(key) ? null : tableOfIndex(schema, key);
  if (found) effects.lock(found.table, 'AccessExclusiveLock');
}

import type { AlterTableCmd, AlterTableStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationKey, type KnownSchema } from '../known-schema';
import {
  descendants,
  foreignKeysTo,
  ownedSequences,
  referencedColumns,
  tableOfIndex,
  typedTables,
  viewsOverColumn,
} from '../known-neighbours';
import { changeOwner, takesAccess } from './access';
import { addColumn } from './add-column';
import { addTableConstraint, setNotNull, validateConstraint } from './add-constraint';
import { attachPartition, detachPartition } from './partition';
import { changeColumnType } from './change-type';
import { lockForDroppedKey, lockDropped } from './dropped-key';
import type { Effects } from './effects';
import { forecaster } from './forecaster';
import { lockDroppedIndex, lockForProof, lockIndexesOfColumn } from './index-locks';
import { lockOf, reachesChildren } from './alter-table-locks';

/** https://www.postgresql.org/docs/current/sql-altertable.html; locks as in AlterTableGetLockLevel. */
export const alterTable = forecaster('AlterTableStmt', (alter, effects) => {
  const key = relationKey(effects.context.schema, alter.relation);
  if (alter.objtype === 'OBJECT_TYPE') {
    alterCompositeType(alter, key, effects);
    return;
  }
  if (alter.missing_ok && alter.objtype === 'OBJECT_TABLE' && isAbsent(effects.context.schema, key)) return;
  if (!alter.relation?.inh) effects.only(key);
  const indexed = tableOfIndex(effects.context.schema, key)?.table;
  for (const node of alter.cmds ?? []) {
    const command = asKind(node, 'AlterTableCmd');
    if (!command) continue;
    const mode = lockOf(command, effects);
    if (indexed) effects.lockIndex(indexed, key, mode);
    else effects.lock(key, mode);
    if (alter.relation?.inh && reachesChildren(command, key, effects)) effects.lockTree(key, mode);
    addCommand(alter, command, key, effects);
  }
});

/** A database tells what it has not. */
function isAbsent(schema: KnownSchema, key: string): boolean {
  return schema.source === 'catalog' && !schema.relations.has(key);
}

/** ALTER TYPE of a composite type; CASCADE goes on to tables made of it. */
function alterCompositeType(alter: AlterTableStmt, type: string, effects: Effects): void {
  const { schema } = effects.context;
  effects.lock(type, 'AccessExclusiveLock');
  for (const node of alter.cmds ?? []) {
    const command = asKind(node, 'AlterTableCmd');
    if (command?.subtype === 'AT_DropColumn' || command?.subtype === 'AT_AlterColumnType')
      effects.breaksOldCode();
    if (command?.subtype === 'AT_DropColumn') effects.losesData();
    if (command?.behavior !== 'DROP_CASCADE') continue;
    if (command.subtype === 'AT_AlterColumnType' && !schema.types.has(type)) {
      // Nobody writes CASCADE where no table is made of the type.
      effects.work('rewrite', type);
      effects.note(t('The tables made of the type {0} are not known; all of them are rewritten.', type));
    }
    for (const table of typedTables(schema, type)) {
      effects.lockTree(table, 'AccessExclusiveLock');
      const definition = asKind(command.def, 'ColumnDef');
      if (command.subtype === 'AT_AlterColumnType' && definition)
        changeColumnType(table, command.name ?? '', definition, effects);
    }
  }
}

function addCommand(alter: AlterTableStmt, command: AlterTableCmd, key: string, effects: Effects): void {
  const column = command.name ?? '';
  const definition = asKind(command.def, 'ColumnDef');
  if (takesAccess(alter, command, key, effects)) effects.breaksOldCode();
  switch (command.subtype) {
    case 'AT_AddColumn':
      if (definition) addColumn(key, definition, command.missing_ok ?? false, effects);
      return;
    case 'AT_DropColumn':
      dropColumn(alter, command, key, effects);
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
      dropConstraint(alter, command, key, effects);
      return;
    case 'AT_AlterConstraint':
      alterConstraint(key, command, effects);
      return;
    case 'AT_DropExpression':
      // Nobody computes the value any more.
      effects.breaksOldCode();
      return;
    case 'AT_AddIdentity':
      if (asKind(command.def, 'Constraint')?.generated_when === 'a') effects.breaksOldCode();
      return;
    case 'AT_SetIdentity':
    case 'AT_DropIdentity':
      // GENERATED ALWAYS refuses values that old code gives; without an identity none comes by itself.
      if (command.subtype === 'AT_DropIdentity' || isGeneratedAlways(command)) effects.breaksOldCode();
      for (const sequence of ownedSequences(effects.context.schema, key, column))
        effects.lock(
          sequence,
          command.subtype === 'AT_SetIdentity' ? 'ShareRowExclusiveLock' : 'AccessExclusiveLock',
        );
      return;
    case 'AT_ChangeOwner':
      changeOwner(key, command, effects);
      return;
    case 'AT_ClusterOn':
      effects.lockIndexes(key, 'ShareUpdateExclusiveLock', ({ name }) => name === column);
      return;
    case 'AT_ReplicaIdentity': {
      const { identity_type: by, name } = asKind(command.def, 'ReplicaIdentityStmt') ?? {};
      if (by === 'i') effects.lockIndexes(key, 'ShareLock', (index) => index.name === name);
      return;
    }
    case 'AT_SetLogged':
    case 'AT_SetUnLogged':
      if (alter.objtype === 'OBJECT_SEQUENCE') return;
      changePersistence(key, command.subtype === 'AT_SetLogged' ? 'permanent' : 'unlogged', effects);
      return;
    case 'AT_SetTableSpace':
    case 'AT_SetAccessMethod':
      changeStorage(command, key, effects);
      return;
    case 'AT_AttachPartition':
    case 'AT_DetachPartition': {
      const partition = asKind(command.def, 'PartitionCmd');
      if (partition && alter.objtype === 'OBJECT_INDEX') {
        lockForAttach(key, relationKey(effects.context.schema, partition.name), effects);
        return;
      }
      if (partition && command.subtype === 'AT_AttachPartition') attachPartition(key, partition, effects);
      else if (partition) detachPartition(key, partition, effects);
      return;
    }
    case 'AT_AddInherit':
    case 'AT_DropInherit': {
      const parent = asKind(command.def, 'RangeVar');
      const mode = command.subtype === 'AT_AddInherit' ? 'ShareUpdateExclusiveLock' : 'AccessShareLock';
      if (parent) effects.lock(relationKey(effects.context.schema, parent), mode);
      return;
    }
    default:
      return;
  }
}

function columnOf(effects: Effects, key: string, column: string) {
  return effects.context.schema.relations.get(key)?.columns.find((each) => each.name === column);
}

function isGeneratedAlways(command: AlterTableCmd): boolean {
  return (asKind(command.def, 'List')?.items ?? []).some((item) => {
    const { defname, arg } = asKind(item, 'DefElem') ?? {};
    return defname === 'generated' && asKind(arg, 'Integer')?.ival === 'a'.charCodeAt(0);
  });
}

/** Dropping a column locks what goes with it: foreign keys' other tables, its sequence, with CASCADE its views. */
function dropColumn(alter: AlterTableStmt, command: AlterTableCmd, key: string, effects: Effects): void {
  const { schema } = effects.context;
  const relation = schema.relations.get(key);
  const column = command.name ?? '';
  if (relation && command.missing_ok && !relation.columns.some((each) => each.name === column)) return;
  if (!effects.isFresh(key)) {
    effects.breaksOldCode();
    effects.losesData();
  }
  if (!alter.relation?.inh) lockChildren(key, effects);
  lockIndexesOfColumn(alter.relation?.inh ? [key, ...descendants(schema, key)] : [key], column, effects);
  for (const constraint of relation?.constraints ?? []) {
    if (constraint.references && constraint.columns.includes(column))
      lockForDroppedKey(constraint.references, effects);
  }
  for (const sequence of ownedSequences(schema, key, column)) effects.lock(sequence, 'AccessExclusiveLock');
  if (command.behavior !== 'DROP_CASCADE') return;
  for (const { table } of foreignKeysTo(schema, key, column)) effects.lockTree(table, 'AccessExclusiveLock');
  for (const view of viewsOverColumn(schema, key, column)) lockDropped(view, effects);
}

/** With ONLY, children are locked too: they learn that the column or constraint is their own now. */
function lockChildren(key: string, effects: Effects): void {
  for (const child of effects.context.schema.relations.get(key)?.children ?? [])
    effects.lock(child, 'AccessExclusiveLock');
}

function dropConstraint(alter: AlterTableStmt, command: AlterTableCmd, key: string, effects: Effects): void {
  const { schema } = effects.context;
  const name = command.name ?? '';
  const relation = schema.relations.get(key);
  const constraint = relation?.constraints.find((each) => each.name === name);
  if (relation && !constraint && command.missing_ok) return;
  if (constraint?.references) lockForDroppedKey(constraint.references, effects);
  const isKey = constraint?.kind === 'primary' || constraint?.kind === 'unique';
  const index = relation?.indexes.find((each) => each.name === name);
  if (index && (isKey || constraint?.kind === 'exclusion')) lockDroppedIndex(key, index, effects);
  if (isKey && command.behavior === 'DROP_CASCADE') {
    for (const { table, constraint: other } of foreignKeysTo(schema, key)) {
      if (sameColumns(referencedColumns(schema, other), constraint.columns))
        effects.lockTree(table, 'AccessExclusiveLock');
    }
  }
  const isInherited = constraint?.kind === 'check' || constraint?.kind === 'not-null';
  if (isInherited && !alter.relation?.inh) lockChildren(key, effects);
  if (!constraint && !effects.isFresh(key)) {
    effects.note(t('If {0} is a foreign key, the table it points at is locked too.', name));
  }
}

function sameColumns(left: readonly string[], right: readonly string[]): boolean {
  return [...left].sort().join('\n') === [...right].sort().join('\n');
}

/** ALTER CONSTRAINT (18): enforcing a foreign key reads both tables; no longer enforcing it drops its triggers. */
function alterConstraint(key: string, command: AlterTableCmd, effects: Effects): void {
  const { schema } = effects.context;
  const change = asKind(command.def, 'ATAlterConstraint');
  if (!change?.alterEnforceability) return;
  const constraint = schema.relations.get(key)?.constraints.find((each) => each.name === change.conname);
  const mode = change.is_enforced ? 'ShareRowExclusiveLock' : 'AccessExclusiveLock';
  if (constraint?.references) effects.lockTree(constraint.references, mode);
  if (!change.is_enforced || constraint?.validated) return;
  effects.work('scan', key);
  if (!constraint?.references) return;
  lockForProof(key, constraint.references, effects);
  effects.work('scan', constraint.references);
}

/** Moving to where it is already is nothing. */
function changeStorage(command: AlterTableCmd, key: string, effects: Effects): void {
  const { schema } = effects.context;
  const found = tableOfIndex(schema, key);
  const relation = schema.relations.get(found?.table ?? key);
  const target = command.name ?? (command.subtype === 'AT_SetAccessMethod' ? 'heap' : '');
  const present =
    command.subtype === 'AT_SetAccessMethod' ? relation?.accessMethod : relation?.tablespace || 'pg_default';
  // Where an index is, is not known: its table may be elsewhere.
  if (relation && !found && present === target) return;
  // A partitioned table only remembers it for partitions to come.
  if (relation?.kind === 'partitioned' || (found && effects.isFresh(found.table))) return;
  if (command.subtype === 'AT_SetTableSpace') effects.move(key);
  else effects.workOn('rewrite', key);
}

/** ALTER INDEX ... ATTACH PARTITION looks at both tables; the index of the partition belongs to nobody meanwhile. */
function lockForAttach(index: string, attached: string, effects: Effects): void {
  for (const key of [index, attached]) {
    const table = tableOfIndex(effects.context.schema, key)?.table;
    if (table) effects.lock(table, 'AccessShareLock');
    if (table && key === attached) effects.lockIndex(table, key, 'AccessExclusiveLock');
  }
}

function changePersistence(key: string, wanted: 'permanent' | 'unlogged', effects: Effects): void {
  const { schema, major } = effects.context;
  const relation = schema.relations.get(key);
  // A table that is already so is left as it is; its children are never touched.
  if (relation?.persistence !== wanted && relation?.kind !== 'partitioned') {
    effects.workOn('rewrite', key);
    if (major >= 15)
      for (const sequence of ownedSequences(schema, key)) effects.lock(sequence, 'AccessExclusiveLock');
  }
}

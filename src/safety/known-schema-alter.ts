import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint } from '@pgsql/types';
import { asKind } from '../sql/tree';
import { collationName, columnType, isSerial } from './column-type';
import { knownConstraint, mentions } from './known-constraint';
import { descendants, relationKey, type KnownRelation, type KnownSchema } from './known-schema';

/** ALTER TABLE, applied to what is known, with partitions and inheriting tables. */
export function foldAlterTable(schema: KnownSchema, alter: AlterTableStmt): void {
  const key = relationKey(schema, alter.relation);
  const targets = alter.relation?.inh ? [key, ...descendants(schema, key)] : [key];
  for (const node of alter.cmds ?? []) {
    const command = asKind(node, 'AlterTableCmd');
    if (!command) continue;
    for (const target of targets) {
      const relation = schema.relations.get(target);
      if (relation) foldCommand(schema, target, relation, command);
    }
  }
}

function foldCommand(
  schema: KnownSchema,
  key: string,
  relation: KnownRelation,
  command: AlterTableCmd,
): void {
  const column = relation.columns.find((each) => each.name === command.name);
  const definition = asKind(command.def, 'ColumnDef');
  const constraint = asKind(command.def, 'Constraint');
  switch (command.subtype) {
    case 'AT_AddColumn':
      if (definition) addColumn(schema, relation, definition);
      break;
    case 'AT_DropColumn':
      dropColumn(relation, command.name ?? '');
      break;
    case 'AT_AlterColumnType':
      if (column && definition) {
        column.type = columnType(schema, definition.typeName);
        column.collation = collationName(definition);
      }
      break;
    case 'AT_SetNotNull':
    case 'AT_DropNotNull':
      if (column) column.notNull = command.subtype === 'AT_SetNotNull';
      break;
    case 'AT_ColumnDefault':
      if (column) column.hasDefault = command.def !== undefined;
      break;
    case 'AT_AddIdentity':
      if (column) column.generated = 'identity';
      break;
    case 'AT_DropIdentity':
    case 'AT_DropExpression':
      if (column) column.generated = null;
      break;
    case 'AT_AddConstraint':
      if (constraint) addConstraint(schema, relation, constraint, null);
      break;
    case 'AT_ValidateConstraint':
      for (const each of relation.constraints) {
        if (each.name !== command.name) continue;
        each.validated = true;
        if (each.kind === 'not-null') markNotNull(relation, each.columns);
      }
      break;
    case 'AT_DropConstraint':
      dropConstraint(schema, key, relation, command.name ?? '');
      break;
    case 'AT_SetLogged':
      relation.persistence = 'permanent';
      break;
    case 'AT_SetUnLogged':
      relation.persistence = 'unlogged';
      break;
    case 'AT_AttachPartition':
    case 'AT_DetachPartition':
      foldPartition(schema, key, relation, command);
      break;
    default:
      break;
  }
}

function foldPartition(
  schema: KnownSchema,
  key: string,
  relation: KnownRelation,
  command: AlterTableCmd,
): void {
  const partition = asKind(command.def, 'PartitionCmd');
  const childKey = relationKey(schema, partition?.name);
  const child = schema.relations.get(childKey);
  if (!child || relation.kind !== 'partitioned') return;
  relation.children = relation.children.filter((each) => each !== childKey);
  child.parent = null;
  child.isDefaultPartition = false;
  if (command.subtype === 'AT_AttachPartition') {
    relation.children.push(childKey);
    child.parent = key;
    child.isDefaultPartition = partition?.bound?.is_default ?? false;
  }
}

/** Adds a column and its inline constraints. */
export function addColumn(schema: KnownSchema, relation: KnownRelation, definition: ColumnDef): void {
  const name = definition.colname ?? '';
  if (relation.columns.some((column) => column.name === name)) return;
  const constraints = (definition.constraints ?? [])
    .map((node) => asKind(node, 'Constraint'))
    .filter((each) => each !== null);
  const has = (kind: Constraint['contype']): Constraint | undefined =>
    constraints.find((each) => each.contype === kind);
  const generated = has('CONSTR_GENERATED');
  const serial = isSerial(definition.typeName);
  relation.columns.push({
    name,
    type: columnType(schema, definition.typeName),
    notNull: serial || has('CONSTR_IDENTITY') !== undefined,
    hasDefault: serial || has('CONSTR_DEFAULT') !== undefined,
    generated: generated
      ? generated.generated_kind === 'v'
        ? 'virtual'
        : 'stored'
      : has('CONSTR_IDENTITY')
        ? 'identity'
        : null,
    collation: collationName(definition),
  });
  for (const constraint of constraints) addConstraint(schema, relation, constraint, name);
}

/** Adds a constraint, with the index or NOT NULL that comes with it. */
export function addConstraint(
  schema: KnownSchema,
  relation: KnownRelation,
  constraint: Constraint,
  column: string | null,
): void {
  const known = knownConstraint(schema, relation, constraint, column);
  if (!known) return;
  const used = constraint.indexname
    ? relation.indexes.find((index) => index.name === constraint.indexname)
    : undefined;
  if (used) {
    known.columns = used.columns;
    used.name = constraint.conname ?? used.name;
    known.name = used.name;
  } else if (known.kind === 'primary' || known.kind === 'unique') {
    relation.indexes.push({ name: known.name, columns: known.columns, unique: true, valid: true });
  }
  relation.constraints.push(known);
  if (known.kind === 'primary' || (known.kind === 'not-null' && known.validated))
    markNotNull(relation, known.columns);
}

function markNotNull(relation: KnownRelation, columns: readonly string[]): void {
  for (const column of relation.columns) if (columns.includes(column.name)) column.notNull = true;
}

function dropColumn(relation: KnownRelation, name: string): void {
  relation.columns = relation.columns.filter((column) => column.name !== name);
  relation.indexes = relation.indexes.filter((index) => !index.columns.includes(name));
  relation.constraints = relation.constraints.filter(
    (constraint) => !constraint.columns.includes(name) && !mentions(constraint.conjuncts, name),
  );
}

function dropConstraint(schema: KnownSchema, key: string, relation: KnownRelation, name: string): void {
  const dropped = relation.constraints.find((constraint) => constraint.name === name);
  relation.constraints = relation.constraints.filter((constraint) => constraint !== dropped);
  if (dropped?.kind !== 'primary' && dropped?.kind !== 'unique') return;
  relation.indexes = relation.indexes.filter((index) => index.name !== name);
  // CASCADE takes the foreign keys that need it along.
  if (dropped.kind !== 'primary') return;
  for (const other of schema.relations.values()) {
    other.constraints = other.constraints.filter((constraint) => constraint.references !== key);
  }
}

import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint } from '@pgsql/types';
import { formatIdentifier, formatQualifiedName } from '../sql/identifier';
import { asKind } from '../sql/tree';
import { collationName, columnType, isSerial } from './column-type';
import { mentions } from './known-constraint';
import { objectName } from './default-name';
import { inheritIndexes } from './known-indexes';
import { emptyRelation, relationKey, type KnownRelation, type KnownSchema } from './known-schema';
import { descendants, ownedSequences } from './known-neighbours';
import { addConstraint, dropConstraint, isKey, markNotNull } from './known-schema-constraints';

/** ALTER TABLE, applied to what is known, with partitions and inheriting tables. */
export function foldAlterTable(schema: KnownSchema, alter: AlterTableStmt, fresh = false): void {
  const key = relationKey(schema, alter.relation);
  const targets = alter.relation?.inh ? [key, ...descendants(schema, key)] : [key];
  for (const node of alter.cmds ?? []) {
    const command = asKind(node, 'AlterTableCmd');
    if (!command) continue;
    for (const target of targets) {
      const relation = schema.relations.get(target);
      if (relation) foldCommand(schema, target, relation, command, target !== key, fresh);
    }
    const relation = schema.relations.get(key);
    if (relation) foldSequence(schema, key, relation, command, fresh);
  }
}

/** The sequences of serial and identity columns come and go with them. */
function foldSequence(
  schema: KnownSchema,
  key: string,
  relation: KnownRelation,
  command: AlterTableCmd,
  fresh: boolean,
): void {
  const definition = asKind(command.def, 'ColumnDef');
  if (command.subtype === 'AT_AddColumn' && definition) addSequence(schema, relation, definition, fresh);
  else if (command.subtype === 'AT_AddIdentity') makeSequence(schema, relation, command.name ?? '', fresh);
  else if (command.subtype === 'AT_DropColumn' || command.subtype === 'AT_DropIdentity') {
    for (const sequence of ownedSequences(schema, key, command.name ?? '')) schema.relations.delete(sequence);
  }
}

/** Adds the sequence of a serial or identity column. */
export function addSequence(
  schema: KnownSchema,
  relation: KnownRelation,
  definition: ColumnDef,
  fresh: boolean,
): void {
  const identity = (definition.constraints ?? []).some(
    (node) => asKind(node, 'Constraint')?.contype === 'CONSTR_IDENTITY',
  );
  if (identity || isSerial(definition.typeName))
    makeSequence(schema, relation, definition.colname ?? '', fresh);
}

function makeSequence(schema: KnownSchema, table: KnownRelation, column: string, fresh: boolean): void {
  const base = objectName(table.name, column, 'seq');
  let key = formatQualifiedName({ schema: table.schema, name: base });
  for (let count = 1; schema.relations.has(key); count++) {
    if (schema.relations.get(key)?.ownedBy?.column === column) return;
    key = formatQualifiedName({ schema: table.schema, name: objectName(table.name, column, `seq${count}`) });
  }
  const name = key.slice(formatIdentifier(table.schema).length + 1);
  schema.relations.set(key, {
    ...emptyRelation({ schema: table.schema, name: name.replace(/^"|"$/g, '') }, 'sequence', fresh),
    persistence: table.persistence,
    ownedBy: { table: formatQualifiedName(table), column },
  });
}

function foldCommand(
  schema: KnownSchema,
  key: string,
  relation: KnownRelation,
  command: AlterTableCmd,
  inherited: boolean,
  fresh: boolean,
): void {
  const column = relation.columns.find((each) => each.name === command.name);
  const definition = asKind(command.def, 'ColumnDef');
  const constraint = asKind(command.def, 'Constraint');
  switch (command.subtype) {
    case 'AT_AddColumn':
      if (definition) addColumn(schema, relation, definition, inherited, fresh);
      break;
    case 'AT_DropColumn':
      dropColumn(relation, command.name ?? '');
      break;
    case 'AT_AlterColumnType':
      if (column && definition) {
        column.type = columnType(schema, definition.typeName);
        column.collation = collationName(definition);
        // Its indexes are dropped and made anew.
        for (const index of relation.indexes)
          if (fresh && index.uses.includes(column.name)) index.fresh = true;
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
      // Partitions get keys with the index of their table, inheriting tables none.
      if (constraint && !(inherited && isKey(constraint)))
        addConstraint(schema, relation, constraint, null, fresh);
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
    case 'AT_ClusterOn':
    case 'AT_DropCluster':
      clusterOn(relation, command.name ?? null);
      break;
    case 'AT_SetTableSpace':
      relation.tablespace = command.name === 'pg_default' ? '' : (command.name ?? '');
      break;
    case 'AT_SetAccessMethod':
      relation.accessMethod = command.name ?? 'heap';
      break;
    case 'AT_ChangeOwner':
      relation.owner = command.newowner?.rolename;
      break;
    case 'AT_AlterConstraint':
      alterConstraint(relation, command);
      break;
    case 'AT_AddInherit':
    case 'AT_DropInherit': {
      const parent = schema.relations.get(relationKey(schema, asKind(command.def, 'RangeVar') ?? undefined));
      if (!parent) break;
      parent.children = parent.children.filter((each) => each !== key);
      if (command.subtype === 'AT_AddInherit') parent.children.push(key);
      break;
    }
    case 'AT_AddOf':
    case 'AT_DropOf':
      relation.ofType = command.def
        ? columnType(schema, asKind(command.def, 'TypeName') ?? undefined).name
        : null;
      break;
    case 'AT_SetLogged':
      relation.persistence = 'permanent';
      break;
    case 'AT_SetUnLogged':
      relation.persistence = 'unlogged';
      break;
    case 'AT_AttachPartition':
    case 'AT_DetachPartition':
      foldPartition(schema, key, relation, command, fresh);
      break;
    default:
      break;
  }
}

/** The index CLUSTER will use from now on; null for none. */
export function clusterOn(relation: KnownRelation, index: string | null): void {
  for (const each of relation.indexes) each.clustered = each.name === index;
}

function alterConstraint(relation: KnownRelation, command: AlterTableCmd): void {
  const change = asKind(command.def, 'ATAlterConstraint');
  const constraint = relation.constraints.find((each) => each.name === change?.conname);
  if (constraint && change?.alterEnforceability)
    constraint.enforced = constraint.validated = change.is_enforced ?? false;
}

function foldPartition(
  schema: KnownSchema,
  key: string,
  relation: KnownRelation,
  command: AlterTableCmd,
  fresh: boolean,
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
    inheritIndexes(schema, childKey, relation, fresh);
  }
}

/** Adds a column and its inline constraints. */
export function addColumn(
  schema: KnownSchema,
  relation: KnownRelation,
  definition: ColumnDef,
  inherited = false,
  fresh = false,
): void {
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
  for (const constraint of constraints)
    if (!(inherited && isKey(constraint))) addConstraint(schema, relation, constraint, name, fresh);
}

function dropColumn(relation: KnownRelation, name: string): void {
  relation.columns = relation.columns.filter((column) => column.name !== name);
  relation.indexes = relation.indexes.filter((index) => !index.uses.includes(name));
  relation.constraints = relation.constraints.filter(
    (constraint) => !constraint.columns.includes(name) && !mentions(constraint.conjuncts, name),
  );
}

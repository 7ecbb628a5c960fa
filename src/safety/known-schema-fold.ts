import type {
  AlterDomainStmt,
  Constraint,
  CreateDomainStmt,
  CreateFunctionStmt,
  CreateSeqStmt,
  CreateStmt,
  CreateTableAsStmt,
  Node,
  ViewStmt,
} from '@pgsql/types';
import { formatQualifiedName } from '../sql/identifier';
import type { Statement } from '../sql/statement';
import { asKind, stringOf, strings } from '../sql/tree';
import { columnType } from './column-type';
import { foldDependents } from './known-dependents';
import { copyIndexes, foldIndex, inheritIndexes } from './known-indexes';
import { addColumn, addSequence, foldAlterTable } from './known-schema-alter';
import { addConstraint } from './known-schema-constraints';
import { dottedKey, emptyRelation, relationKey, type KnownRelation, type KnownSchema } from './known-schema';
import {
  foldAlterPublication,
  foldAlterSequence,
  foldCluster,
  foldCreatePublication,
  foldStatistics,
  foldTriggerFunction,
} from './known-schema-objects';
import { relationsRead } from './relations-read';
import { ownerNamed } from './sequence-owner';
import { foldRuns } from './routines/fold-runs';
import { foldRoutine } from './routines/known-routine';
import { foldRename, foldSetSchema } from './known-schema-rename';
import { foldDrop } from './known-schema-drop';

/**
 * Applies a statement to what is known, in place, with what the blocks and routines do that it runs. `fresh` marks
 * relations it makes as seen by nobody else yet.
 */
export function applyToKnownSchema(schema: KnownSchema, statement: Statement, fresh = false): void {
  applyAlone(schema, statement, fresh);
  foldRuns(schema, statement, (known, inner) => applyAlone(known, inner, fresh));
}

function applyAlone(
  schema: KnownSchema,
  statement: Pick<Statement, 'kind' | 'node' | 'body'>,
  fresh: boolean,
): void {
  const fields = statement.node[statement.kind];
  if (statement.kind === 'CreateFunctionStmt') foldRoutine(schema, fields as never, statement);
  folds[statement.kind]?.(schema, fields as never, fresh);
  foldDependents(schema, statement);
}

const folds: Record<string, ((schema: KnownSchema, fields: never, fresh: boolean) => void) | undefined> = {
  CreateStmt: foldCreateTable,
  CreateTableAsStmt: foldCreateTableAs,
  ViewStmt: foldView,
  IndexStmt: foldIndex,
  AlterTableStmt: foldAlterTable,
  RenameStmt: foldRename,
  AlterObjectSchemaStmt: foldSetSchema,
  DropStmt: foldDrop,
  CreateDomainStmt: foldDomain,
  AlterDomainStmt: foldAlterDomain,
  CreateFunctionStmt: foldFunction,
  CreateEnumStmt: (schema: KnownSchema, fields: { typeName?: Node[] }) => {
    schema.types.set(dottedKey(schema, strings(fields.typeName), schema.types), {
      kind: 'enum',
      base: null,
      constrained: false,
    });
  },
  CreateRangeStmt: (schema: KnownSchema, fields: { typeName?: Node[] }) => {
    schema.types.set(dottedKey(schema, strings(fields.typeName), schema.types), {
      kind: 'range',
      base: null,
      constrained: false,
    });
  },
  CompositeTypeStmt: (schema: KnownSchema, fields: { typevar?: CreateStmt['relation'] }) => {
    schema.types.set(relationKey(schema, fields.typevar), {
      kind: 'composite',
      base: null,
      constrained: false,
    });
  },
  CreateSeqStmt: (schema: KnownSchema, fields: CreateSeqStmt, fresh: boolean) => {
    if (fields.if_not_exists && schema.relations.has(relationKey(schema, fields.sequence))) return;
    const sequence = newRelation(schema, fields.sequence, 'sequence', fresh);
    sequence.ownedBy = ownerNamed(schema, fields.options) ?? null;
  },
  AlterSeqStmt: foldAlterSequence,
  CreateTrigStmt: foldTriggerFunction,
  ClusterStmt: foldCluster,
  CreateStatsStmt: foldStatistics,
  CreatePublicationStmt: foldCreatePublication,
  AlterPublicationStmt: foldAlterPublication,
  CreateSchemaStmt: (schema: KnownSchema, fields: { schemaElts?: Node[] }, fresh: boolean) => {
    for (const element of fields.schemaElts ?? []) {
      applyAlone(schema, { kind: Object.keys(element)[0]!, node: { ...element } }, fresh);
    }
  },
  VariableSetStmt: foldSetting,
};

function newRelation(
  schema: KnownSchema,
  range: CreateStmt['relation'],
  kind: KnownRelation['kind'],
  fresh: boolean,
): KnownRelation {
  const owner = range?.schemaname ?? schema.searchPath[0] ?? 'public';
  const name = range?.relname ?? '';
  const persistence =
    range?.relpersistence === 't' ? 'temporary' : range?.relpersistence === 'u' ? 'unlogged' : 'permanent';
  const relation: KnownRelation = { ...emptyRelation({ schema: owner, name }, kind, fresh), persistence };
  schema.relations.set(formatQualifiedName({ schema: owner, name }), relation);
  return relation;
}

function foldCreateTable(schema: KnownSchema, create: CreateStmt, fresh: boolean): void {
  const key = relationKey(schema, create.relation);
  if (create.if_not_exists && schema.relations.has(key)) return;
  const relation = newRelation(schema, create.relation, create.partspec ? 'partitioned' : 'table', fresh);
  const own = formatQualifiedName(relation);
  relation.tablespace = create.tablespacename ?? '';
  relation.accessMethod = create.accessMethod ?? 'heap';
  if (create.ofTypename) relation.ofType = dottedKey(schema, strings(create.ofTypename.names), schema.types);
  if (create.partspec) {
    const key = (create.partspec.partParams ?? []).map((node) => asKind(node, 'PartitionElem')?.name ?? '');
    relation.partitionKey = key.includes('') ? null : key;
  }
  for (const node of create.inhRelations ?? []) {
    const parentKey = relationKey(schema, asKind(node, 'RangeVar') ?? undefined);
    const parent = schema.relations.get(parentKey);
    relation.columns.push(...structuredClone(parent?.columns ?? []));
    parent?.children.push(own);
    if (!create.partbound) continue;
    relation.parent = parentKey;
    relation.isDefaultPartition = create.partbound.is_default ?? false;
    // Keys come with the indexes they are made of.
    const others = parent?.constraints.filter(({ kind }) => !/^(primary|unique|exclusion)$/.test(kind));
    relation.constraints.push(...structuredClone(others ?? []));
    if (parent) inheritIndexes(schema, own, parent, fresh);
  }
  for (const element of create.tableElts ?? []) {
    const column = asKind(element, 'ColumnDef');
    const constraint = asKind(element, 'Constraint');
    const like = asKind(element, 'TableLikeClause');
    if (column) {
      addColumn(schema, relation, column);
      addSequence(schema, relation, column, fresh);
    }
    if (constraint) addConstraint(schema, relation, checkedAtOnce(constraint), null);
    if (like) {
      const source = schema.relations.get(relationKey(schema, like.relation));
      relation.columns.push(...structuredClone(source?.columns ?? []));
      if (source && includesIndexes(like.options)) copyIndexes(schema, own, source, fresh);
    }
  }
  for (const node of create.constraints ?? []) {
    const constraint = asKind(node, 'Constraint');
    if (constraint) addConstraint(schema, relation, checkedAtOnce(constraint), null);
  }
}

/** There are no rows yet, so NOT VALID means nothing in CREATE TABLE. */
function checkedAtOnce(constraint: Constraint): Constraint {
  return { ...constraint, skip_validation: false };
}

/** CREATE_TABLE_LIKE_INDEXES in parsenodes.h. */
function includesIndexes(options: number | undefined): boolean {
  return ((options ?? 0) & (1 << 6)) !== 0;
}

function foldCreateTableAs(schema: KnownSchema, create: CreateTableAsStmt, fresh: boolean): void {
  const kind = create.objtype === 'OBJECT_MATVIEW' ? 'matview' : 'table';
  const made = newRelation(schema, create.into?.rel, kind, fresh);
  if (kind !== 'matview') return;
  made.reads = relationsRead(schema, create.query);
}

function foldView(schema: KnownSchema, view: ViewStmt, fresh: boolean): void {
  const existed = schema.relations.get(relationKey(schema, view.view));
  const reads = relationsRead(schema, view.query);
  const made = newRelation(schema, view.view, 'view', existed ? existed.fresh : fresh);
  made.reads = reads;
}

function foldDomain(schema: KnownSchema, domain: CreateDomainStmt): void {
  const constrained = (domain.constraints ?? []).some((node) =>
    ['CONSTR_CHECK', 'CONSTR_NOTNULL'].includes(asKind(node, 'Constraint')?.contype ?? ''),
  );
  const key = dottedKey(schema, strings(domain.domainname), schema.types);
  schema.types.set(key, { kind: 'domain', base: columnType(schema, domain.typeName), constrained });
}

function foldAlterDomain(schema: KnownSchema, alter: AlterDomainStmt): void {
  const type = schema.types.get(dottedKey(schema, strings(alter.typeName), schema.types));
  // C adds a constraint, O sets NOT NULL; a drop may leave others behind, so nothing is concluded from it.
  if (type && (alter.subtype === 'C' || alter.subtype === 'O')) type.constrained = true;
}

function foldFunction(schema: KnownSchema, create: CreateFunctionStmt): void {
  const parts = strings(create.funcname);
  const option = (create.options ?? [])
    .map((node) => asKind(node, 'DefElem'))
    .find((each) => each?.defname === 'volatility');
  const word = stringOf(option?.arg);
  const volatility = word === 'immutable' || word === 'stable' ? word : 'volatile';
  schema.functions.set(dottedKey(schema, parts, schema.functions), volatility);
}

function foldSetting(schema: KnownSchema, set: { name?: string; args?: Node[]; kind?: string }): void {
  const values = (set.args ?? []).map((node) => asKind(node, 'A_Const')?.sval?.sval ?? '');
  if (set.kind !== 'VAR_SET_VALUE') return;
  if (set.name === 'search_path')
    schema.searchPath = values.filter((value) => value !== '' && value !== '$user' && value !== 'pg_catalog');
  if (set.name === 'timezone') schema.utc = /^(utc|gmt|etc\/utc)$/i.test(values[0] ?? '');
}

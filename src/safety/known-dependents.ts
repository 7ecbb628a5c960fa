import type {
  AlterTableStmt,
  ColumnDef,
  CreatePolicyStmt,
  CreateStmt,
  CreateTableAsStmt,
  CreateTrigStmt,
  DropStmt,
  Node,
  RangeVar,
  RenameStmt,
  RuleStmt,
  ViewStmt,
} from '@pgsql/types';
import { formatQualifiedName } from '../sql/identifier';
import { asKind, strings, walkTree } from '../sql/tree';
import { columnsRead, type NamedRelation } from './columns-read';
import { columnsOf } from './known-constraint';
import { dottedKey, relationKey, type KnownDependent, type KnownSchema } from './known-schema';

type Kind = KnownDependent['kind'];

/** Applies a statement, once it is folded, to what is known to hang on columns. */
export function foldDependents(
  schema: KnownSchema,
  statement: { kind: string; node: Record<string, unknown> },
): void {
  folds[statement.kind]?.(schema, statement.node[statement.kind] as never);
}

/** What names these columns of a relation, as far as it is there. */
export function dependentsOn(schema: KnownSchema, key: string, columns: readonly string[]): KnownDependent[] {
  return (schema.relations.get(key)?.dependents ?? []).filter(
    (each) =>
      each.columns.some((column) => columns.includes(column)) &&
      (each.kind !== 'view' || schema.source === 'catalog' || schema.relations.has(each.name)),
  );
}

const folds: Record<string, ((schema: KnownSchema, fields: never) => void) | undefined> = {
  CreateStmt: (schema: KnownSchema, create: CreateStmt) =>
    addGenerated(schema, relationKey(schema, create.relation), create.tableElts ?? []),
  AlterTableStmt: foldAlterTable,
  ViewStmt: (schema: KnownSchema, view: ViewStmt) =>
    addView(schema, relationKey(schema, view.view), view.query),
  CreateTableAsStmt: (schema: KnownSchema, create: CreateTableAsStmt) => {
    if (create.objtype === 'OBJECT_MATVIEW')
      addView(schema, relationKey(schema, create.into?.rel), create.query);
  },
  CreateTrigStmt: foldTrigger,
  CreatePolicyStmt: (schema: KnownSchema, policy: CreatePolicyStmt) => {
    const around = aroundOf(schema, policy.table);
    const read = columnsRead(schema, [policy.qual, policy.with_check], [around]);
    replace(schema, around.key, 'policy', policy.policy_name ?? '', read.get(around.key) ?? []);
  },
  RuleStmt: (schema: KnownSchema, rule: RuleStmt) => {
    const own = aroundOf(schema, rule.relation);
    const rows = ['old', 'new'].map((alias) => ({ ...own, alias, schema: null }));
    const read = columnsRead(schema, [rule.whereClause, rule.actions], rows);
    replace(schema, own.key, 'rule', rule.rulename ?? '', read.get(own.key) ?? []);
  },
  RenameStmt: foldRename,
  DropStmt: foldDrop,
};

/** A view is named at every relation it reads. */
function addView(schema: KnownSchema, view: string, query: unknown): void {
  for (const key of schema.relations.get(view)?.reads ?? []) remove(schema, key, 'view', view);
  for (const [key, columns] of columnsRead(schema, query)) replace(schema, key, 'view', view, columns);
}

/** The columns of UPDATE OF and WHEN. One that names none is there for its name. */
function foldTrigger(schema: KnownSchema, trigger: CreateTrigStmt): void {
  const columns = new Set(strings(trigger.columns));
  walkTree(trigger.whenClause, (kind, fields) => {
    const parts = kind === 'ColumnRef' ? strings(fields['fields'] as Node[]) : [];
    if (parts.length === 2 && parts[1] !== '') columns.add(parts[1]!);
  });
  replace(schema, relationKey(schema, trigger.relation), 'trigger', trigger.trigname ?? '', [...columns]);
}

function foldAlterTable(schema: KnownSchema, alter: AlterTableStmt): void {
  const key = relationKey(schema, alter.relation);
  const relation = schema.relations.get(key);
  if (!relation) return;
  for (const node of alter.cmds ?? []) {
    const command = asKind(node, 'AlterTableCmd');
    const name = command?.name ?? '';
    if (command?.subtype === 'AT_AddColumn' && command.def) addGenerated(schema, key, [command.def]);
    if (command?.subtype === 'AT_DropExpression') remove(schema, key, 'generated-column', name);
    if (command?.subtype !== 'AT_DropColumn') continue;
    remove(schema, key, 'generated-column', name);
    relation.dependents = relation.dependents.filter((each) => !each.columns.includes(name));
  }
}

function addGenerated(schema: KnownSchema, key: string, elements: readonly Node[]): void {
  for (const element of elements) {
    const definition: ColumnDef | null = asKind(element, 'ColumnDef');
    for (const node of definition?.constraints ?? []) {
      const constraint = asKind(node, 'Constraint');
      if (constraint?.contype !== 'CONSTR_GENERATED' || !constraint.raw_expr) continue;
      const columns = columnsOf(constraint.raw_expr);
      replace(schema, key, 'generated-column', definition?.colname ?? '', columns);
    }
  }
}

/** What is named at a relation. */
const attached: Record<string, Kind | undefined> = {
  OBJECT_TRIGGER: 'trigger',
  OBJECT_RULE: 'rule',
  OBJECT_POLICY: 'policy',
};

function foldRename(schema: KnownSchema, rename: RenameStmt): void {
  const [from, to] = [rename.subname ?? '', rename.newname ?? ''];
  const kind = attached[rename.renameType ?? ''];
  const relation = schema.relations.get(relationKey(schema, rename.relation));
  if (rename.renameType === 'OBJECT_COLUMN') {
    for (const each of relation?.dependents ?? []) {
      each.columns = each.columns.map((column) => (column === from ? to : column));
      if (each.kind === 'generated-column' && each.name === from) each.name = to;
    }
  } else if (kind) {
    for (const each of relation?.dependents ?? [])
      if (each.kind === kind && each.name === from) each.name = to;
  } else if (/^OBJECT_(TABLE|VIEW|MATVIEW)$/.test(rename.renameType ?? '')) {
    const key = relationKey(schema, { ...rename.relation, relname: to });
    const view = schema.relations.get(key);
    if (!view) return;
    const before = formatQualifiedName({ schema: view.schema, name: rename.relation?.relname ?? '' });
    for (const read of view.reads) {
      for (const each of schema.relations.get(read)?.dependents ?? [])
        if (each.kind === 'view' && each.name === before) each.name = key;
    }
  }
}

function foldDrop(schema: KnownSchema, drop: DropStmt): void {
  if (drop.removeType === 'OBJECT_VIEW' || drop.removeType === 'OBJECT_MATVIEW') {
    for (const relation of schema.relations.values())
      relation.dependents = relation.dependents.filter(
        (each) => each.kind !== 'view' || schema.relations.has(each.name),
      );
  }
  const kind = attached[drop.removeType ?? ''];
  if (!kind) return;
  for (const object of drop.objects ?? []) {
    const parts = strings(asKind(object, 'List')?.items);
    remove(schema, dottedKey(schema, parts.slice(0, -1), schema.relations), kind, parts.at(-1) ?? '');
  }
}

function aroundOf(schema: KnownSchema, range: RangeVar | undefined): NamedRelation {
  const key = relationKey(schema, range);
  return { alias: range?.relname ?? '', schema: range?.schemaname ?? null, key };
}

function replace(
  schema: KnownSchema,
  key: string,
  kind: Kind,
  name: string,
  columns: readonly string[],
): void {
  remove(schema, key, kind, name);
  if (columns.length === 0 && kind !== 'trigger' && kind !== 'policy') return;
  schema.relations.get(key)?.dependents.push({ kind, name, columns: [...columns] });
}

function remove(schema: KnownSchema, key: string, kind: Kind, name: string): void {
  const relation = schema.relations.get(key);
  if (relation)
    relation.dependents = relation.dependents.filter((each) => each.kind !== kind || each.name !== name);
}

import type { IndexStmt, Node } from '@pgsql/types';
import { asKind, stringOf, strings, walkTree } from '../sql/tree';
import { freeConstraintName, freeIndexName } from './default-name';
import {
  relationKey,
  type KnownConstraint,
  type KnownIndex,
  type KnownRelation,
  type KnownSchema,
} from './known-schema';
import { isPlainIndex } from './plain-index';

/** CREATE INDEX, with the indexes it makes on partitions. */
export function foldIndex(schema: KnownSchema, index: IndexStmt, fresh: boolean): void {
  const key = relationKey(schema, index.relation);
  const relation = schema.relations.get(key);
  if (!relation) return;
  const columns = (index.indexParams ?? []).map((node) => asKind(node, 'IndexElem')?.name ?? '');
  const labels = labelsOf([...(index.indexParams ?? []), ...(index.indexIncludingParams ?? [])]);
  const name = index.idxname ?? freeIndexName(schema, key, labels);
  if (relation.indexes.some((each) => each.name === name)) return;
  const made: KnownIndex = {
    name,
    columns,
    labels,
    uses: usedColumns(index),
    computed: columns.includes('') || index.whereClause !== undefined,
    plain: isPlainIndex(index),
    unique: (index.unique ?? false) && !index.whereClause,
    valid: true,
    clustered: false,
    ...(fresh ? { fresh } : {}),
  };
  relation.indexes.push(made);
  if (index.relation?.inh) addToPartitions(schema, relation, made, fresh);
}

/** Gives the partitions below a table what it has got; plain inheritance hands no index on. */
export function addToPartitions(
  schema: KnownSchema,
  relation: KnownRelation,
  index: KnownIndex,
  fresh: boolean,
): void {
  if (relation.kind !== 'partitioned') return;
  for (const child of relation.children) {
    const partition = schema.relations.get(child);
    if (partition) hangOn(schema, child, partition, relation, index, fresh);
  }
}

/** Gives a new partition the indexes and keys of the table above it, unless it has their like (AttachPartitionEnsureIndexes). */
export function inheritIndexes(
  schema: KnownSchema,
  child: string,
  parent: KnownRelation,
  fresh: boolean,
): void {
  const partition = schema.relations.get(child);
  if (!partition) return;
  for (const index of parent.indexes) hangOn(schema, child, partition, parent, index, fresh);
}

/** LIKE ... INCLUDING INDEXES: all of them, by names of the new table. */
export function copyIndexes(schema: KnownSchema, key: string, source: KnownRelation, fresh: boolean): void {
  const relation = schema.relations.get(key);
  if (!relation) return;
  for (const index of source.indexes) give(schema, key, relation, source, index, fresh);
}

function hangOn(
  schema: KnownSchema,
  key: string,
  partition: KnownRelation,
  parent: KnownRelation,
  above: KnownIndex,
  fresh: boolean,
): void {
  const constraint = constraintOf(parent, above);
  const isKey = (table: KnownRelation, name: string): boolean =>
    table.constraints.some((each) => each.name === name && each.kind === constraint?.kind);
  const own = partition.indexes.find(
    (each) => isAlike(each, above) && (!constraint || isKey(partition, each.name)),
  );
  if (!own) give(schema, key, partition, parent, above, fresh);
}

function constraintOf(table: KnownRelation, index: KnownIndex): KnownConstraint | undefined {
  return table.constraints.find((each) => isKeyNamed(each, index.name));
}

function give(
  schema: KnownSchema,
  key: string,
  partition: KnownRelation,
  parent: KnownRelation,
  above: KnownIndex,
  fresh: boolean,
): void {
  const constraint = constraintOf(parent, above);
  const name = constraint
    ? freeConstraintName(schema, key, constraint.kind, above.labels)
    : freeIndexName(schema, key, above.labels);
  const { fresh: _, ...copied } = structuredClone(above);
  const made = { ...copied, name, clustered: false, ...(fresh ? { fresh } : {}) };
  partition.indexes.push(made);
  if (constraint) partition.constraints.push({ ...constraint, columns: [...constraint.columns], name });
  addToPartitions(schema, partition, made, fresh);
}

/** Whether an index of a partition does what one of the table above it does (CompareIndexInfo in index.c). */
export function isAlike(
  index: KnownIndex,
  above: Pick<KnownIndex, 'columns' | 'labels' | 'unique' | 'computed'>,
): boolean {
  const named = (each: typeof above): string => (each.computed ? each.labels : each.columns).join();
  return (
    named(index) === named(above) &&
    index.unique === above.unique &&
    index.computed === above.computed &&
    index.valid
  );
}

/** An index goes, with the constraint it is for and with what hangs on it in partitions. */
export function removeIndex(schema: KnownSchema, relation: KnownRelation, index: KnownIndex): void {
  relation.indexes = relation.indexes.filter((each) => each.name !== index.name);
  relation.constraints = relation.constraints.filter((each) => !isKeyNamed(each, index.name));
  if (relation.kind !== 'partitioned') return;
  for (const child of relation.children) {
    const partition = schema.relations.get(child);
    const own = partition?.indexes.find((each) => isAlike(each, index));
    if (partition && own) removeIndex(schema, partition, own);
  }
}

function isKeyNamed({ kind, name }: KnownConstraint, index: string): boolean {
  return name === index && /^(primary|unique|exclusion)$/.test(kind);
}

/** An index and the constraint it is for always have one name. */
export function renameIndex(relation: KnownRelation, from: string, to: string): void {
  for (const index of relation.indexes) if (index.name === from) index.name = to;
  for (const constraint of relation.constraints) if (isKeyNamed(constraint, from)) constraint.name = to;
}

function usedColumns(index: IndexStmt): string[] {
  const used = new Set<string>();
  for (const node of [...(index.indexParams ?? []), ...(index.indexIncludingParams ?? [])]) {
    const name = asKind(node, 'IndexElem')?.name;
    if (name) used.add(name);
  }
  for (const expression of [index.indexParams, index.whereClause]) {
    walkTree(expression, (kind, fields) => {
      if (kind === 'ColumnRef') used.add(stringOf((fields['fields'] as Node[]).at(-1)));
    });
  }
  return [...used];
}

/** What the columns of an index are called in it, each by another name (ChooseIndexColumnNames in indexcmds.c). */
function labelsOf(elements: readonly Node[]): string[] {
  const labels: string[] = [];
  for (const node of elements) {
    const element = asKind(node, 'IndexElem');
    const first = element?.name ?? (expressionLabel(element?.expr) || 'expr');
    let label = first;
    for (let count = 1; labels.includes(label); count += 1) label = `${first}${count}`;
    labels.push(label);
  }
  return labels;
}

/** FigureColname in parse_target.c, as far as expressions of indexes go. */
function expressionLabel(expression: Node | undefined): string {
  const call = asKind(expression, 'FuncCall');
  if (call) return strings(call.funcname).at(-1) ?? '';
  const column = asKind(expression, 'ColumnRef');
  if (column) return strings(column.fields).at(-1) ?? '';
  const cast = asKind(expression, 'TypeCast');
  if (cast) return expressionLabel(cast.arg) || (strings(cast.typeName?.names).at(-1) ?? '');
  const collated = asKind(expression, 'CollateClause');
  if (collated) return expressionLabel(collated.arg);
  if (asKind(expression, 'CoalesceExpr')) return 'coalesce';
  if (asKind(expression, 'CaseExpr')) return 'case';
  const extreme = asKind(expression, 'MinMaxExpr');
  return extreme ? (extreme.op === 'IS_LEAST' ? 'least' : 'greatest') : '';
}

import { formatQualifiedName } from '../sql/identifier';
import { look, lookAtAll } from './copied-map';
import type { KnownConstraint, KnownIndex, KnownRelation, KnownSchema } from './known-schema';

/** The table an index belongs to, with the index; null where it is not known. */
export function tableOfIndex(schema: KnownSchema, key: string): { table: string; index: KnownIndex } | null {
  // Indexes share their names with tables: a table's name is no index's.
  if (schema.relations.has(key)) return null;
  const isQuoted = key.endsWith('"');
  for (const [table, { schema: owner, indexes }] of look(schema.relations)) {
    const place = indexes.findIndex(
      ({ name }) => (isQuoted || key.endsWith(name)) && formatQualifiedName({ schema: owner, name }) === key,
    );
    if (place >= 0) return { table, index: schema.relations.get(table)!.indexes[place]! };
  }
  return null;
}

/** All partitions and inheriting tables below a relation, as far as they are known. */
export function descendants(schema: KnownSchema, key: string): string[] {
  const found: string[] = [];
  const open = [...(schema.relations.get(key)?.children ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.includes(next)) continue;
    found.push(next);
    open.push(...(schema.relations.get(next)?.children ?? []));
  }
  return found;
}

/** All partitions below a partitioned table; nothing below others, whatever inherits from them. */
export function partitionsOf(schema: KnownSchema, key: string): string[] {
  return schema.relations.get(key)?.kind === 'partitioned' ? descendants(schema, key) : [];
}

/** The relations that hold the rows of a table: itself, or the leaf partitions that are known. */
export function rowHolders(schema: KnownSchema, key: string): string[] {
  const below = descendants(schema, key);
  if (below.length === 0) return [key];
  const leaves = below.filter((child) => schema.relations.get(child)?.kind !== 'partitioned');
  return schema.relations.get(key)?.kind === 'partitioned' ? leaves : [key, ...leaves];
}

/** The default partition of a partitioned table; null where there is none or none is known. */
export function defaultPartition(schema: KnownSchema, key: string): string | null {
  const children = schema.relations.get(key)?.children ?? [];
  return children.find((child) => schema.relations.get(child)?.isDefaultPartition) ?? null;
}

/** Tables with a foreign key to `key`. */
export function referencingTables(schema: KnownSchema, key: string): string[] {
  return relationsThat(schema, ({ constraints }) => {
    for (const { references } of constraints) if (references === key) return true;
    return false;
  });
}

/** Tables with a column of the domain `key`, also through other domains. */
export function tablesWithType(schema: KnownSchema, key: string): string[] {
  const names = new Set([key]);
  for (const [name, type] of look(schema.types)) if (type.base && names.has(type.base.name)) names.add(name);
  return relationsThat(schema, ({ columns }) => columns.some((column) => names.has(column.type.name)));
}

/** Views that DROP COLUMN ... CASCADE takes along: those that read the column, and those over them. */
export function viewsOverColumn(schema: KnownSchema, key: string, column: string): string[] {
  const found = new Set<string>();
  for (const { kind, name, columns } of schema.relations.get(key)?.dependents ?? []) {
    if (kind !== 'view' || !columns.includes(column)) continue;
    for (const view of [name, ...viewsOver(schema, name)]) found.add(view);
  }
  return [...found];
}

/** Sequences that go with a table's columns, or with one of them. */
export function ownedSequences(schema: KnownSchema, key: string, column: string | null = null): string[] {
  return relationsThat(
    schema,
    ({ ownedBy }) => ownedBy?.table === key && (column === null || ownedBy.column === column),
  );
}

/** Keys of the relations of which something is true; they are only looked at. */
function relationsThat(schema: KnownSchema, holds: (relation: KnownRelation) => boolean): string[] {
  const keys: string[] = [];
  lookAtAll(schema.relations, (relation, key) => {
    if (holds(relation)) keys.push(key);
  });
  return keys;
}

/** Tables made OF a composite type. */
export function typedTables(schema: KnownSchema, type: string): string[] {
  return relationsThat(schema, (relation) => relation.ofType === type);
}

/** The columns a foreign key points at; the primary key's where it does not name them. */
export function referencedColumns(schema: KnownSchema, constraint: KnownConstraint): string[] {
  if (!constraint.references || constraint.referencedColumns.length > 0) return constraint.referencedColumns;
  const target = schema.relations.get(constraint.references);
  return target?.constraints.find((each) => each.kind === 'primary')?.columns ?? [];
}

/** Foreign keys that point at a table, or at a column of it, with the tables that have them. */
export function foreignKeysTo(
  schema: KnownSchema,
  key: string,
  column: string | null = null,
): { table: string; constraint: KnownConstraint }[] {
  const found: { table: string; constraint: KnownConstraint }[] = [];
  for (const table of referencingTables(schema, key)) {
    for (const constraint of schema.relations.get(table)!.constraints) {
      if (constraint.references !== key) continue;
      if (column === null || referencedColumns(schema, constraint).includes(column))
        found.push({ table, constraint });
    }
  }
  return found;
}

/** Views and materialized views that read a relation, also through other views. */
export function viewsOver(schema: KnownSchema, key: string): string[] {
  const found: string[] = [];
  const open = [key];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [name, relation] of look(schema.relations)) {
      if (!relation.reads.includes(next) || found.includes(name)) continue;
      found.push(name);
      open.push(name);
    }
  }
  return found;
}

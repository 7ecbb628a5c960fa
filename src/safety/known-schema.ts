import type { Node, RangeVar } from '@pgsql/types';
import { formatQualifiedName } from '../sql/identifier';
import { CopiedMap, copyOf } from './copied-map';

/**
 * What a forecast needs to know of the schema a statement meets: folded from earlier migrations
 * (known-schema-fold.ts) or read from a database (read-known-schema.ts). What is absent is not known.
 */
export interface KnownSchema {
  /** By `schema.name`, quoted as SQL needs it. */
  relations: Map<string, KnownRelation>;
  /** Domains, enums and composite types by `schema.name`. */
  types: Map<string, KnownType>;
  /** The strongest volatility of functions that are not PostgreSQL's own, by `schema.name`. */
  functions: Map<string, Volatility>;
  searchPath: string[];
  /** Whether the session's time zone is UTC; null where it is not known. */
  utc: boolean | null;
  /** Where it was read from; `catalog` gives the forecast that depth. */
  source: 'static' | 'catalog';
}

export type Volatility = 'immutable' | 'stable' | 'volatile';

export interface KnownRelation {
  schema: string;
  name: string;
  kind: 'table' | 'partitioned' | 'view' | 'matview' | 'sequence' | 'foreign-table';
  persistence: 'permanent' | 'unlogged' | 'temporary';
  columns: KnownColumn[];
  constraints: KnownConstraint[];
  indexes: KnownIndex[];
  /** Keys of partitions and inheriting tables. */
  children: string[];
  /** The key of the table it is a partition of. */
  parent: string | null;
  isDefaultPartition: boolean;
  /** Columns of the partition key; null where it is an expression. */
  partitionKey: string[] | null;
  /** Keys of the relations a view reads. */
  reads: string[];
  /** Made by the script that is being forecast: nobody else can see it yet. */
  fresh: boolean;
  /** Live rows and bytes with indexes; null where they are not known. */
  rows: number | null;
  bytes: number | null;
}

export interface KnownColumn {
  name: string;
  type: KnownColumnType;
  notNull: boolean;
  hasDefault: boolean;
  generated: 'stored' | 'virtual' | 'identity' | null;
  collation: string | null;
}

export interface KnownColumnType {
  /** `int4`, `varchar`; `schema.name` for types that are not PostgreSQL's own. */
  name: string;
  modifiers: number[];
  array: boolean;
}

export interface KnownConstraint {
  name: string;
  kind: 'check' | 'foreign' | 'primary' | 'unique' | 'exclusion' | 'not-null';
  columns: string[];
  validated: boolean;
  /** What a CHECK demands, as expressions that must all hold. */
  conjuncts: Node[];
  /** The table a foreign key points at. */
  references: string | null;
}

export interface KnownIndex {
  name: string;
  /** Key columns; an expression is an empty string. */
  columns: string[];
  unique: boolean;
  valid: boolean;
}

export interface KnownType {
  kind: 'domain' | 'enum' | 'composite';
  /** A domain's base type. */
  base: KnownColumnType | null;
  /** Whether a domain has a CHECK or NOT NULL. */
  constrained: boolean;
}

/** A schema of which nothing is known. */
export function emptyKnownSchema(source: KnownSchema['source'] = 'static'): KnownSchema {
  return {
    relations: new Map(),
    types: new Map(),
    functions: new Map(),
    searchPath: ['public'],
    utc: null,
    source,
  };
}

/** Fields of parse trees: nobody changes those. */
const sharedFields = ['conjuncts'];

/**
 * A copy that can be changed without changing the original, which must stay as it is while the copy is in use:
 * each relation is copied when it is first looked at.
 */
export function cloneKnownSchema(schema: KnownSchema): KnownSchema {
  const fields = Object.entries(schema).map(([name, value]: [string, unknown]) => [
    name,
    value instanceof Map
      ? new CopiedMap(value as ReadonlyMap<string, unknown>, sharedFields)
      : copyOf(value, sharedFields),
  ]);
  return Object.fromEntries(fields) as KnownSchema;
}

/** The key of a relation a statement names, looked for along the search path. */
export function relationKey(schema: KnownSchema, range: RangeVar | undefined): string {
  const name = range?.relname ?? '';
  if (range?.schemaname) return formatQualifiedName({ schema: range.schemaname, name });
  return keyAlongPath(schema, name, schema.relations);
}

/** The key of a dotted name: the last part is the object, the one before it its schema. */
export function dottedKey(
  schema: KnownSchema,
  parts: readonly string[],
  among: ReadonlyMap<string, unknown>,
): string {
  const name = parts.at(-1) ?? '';
  const owner = parts.at(-2);
  return owner ? formatQualifiedName({ schema: owner, name }) : keyAlongPath(schema, name, among);
}

function keyAlongPath(schema: KnownSchema, name: string, among: ReadonlyMap<string, unknown>): string {
  const keys = schema.searchPath.map((part) => formatQualifiedName({ schema: part, name }));
  return keys.find((key) => among.has(key)) ?? keys[0] ?? formatQualifiedName({ schema: 'public', name });
}

/** The table an index belongs to, with the index; null where it is not known. */
export function tableOfIndex(schema: KnownSchema, key: string): { table: string; index: KnownIndex } | null {
  for (const [table, relation] of schema.relations) {
    const index = relation.indexes.find(
      (each) => formatQualifiedName({ schema: relation.schema, name: each.name }) === key,
    );
    if (index) return { table, index };
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
  return [...schema.relations]
    .filter(([, relation]) => relation.constraints.some((constraint) => constraint.references === key))
    .map(([table]) => table);
}

/** Tables with a column of the domain `key`, also through other domains. */
export function tablesWithType(schema: KnownSchema, key: string): string[] {
  const names = new Set([key]);
  for (const [name, type] of schema.types) if (type.base && names.has(type.base.name)) names.add(name);
  return [...schema.relations]
    .filter(([, relation]) => relation.columns.some((column) => names.has(column.type.name)))
    .map(([table]) => table);
}

/** Views and materialized views that read a relation, also through other views. */
export function viewsOver(schema: KnownSchema, key: string): string[] {
  const found: string[] = [];
  const open = [key];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [name, relation] of schema.relations) {
      if (!relation.reads.includes(next) || found.includes(name)) continue;
      found.push(name);
      open.push(name);
    }
  }
  return found;
}

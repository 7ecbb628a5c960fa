import type { Node, RangeVar } from '@pgsql/types';
import { formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { Statement } from '../sql/statement';
import { CopiedMap } from './copied-map';

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
  /** Functions and procedures that are not PostgreSQL's own, by `schema.name`: one for each list of input types. */
  routines: Map<string, KnownRoutine[]>;
  /** Keys of the tables a publication was made for, by its name. */
  publications: Map<string, string[]>;
  searchPath: string[];
  /** Whether the session's time zone is UTC; null where it is not known. */
  utc: boolean | null;
  /** Where it was read from; `catalog` gives the forecast that depth. */
  source: 'static' | 'catalog';
}

export interface KnownRoutine {
  /** Its input types as written. */
  signature: string;
  /** How many arguments a call has at least and at most. */
  least: number;
  most: number;
  /** Its own search path; null where it runs with its caller's. */
  searchPath: string[] | null;
  /** The statement that made it; its body is read when it is first asked for. */
  made: Pick<Statement, 'body'>;
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
  /** The column a sequence goes with: of serial, identity and OWNED BY. */
  ownedBy: { table: string; column: string } | null;
  /** The composite type of a typed table. */
  ofType: string | null;
  triggers: KnownTrigger[];
  /** Keys of extended statistics. */
  statistics: string[];
  /** Empty for the database's own. */
  tablespace: string;
  accessMethod: string;
  /** The role it belongs to; absent where that is not known. */
  owner?: string;
  /** What uses columns of it. Triggers and policies are all here, with the columns they name. */
  dependents: KnownDependent[];
  /** Made by the script that is being forecast: nobody else can see it yet. */
  fresh: boolean;
  /** Live rows and bytes with indexes; null where they are not known. */
  rows: number | null;
  bytes: number | null;
}

/** Something that names columns of a relation, so that they can neither change their type nor be dropped. */
export interface KnownDependent {
  kind: 'view' | 'rule' | 'trigger' | 'policy' | 'generated-column' | 'routine';
  /** The key of a view or routine; else the name it has at its relation. */
  name: string;
  columns: string[];
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
  /** False for NOT ENFORCED: nothing is ever checked. */
  enforced: boolean;
  /** What a CHECK demands, as expressions that must all hold. */
  conjuncts: Node[];
  /** The table a foreign key points at. */
  references: string | null;
  /** The columns it points at; empty for the primary key's, where the text does not say. */
  referencedColumns: string[];
  /** What deleting a row does to those that point at it. */
  onDelete: 'refuses' | 'deletes' | 'changes';
}

export interface KnownTrigger {
  name: string;
  /** The key of its function. */
  runs: string;
}

export interface KnownIndex {
  name: string;
  /** Key columns; an expression is an empty string. */
  columns: string[];
  /** What its columns are called in it, included ones too: PostgreSQL makes the names of its like in partitions of them. */
  labels: string[];
  /** All columns it depends on: keys, included ones, those of expressions and of its WHERE. */
  uses: string[];
  /** Whether it has an expression or a WHERE: PostgreSQL then never keeps it when a column's type changes. */
  computed: boolean;
  /** A B-tree of columns in ascending order, with their own collations and the usual operators, of all rows. */
  plain: boolean;
  unique: boolean;
  valid: boolean;
  /** Whether CLUSTER without a name uses it. */
  clustered: boolean;
  /** Made by the script that is being forecast, on a table that was there before. */
  fresh?: boolean;
}

export interface KnownType {
  kind: 'domain' | 'enum' | 'composite' | 'range';
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
    routines: new Map(),
    publications: new Map(),
    searchPath: ['public'],
    utc: null,
    source,
  };
}

/** A relation without columns, owned by nothing, of which nobody knows how big it is. */
export function emptyRelation(
  name: QualifiedName,
  kind: KnownRelation['kind'],
  fresh: boolean,
): KnownRelation {
  return {
    // Field by field: an object that starts as a copy of another is many times as slow to make.
    schema: name.schema,
    name: name.name,
    kind,
    persistence: 'permanent',
    columns: [],
    constraints: [],
    indexes: [],
    children: [],
    parent: null,
    isDefaultPartition: false,
    partitionKey: null,
    reads: [],
    dependents: [],
    ownedBy: null,
    ofType: null,
    triggers: [],
    statistics: [],
    tablespace: '',
    accessMethod: 'heap',
    fresh,
    rows: null,
    bytes: null,
  };
}

/** Fields that are replaced and never changed: of parse trees, parsed statements and the types of columns. */
const sharedFields = ['conjuncts', 'made', 'type'];

/**
 * A copy that can be changed without changing the original, which must stay as it is while the copy is in use:
 * each relation is copied when it is first looked at.
 */
export function cloneKnownSchema(schema: KnownSchema): KnownSchema {
  const copied = <Value>(map: ReadonlyMap<string, Value>): Map<string, Value> =>
    new CopiedMap(map, sharedFields);
  return {
    relations: copied(schema.relations),
    types: copied(schema.types),
    functions: copied(schema.functions),
    routines: copied(schema.routines),
    publications: copied(schema.publications),
    searchPath: [...schema.searchPath],
    utc: schema.utc,
    source: schema.source,
  };
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
  let first: string | null = null;
  for (const part of schema.searchPath) {
    const key = formatQualifiedName({ schema: part, name });
    if (among.has(key)) return key;
    first ??= key;
  }
  return first ?? formatQualifiedName({ schema: 'public', name });
}

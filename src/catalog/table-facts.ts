import type { QualifiedName } from '../sql/identifier';

/** All that the stations need to know of one table, as plain data. Sizes in bytes. Read by readTableFacts. */
export interface TableFacts {
  name: QualifiedName;
  kind: TableKind;
  persistence: 'permanent' | 'unlogged' | 'temporary';
  owner: string;
  comment: string | null;
  /** True when the connected user may ALTER it: owner, member of the owner, or superuser. */
  mayAlter: boolean;
  rows: RowEstimate;
  bytes: TableBytes;
  /** In table order, without dropped ones. */
  columns: ColumnFacts[];
  /** Column names in key order; null without a primary key. */
  primaryKey: string[] | null;
  /** Column names of every valid, non-partial, immediate unique index whose columns are all NOT NULL; the primary key first. */
  uniqueKeys: string[][];
  indexes: IndexFacts[];
  /** CHECK, UNIQUE, PRIMARY KEY, EXCLUDE, FOREIGN KEY, and NOT NULL ones where the server names them (18). */
  constraints: ConstraintFacts[];
  /** Foreign keys of this table. */
  foreignKeysOut: ForeignKeyFacts[];
  /** Foreign keys of other tables (or itself) that point at this table. */
  foreignKeysIn: ForeignKeyFacts[];
  /** Of a partitioned table; null for others. */
  partitioning: PartitioningFacts | null;
  /** The partitioned table this is a partition of. */
  partitionOf: QualifiedName | null;
  /** Parents by INHERITS. */
  inherits: QualifiedName[];
  /** Children by INHERITS, direct ones. */
  inheritedBy: QualifiedName[];
  triggers: TriggerFacts[];
  publications: PublicationFacts[];
  privileges: PrivilegeFacts[];
  replicaIdentity: 'default' | 'nothing' | 'full' | 'index';
  rowSecurity: { enabled: boolean; forced: boolean; policies: PolicyFacts[] };
  /** reloptions, for example `fillfactor=70`. */
  storageParameters: string[];
  dependents: Dependents;
}

export type TableKind = 'table' | 'partitioned-table' | 'foreign-table' | 'view' | 'materialized-view';

export interface RowEstimate {
  /** Summed over the partitions of a partitioned table. */
  count: number;
  /** Where it comes from: ANALYZE's reltuples, the statistics' n_live_tup, or an exact count of a table that had neither and is small. */
  source: 'reltuples' | 'n_live_tup' | 'counted' | 'unknown';
}

/** Exact sizes, summed over the partitions of a partitioned table. */
export interface TableBytes {
  heap: number;
  indexes: number;
  toast: number;
  total: number;
}

export interface ColumnFacts {
  name: string;
  /** As SQL spells it, with modifiers: `character varying(120)`, `app.email`. */
  type: string;
  /** Schema and bare name of the type. */
  typeName: QualifiedName;
  /** For a domain the base type's category: https://www.postgresql.org/docs/current/catalog-pg-type.html#CATALOG-TYPCATEGORY-TABLE */
  typeKind: 'base' | 'composite' | 'domain' | 'enum' | 'pseudo' | 'range' | 'multirange';
  /** Set when it differs from the type's own, quoted as SQL needs it. */
  collation: string | null;
  notNull: boolean;
  /** The DEFAULT expression; null without one, and for generated columns. */
  default: string | null;
  /** The most volatile function in the default; null without one. */
  defaultVolatility: Volatility | null;
  /** What its domain gives it where it has no DEFAULT of its own; absent where there is no such domain. */
  domainDefault?: { expression: string; volatility: Volatility };
  identity: 'always' | 'by-default' | null;
  /** The expression of a generated column. */
  generated: { kind: 'stored' | 'virtual'; expression: string } | null;
  comment: string | null;
  /** Share of NULLs by ANALYZE, 0 to 1; null where there are no statistics. */
  nullFraction: number | null;
  /** Average width in bytes by ANALYZE; null where there are no statistics. */
  averageWidth: number | null;
  statisticsTarget: number | null;
}

export type Volatility = 'immutable' | 'stable' | 'volatile';

export interface IndexFacts {
  name: QualifiedName;
  /** CREATE INDEX ..., as pg_get_indexdef gives it. */
  definition: string;
  method: string;
  unique: boolean;
  primary: boolean;
  valid: boolean;
  /** Plain columns in it, in order: key columns, then INCLUDE ones. */
  columns: string[];
  /** Columns that its expressions or predicate use. */
  expressionColumns: string[];
  partial: boolean;
  /** The constraint it belongs to. */
  constraint: string | null;
  bytes: number;
}

export interface ConstraintFacts {
  name: string;
  kind: 'check' | 'unique' | 'primary-key' | 'exclusion' | 'foreign-key' | 'not-null' | 'trigger';
  /** As pg_get_constraintdef gives it. */
  definition: string;
  columns: string[];
  validated: boolean;
  deferrable: boolean;
  deferred: boolean;
  inherited: boolean;
  comment: string | null;
}

export interface ForeignKeyFacts {
  name: string;
  /** The referencing table and its columns. */
  from: QualifiedName;
  fromColumns: string[];
  /** The referenced table and its columns, in the same order. */
  to: QualifiedName;
  toColumns: string[];
  definition: string;
  validated: boolean;
  comment?: string | null;
}

export interface PartitioningFacts {
  strategy: 'range' | 'list' | 'hash';
  /** As pg_get_partkeydef gives it: `RANGE (created_at)`. */
  key: string;
  /** All partitions below it, of every level. */
  count: number;
  /** The partitions that hold rows, in name order. */
  leaves: QualifiedName[];
  defaultPartition: QualifiedName | null;
}

export interface TriggerFacts {
  name: string;
  /** CREATE TRIGGER ..., as pg_get_triggerdef gives it. */
  definition: string;
  function: QualifiedName;
  enabled: 'origin' | 'disabled' | 'replica' | 'always';
  comment?: string | null;
  /** Columns of UPDATE OF, and those its WHEN condition uses. */
  columns: string[];
}

export interface PublicationFacts {
  name: string;
  /** How the table came in. */
  by: 'table' | 'schema' | 'all-tables';
  /** Published columns; null means all. */
  columns: string[] | null;
  /** The row filter, if any. */
  rowFilter: string | null;
}

export interface PrivilegeFacts {
  grantee: string;
  privilege: string;
  /** null: on the whole table. */
  column: string | null;
  grantable: boolean;
}

export interface PolicyFacts {
  name: string;
  command: 'all' | 'select' | 'insert' | 'update' | 'delete';
  permissive: boolean;
  roles: string[];
  using: string | null;
  withCheck: string | null;
  columns: string[];
}

/** What depends on the table's columns; each entry names the columns it uses. */
export interface Dependents {
  views: ViewDependent[];
  routines: RoutineDependent[];
  policies: { name: string; table: QualifiedName; columns: string[] }[];
  generatedColumns: { column: string; columns: string[] }[];
  triggers: { name: string; columns: string[] }[];
  statistics: { name: QualifiedName; columns: string[]; definition: string }[];
  /** Partial indexes and indexes on expressions. */
  expressionIndexes: { name: QualifiedName; columns: string[]; definition: string }[];
  checks: { name: string; columns: string[]; definition: string }[];
  rules: { name: string; columns: string[]; definition: string }[];
  /** Sequences owned by a column. */
  sequences: { name: QualifiedName; columns: string[] }[];
}

export interface ViewDependent {
  name: QualifiedName;
  kind: 'view' | 'materialized-view';
  /** The query, as pg_get_viewdef gives it. */
  definition: string;
  /** reloptions of the view, for example `security_barrier=true`; CREATE OR REPLACE VIEW loses them unless named. */
  options?: string[];
  owner: string;
  /** 1 reads the table itself, 2 reads a view that does... */
  depth: number;
  /** Columns of the table that it uses; for depth > 1 those of the views it reads. */
  columns: string[];
}

export interface RoutineDependent {
  name: QualifiedName;
  /** `schema.name(argument types)`. */
  signature: string;
  kind: 'function' | 'procedure' | 'aggregate';
  language: string;
  /** CREATE OR REPLACE FUNCTION ..., as pg_get_functiondef gives it; absent for aggregates. */
  definition?: string;
  columns: string[];
  /** True when the catalog records the dependency; false when its text mentions the names. */
  certain: boolean;
}

/** The dependents that use one column. */
export function dependentsOfColumn(dependents: Dependents, column: string): Dependents {
  const uses = (dependent: { columns: string[] }): boolean => dependent.columns.includes(column);
  return {
    views: dependents.views.filter(uses),
    routines: dependents.routines.filter(uses),
    policies: dependents.policies.filter(uses),
    generatedColumns: dependents.generatedColumns.filter(uses),
    triggers: dependents.triggers.filter(uses),
    statistics: dependents.statistics.filter(uses),
    expressionIndexes: dependents.expressionIndexes.filter(uses),
    checks: dependents.checks.filter(uses),
    rules: dependents.rules.filter(uses),
    sequences: dependents.sequences.filter(uses),
  };
}

/** How many there are in all. */
export function countDependents(dependents: Dependents): number {
  const lists = Object.values(dependents) as unknown[][];
  return lists.reduce((sum, list) => sum + list.length, 0);
}

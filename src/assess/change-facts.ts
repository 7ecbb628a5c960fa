import type { TableFacts, Volatility } from '../catalog/table-facts';
import type { Forecast } from '../safety/forecast';
import type { QualifiedName } from '../sql/identifier';
import type { AttributeFacts } from './attribute-facts';
import type { ColumnReplacementFacts } from './column-replacement-facts';
import type { EnumMoveFacts } from './enum-move-facts';
import type { CompositeType } from './composite-type';
import type { CopiedColumn } from './copied-column';
import type { MovedColumnsFacts } from './moved-columns';
import type { MovedToDatabase } from './move-to-database';
import type { OwnType } from './own-type';
import type { PartitionedTable } from './partitioned-table';
import type { RebuiltViews } from './rebuilt-views';
import type { ReplacedMaterializedView } from './replaced-materialized-view';
import type { ReplacedRoutine } from './replaced-routine';
import type { ReplacedView } from './replaced-view';
import type { SplitTableFacts } from './split-table';
import type { TypeChangeFacts } from './type-change-facts';
import type { WidenedKey } from './widened-key';

/** What only some kinds of change need to know; each is absent for the others. */
export interface ChangeFacts {
  /** What the server says of a new column's type and value. */
  newColumn?: NewColumnFacts;
  /** What a view has to mind that stands in a table's place. */
  standInView?: StandInViewFacts;
  /** How often the table was read and written until now, since statistics began. */
  tableUse?: { reads: number; writes: number };
  /** The index that identifies rows now, the publications that send updates or deletes, and the columns of the new index. */
  replicaIdentity?: { index: string | null; publishing: string[]; key: string[] };
  /** The table that is attached or detached. */
  partition?: PartitionFacts;
  /** What becomes of the values of a column whose type changes. */
  typeChange?: TypeChangeFacts;
  /** What goes along to a second column and is in none of its definitions. */
  copiedColumn?: CopiedColumn;
  /** Of columns that take the place of others. */
  columnReplacement?: ColumnReplacementFacts;
  /** Schemas in which the session that looked finds functions and operators. */
  schemas?: string[];
  /** Names that what the change makes must not have: of relations in the schemas of new indexes, of statistics. */
  takenNames?: string[];
  /** What lies below a partitioned table. */
  partitions?: PartitionNode[];
  /** The index that goes or whose constraint does, and those of partitions below it, parents first. */
  indexParts?: IndexPart[];
  /** What a definition of extended statistics leaves out; `target` is null where none was set. */
  statistics?: { comment: string | null; owner: string; target: number | null };
  /** How much is gathered of a column, of the table first and of those below it; -1 is the server's default. */
  statisticsTargets?: { table: QualifiedName; target: number }[];
  /** Routines whose text holds the name that a constraint has. */
  namingRoutines?: string[];
  /** The same constraint of the table and of those below it, parents first. */
  constraintParts?: ConstraintPart[];
  /** The table that becomes partitioned. */
  partitionedTable?: PartitionedTable;
  /** The table whose columns get one of their own. */
  splitTable?: SplitTableFacts;
  /** The table that gets columns of this one. */
  movedColumns?: MovedColumnsFacts;
  /** The table that goes to another database. */
  movedToDatabase?: MovedToDatabase;
  /** The steps that SQL of one's own is cut into. */
  rawSteps?: RawStep[];
  /** The view whose query changes. */
  replacedView?: ReplacedView;
  /** The view whose columns change, with those over it. */
  rebuiltViews?: RebuiltViews;
  /** The materialized view whose query changes. */
  replacedMaterializedView?: ReplacedMaterializedView;
  /** The function whose definition changes. */
  replacedRoutine?: ReplacedRoutine;
  /** The enum or domain that changes. */
  ownType?: OwnType;
  /** What is known of the enum whose column moves to another type. */
  enumMove?: EnumMoveFacts;
  /** What spells a value of the enum as text, as the server describes it. */
  valueTexts?: string[];
  /** The composite type that changes. */
  compositeType?: CompositeType;
  /** Its attribute that changes. */
  attribute?: AttributeFacts;
  /** The columns that a new foreign key refers to. */
  referencedColumns?: string[];
  /** All that becomes wider with a primary key. */
  widenedKey?: WidenedKey;
}

/** What brings an index back as it was, beside its table. */
export interface IndexPart {
  name: QualifiedName;
  table: QualifiedName;
  /** CREATE INDEX ..., with ON ONLY where the table is partitioned. */
  definition: string;
  /** The index it is attached to. */
  parent: QualifiedName | null;
  /** Whether it has rows itself. */
  leaf: boolean;
  comment: string | null;
  tablespace: string | null;
  /** What WITH sets: `fillfactor='70'`. */
  options: string[];
  /** Whether its table is marked to be clustered by it. */
  clustered: boolean;
  /** The comment of the constraint that it belongs to. */
  constraintComment: string | null;
  /** Statistics targets by the number of the column. */
  statistics: { column: number; target: number }[];
}

/** What brings a constraint back as it was, on the table itself or on one below it. */
export interface ConstraintPart {
  table: QualifiedName;
  name: string;
  comment: string | null;
  validated: boolean;
  /** Whether the table has rows itself. */
  leaf: boolean;
}

/** Statements of one's own that go together. */
export interface RawStep {
  /** Whether PostgreSQL refuses them in a transaction. */
  alone: boolean;
  /** Whether code written for the schema before does not survive it, or what comes before it. */
  leaves: boolean;
  /** Each with the comments before it, without its semicolon. */
  statements: string[];
  /** null where a person has to say how they are taken back. */
  rollback: string[] | null;
  /** Conditions over the catalog that are true when it is done; none where the catalog does not tell. */
  holds: string[];
  forecast: Forecast;
}

/** A table below a partitioned one. `branch`: partitioned itself. */
export interface PartitionNode {
  name: QualifiedName;
  parent: QualifiedName;
  kind: 'leaf' | 'branch' | 'foreign';
}

export interface PartitionFacts {
  facts: TableFacts;
  /** `FOR VALUES ...` or `DEFAULT`. */
  bound: string;
  /** What the bound says of each row, with those of the tables above; null for a default partition that is the only one. */
  condition: string | null;
  /** What the bound alone says, of one that is attached: the default partition is held to that. */
  ownCondition?: string;
}

export interface StandInViewFacts {
  /** Whom default privileges give rights on what the user creates in that schema; `public` is everybody. */
  defaultGrantees: string[];
  /** Signatures of the routines whose text names the table: they read and write through the view until it goes. */
  routines: string[];
}

/** What a kind of change found out for itself. */
export interface ChangeFindings extends ChangeFacts {
  /** What stops it, each with the way out. */
  blockers: string[];
}

/** What decides how a new column can be added. */
export interface NewColumnFacts {
  /** The type as the server spells it. */
  type: string;
  /** The most volatile function in the fill's expression, by pg_proc.provolatile. */
  volatility: Volatility;
  /** Columns the expression reads. */
  columns: string[];
  /** Schemas, besides pg_catalog, of the functions it calls and of the type: the trigger's search_path needs them. */
  schemas: string[];
  /** Set for a domain with constraints: a column of one cannot be added without rewriting the table. */
  domain: DomainFacts | null;
  /** Whether the type is a domain with a default, which a column of it has unless it has one of its own. */
  typeHasDefault?: boolean;
}

export interface DomainFacts {
  baseType: string;
  notNull: boolean;
  /** As pg_get_constraintdef gives them: `CHECK ((VALUE > 0))`. */
  checks: { name: string; definition: string }[];
}

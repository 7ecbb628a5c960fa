import type { Environment } from '../database/connection';
import type { TableFacts } from '../catalog/table-facts';
import type { MigrationTypeId } from '../documents/migration-types';
import type { WorkRates } from '../safety/forecast/work-rates';
import type { BatchSample } from './batch-sample';
import type { Change, SingleChange } from './change';
import type { CodeAccess } from './code-access';
import type { Dependencies } from './dependencies/dependencies';
import type { TableLoad } from './load/load-facts';
import type { Research } from './research/research';
import type { ChangeFacts } from './change-facts';

/** What is there: everything the plan is built on, as plain data with its evidence. */
export interface Assessment extends ChangeFacts {
  change: Change;
  /** ISO 8601, UTC. */
  takenAt: string;
  database: AssessedDatabase;
  server: ServerFacts;
  table: TableFacts;
  /** null for what has no rows of its own. */
  load: TableLoad | null;
  /** What uses what changes; null where nothing that is there does. */
  dependencies: Dependencies | null;
  codeReferences: CodeReferences;
  migrationType: MigrationType;
  risk: Risk;
  /** Set where the user may create nothing in the table's schema. */
  mayCreate?: false;
  /** What stops the recipe; each sentence says what to do about it. Empty when nothing does. */
  blockers: string[];
  /** What others know of a change like this; absent where nobody looked. */
  research?: Research;
  /** How fast this server works, as far as it was measured; absent where it never was. */
  rates?: WorkRates;
  /** Batches that were tried on the tables, and taken back; absent where nobody asked for it. */
  samples?: BatchSample[];
  /** The folder whose migrations made what was read, where the database has the beginning of the change already. */
  fromMigrations?: string;
  /** Of several changes each by itself; absent for one. What stands beside it is about all of them. */
  parts?: PartAssessment[];
}

/** What is there for one change. */
export interface PartAssessment extends Assessment {
  change: SingleChange;
  /** Whether it is about what other changes of the same plan make: read where their first steps were done. */
  needsOthers?: true;
}

export interface AssessedDatabase {
  /** `shop on localhost:5432`. */
  label: string;
  name: string;
  environment: Environment;
  engine: 'postgres' | 'pglite';
}

export interface ServerFacts {
  version: string;
  major: number;
  databaseBytes: number;
  /** null where the user may not see pg_stat_replication. */
  replicas: Replica[] | null;
  slots: ReplicationSlot[];
  longTransactions: LongTransaction[];
  /** Who was connected to the database meanwhile, Switchback left out. */
  clients: SeenClient[];
  disk: DiskNeed;
  /** max_locks_per_transaction * max_connections, against the locks the change needs. */
  lockSlots: { available: number; needed: number };
}

export interface Replica {
  name: string;
  state: string;
  /** Bytes of WAL not yet replayed there; null when unknown. */
  lagBytes: number | null;
  lagMilliseconds: number | null;
}

/** What keeps WAL for somebody who reads it. */
export interface ReplicationSlot {
  name: string;
  /** Whether somebody reads it now. */
  active: boolean;
  /** WAL kept for it, in bytes; null when unknown. */
  keptBytes: number | null;
}

/** Sessions of one application under one role. */
export interface SeenClient {
  /** application_name; null where it is empty. */
  application: string | null;
  user: string;
  sessions: number;
}

export interface LongTransaction {
  pid: number;
  user: string;
  application: string;
  state: string;
  /** Age of the transaction, ms. */
  milliseconds: number;
  query: string;
}

/** Bytes the change needs. Free space cannot be read by SQL: a command or the user's word gives it. */
export interface DiskNeed {
  heapBytes: number;
  indexBytes: number;
  walBytes: number;
  freeBytes: number | null;
}

export interface CodeReferences {
  references: CodeReference[];
  filesSearched: number;
  /** True when the search stopped at its limit. */
  truncated: boolean;
}

export interface CodeReference {
  /** Relative to the workspace folder, with `/`. */
  path: string;
  /** From 1. */
  line: number;
  column: number;
  text: string;
  mentions: 'table' | 'column' | 'both';
  /** What is done there, as far as words tell. */
  access: CodeAccess;
}

export type { MigrationTypeId };

/** Which kind of migration it is, with its usual complexity, risk and duration. */
export interface MigrationType {
  id: MigrationTypeId;
  title: string;
  complexity: Level;
  risk: Level;
  duration: string;
  why: string;
}

export type Level = 'low' | 'medium' | 'high' | 'very-high';

export interface Risk {
  level: Level;
  reasons: RiskReason[];
}

export interface RiskReason {
  id: string;
  level: Level;
  /** What may go wrong. */
  sentence: string;
  /** What was seen: numbers, names. */
  evidence: string;
  /** What the plan does about it. */
  mitigation: string;
}

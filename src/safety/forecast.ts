import type { Position } from '../sql/statement';

/** PostgreSQL's own names, weakest first: https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES */
export const lockModes = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
] as const;
export type LockMode = (typeof lockModes)[number];

/** Kinds of work, lightest first. */
export const workKinds = ['none', 'catalog', 'scan', 'index-build', 'rewrite'] as const;
export type Work = (typeof workKinds)[number];
/** How much was known, least first. */
export const depths = ['static', 'catalog', 'measured'] as const;
export type Depth = (typeof depths)[number];

/** What one statement will do. Lock, work and compatibility are separate facts, never one colour. */
export interface Forecast {
  index: number;
  kind: string;
  start: Position;
  end: Position;
  direction: 'up' | 'down';
  /** On tables, views and sequences, and on indexes whose table is not locked. */
  locks: RelationLock[];
  /** On indexes whose table is locked too: who waits for them waits for the table, or only plans a query. */
  indexLocks: RelationLock[];
  /** The strongest of `works`, in the order none < catalog < scan < index-build < rewrite. */
  work: Work;
  workOn: string[];
  works: { kind: Work; relation: string }[];
  /** What others cannot do to the locked relations meanwhile. */
  blocks: ('reads' | 'writes' | 'ddl')[];
  /** Whether it may run inside a transaction block. */
  transactional: boolean;
  /** Whether application code written for the schema before survives it. */
  compatible: boolean;
  /** Whether what it removes can come back. */
  dataRecoverable: boolean;
  /** How long the strongest lock is held for this statement's own work; null where unknown. */
  holdMilliseconds: { low: number; high: number } | null;
  depth: Depth;
  /** What could not be known, in words. */
  notes: string[];
}

export interface RelationLock {
  /** `schema.name`, quoted as SQL needs it. */
  relation: string;
  mode: LockMode;
}

import type { Environment } from '../database/connection';
import type { Session, SessionFactory } from '../database/session';
import type { Direction, Layout, Migration, MigrationScript } from '../layouts/layout';
import type { Evidence, Plan, Step } from '../plan/plan';
import type { Clock } from '../ports/clock';
import type { SqlParser } from '../sql/parser';
import type { WrittenApprovals } from './gate-approval';
import type { GateLimits } from './gate-request';
import type { OnRunEvent, RunControl } from './run-event';

/** What applying or rolling back a plan is given. */
export interface RunContext {
  plan: Plan;
  sessions: SessionFactory;
  environment: Environment;
  /** The database's name as the user typed it; needed on production. */
  confirmedDatabase: string | null;
  /** Who runs it, for records. */
  by: string;
  /** What is on record for this database: confirmations, waivers, results. */
  evidence: readonly Evidence[];
  /** The plan's hash that approval and rehearsal must have been given for; null where none is kept. */
  contentHash: string | null;
  /** Of the migrations before the plan, which a rehearsal must have begun with; null where that is not asked. */
  historyHash?: string | null;
  /** Titles of prerequisites nobody has settled. */
  openPrerequisites?: readonly string[];
  /** What plan.md itself says of its approvals. */
  approvals?: WrittenApprovals;
  /** The file of the team's layout a step was released into; null while it is held or has none. */
  released(step: Step): Promise<ReleasedFile | null>;
  /** Confirmations of deploy steps, by step id: released when applying, taken back when rolling back. */
  confirmations: ReadonlyMap<string, Confirmation>;
  /** Ends wait steps now; never on production. */
  shortenWaits: boolean;
  parser: SqlParser;
  control: RunControl;
  onEvent: OnRunEvent;
  clock: Clock;
  signal: AbortSignal;
  limits?: GateLimits;
}

export interface Confirmation {
  by: string;
  /** ISO 8601, UTC. */
  at: string;
  note: string;
}

/** A migration of the team's folder, with what is needed to run it as its tool would. */
export interface ReleasedFile {
  layout: Layout;
  migration: Migration;
  /** All migrations of the folder, in order. */
  siblings: readonly Migration[];
  /** The folder relative to the workspace, with `/`. */
  directory: string;
  up: MigrationScript | null;
  down: MigrationScript | null;
  /** Has the tool run it; only where the migration is code. */
  byTool?: (direction: Direction) => Promise<void>;
}

/** A run that holds the plan's lock on this database: what each step is carried out with. */
export interface HeldRun extends RunContext {
  /** The session steps run on. */
  session: Session;
  /** A second session, to look at what the first waits for. */
  watch: Session;
  records: StepRecords;
}

/** What is recorded of the steps in the schema `switchback`. Every write checks the fencing token. */
export interface StepRecords {
  /** Locks the run's row and throws `fenced-off` when another runner has taken over; inside a transaction. */
  lock(session: Session): Promise<void>;
  /** That a step is about to start; committed before it does anything that a rollback would not take back. */
  intend(session: Session, step: string): Promise<void>;
  set(session: Session, step: string, change: StepChange): Promise<void>;
}

export interface StepChange {
  state: 'paused' | 'done' | 'failed' | 'rolled-back';
  /** `switchback`, `tool`, or the person who confirmed it. */
  by?: string;
  error?: string | null;
}

import type { Environment } from '../../database/connection';
import type { HistoryTable, LayoutId } from '../../layouts/layout';
import type { BackfillSpec, GateKind, PhaseName, Step } from '../../plan/plan';

/** What the bash scripts of a plan, or of a few chosen migrations, are written from. Paths have `/`. */
export interface ScriptSet {
  /** The plan's id, or one of the set's own: first key of every record in the schema `switchback`, and of the advisory lock. */
  id: string;
  title: string;
  /** What approvals and rehearsals are given for; '' where there is no plan to approve. */
  hash: string;
  layout: LayoutId;
  /** The tool's history table where it is another than its usual one. */
  historyTable?: HistoryTable | null;
  /** The team's folder, relative to the workspace. */
  migrationsFolder: string;
  /** From the folder of the scripts to the workspace. */
  toWorkspace: string;
  options: ScriptOptions;
  noReturn: { step: string; why: string } | null;
  /** Tables the steps write to, as SQL names them: for the last backup. */
  tables: string[];
  /** Those whose rows may all be written again: for the size and the privileges. */
  rewritten: string[];
  steps: ScriptStep[];
}

export interface ScriptOptions {
  lockTimeoutMilliseconds: number;
  batchMilliseconds: number;
  batchRows: number;
  /** VACUUM after each such share of the rows, 0 to 1; 0 never. */
  vacuumShare: number;
}

/** One step as scripts carry it out. Files are relative to the plan's folder unless said otherwise. */
export interface ScriptStep {
  id: string;
  kind: Step['kind'];
  phase: PhaseName;
  title: string;
  /** What a person has to do, for a deployment; the reason, for a wait; else what it does. */
  instructions: string;
  /** What a person has to do to take it back. */
  rollbackInstructions: string;
  rollback: 'sql' | 'nothing' | 'no-return';
  rollbackFile: ScriptFile | null;
  /** Why there is nothing to do, or nothing that comes back. */
  rollbackWhy: string;
  gates: Record<Environment, GateKind[]>;
  /** The file executed, with its SHA-256; null for steps without SQL of their own. */
  forward: ScriptFile | null;
  verify: (ScriptFile & { expectation: string }) | null;
  /** The step from which on `verify` need not hold any more; empty where none ends it. */
  verifyUntil: string;
  checks: (ScriptFile & { title: string })[];
  /** True where it may be tried on a connected database and rolled back. */
  quick: boolean;
  /** statement_timeout is off for it: it reads the whole table. */
  validates: boolean;
  /** Its files begin and end transactions by themselves: they are run as they are written, and recorded after. */
  asWritten: boolean;
  /** Days to wait after the step before. */
  days: number;
  /** SQL that refuses a transaction. */
  outside: { forward: string; rollback: string } | null;
  backfill: BackfillSpec | null;
  /** Taking it back runs the same backfill once more. */
  backfillAgain: boolean;
  /** For steps that become files of the team's layout. */
  migration: ScriptMigration | null;
}

export interface ScriptFile {
  file: string;
  sha256: string;
}

/** How a step's migration file is called; in the workspace already, or held until it is its turn. */
export interface ScriptMigration {
  /** Recorded in the tool's history. */
  name: string;
  /** Relative to the migrations folder, what follows the version: `_add_name.up.sql`. */
  upSuffix: string;
  downSuffix: string;
  /** Lines before the text of a file that refuses a transaction. */
  prefix: string;
  /** Digits of a version in a folder that has none yet. */
  width: number;
  heldUp: string;
  heldDown: string;
  /** The held files as they were written, while they are. */
  held: { file: string; sha256: string }[];
  /** Known for migrations chosen from the workspace: version and paths relative to the workspace. */
  existing: { version: string; up: string; upSha256: string; down: string | null } | null;
}

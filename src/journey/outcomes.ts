import type { PlanAnswers } from '../assess/plan-answers';
import type { Prerequisite } from '../assess/prerequisites';
import type { Gate, PhaseName, Plan, PlanProgress, Step } from '../plan/plan';
import type { LintedScript } from '../safety/lint';
import type { Database } from './database';

/** What scaffolding did; absolute paths. */
export interface ScaffoldOutcome {
  planFolder: string;
  written: string[];
  /** Already as generated. */
  unchanged: string[];
  /** Edited by a person and left as they are. */
  kept: string[];
  /** What people said of the plan, before or now, and how its prerequisites stand. */
  answers: PlanAnswers;
  prerequisites: Prerequisite[];
}

export interface ReleaseOutcome {
  phase: PhaseName;
  /** Absolute paths of the migration files written. */
  written: string[];
}

/** Where a plan stands on the connected database. */
export interface PlanStanding {
  plan: Plan;
  /** Absolute path of the plan's folder. */
  planFolder: string;
  progress: PlanProgress;
  /** The gates of the next step, each with its reason. */
  gates: Gate[];
  /** The step that comes next; null when there is none. */
  next: Step | null;
  /** Whether the next step's file still lies under `held/` and must be released first. */
  needsRelease: PhaseName | null;
}

export interface AppliedOutcome {
  version: string;
  name: string;
  milliseconds: number;
}

export interface LintResult {
  files: LintedFile[];
}

export interface LintedFile extends LintedScript {
  /** Absolute path. */
  path: string;
  /** The text of statements that do not stand in the file, by their index: what a tool sends for calls of its builder. */
  sent?: ReadonlyMap<number, string>;
}

/** A database with no installation, and what it cannot do. */
export interface EmbeddedDatabase {
  database: Database;
  engine: 'postgres' | 'pglite';
  version: string;
  /** Sentences; empty for a real server. */
  limits: string[];
  /** Stops what was started; the data stays. */
  dispose(): Promise<void>;
}

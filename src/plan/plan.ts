import type { Change, SingleChange } from '../assess/change';
import { partsOf } from '../assess/several-changes';
import type { BackfillRow, RunState, StepRecord } from '../database/run-record';
import type { LayoutId } from '../layouts/layout';
import type { LockMode, Work } from '../safety/forecast';
import type { QualifiedName } from '../sql/identifier';

export type PhaseName = 'expand' | 'migrate' | 'contract';
export const phaseNames: readonly PhaseName[] = ['expand', 'migrate', 'contract'];

export type PlanState = RunState;

export type StepState = StepRecord['state'];

/** What will be done: three phases of steps. Plain data; the front matter of plan.md holds it. */
export interface Plan {
  /** `<yyyymmdd>-<slug>`, also the plan folder's name. */
  id: string;
  title: string;
  /** ISO 8601, UTC. */
  createdAt: string;
  change: Change;
  /** The recipe's id. */
  recipe: string;
  /** Where the migrations go; `folder` is relative to the workspace folder, with `/`. */
  layout: { id: LayoutId; folder: string };
  serverMajor: number;
  options: PlanOptions;
  strategy: Strategy;
  phases: Phase[];
  /** null: every step can be taken back without losing data. */
  pointOfNoReturn: { step: string; why: string } | null;
}

export interface PlanOptions {
  /** Target time of one backfill batch, ms: the longest a client waits for a row. */
  batchMilliseconds: number;
  /** Rows of the first batch; later ones follow the target time. */
  batchRows: number;
  /** VACUUM after each such share of the rows, 0 to 1; 0 never. */
  vacuumShare: number;
  /** Days between switch and contract. */
  deprecationDays: number;
  /** lock_timeout of transactional steps, ms. */
  lockTimeoutMilliseconds: number;
  strategy: Strategy['kind'];
  /** Of a rename: what writes both columns until the new name is everywhere. */
  dualWrite: DualWriter;
  /** Of a rename whose trigger writes both: whether reading and writing the new name are one release or two. */
  deploySteps: DeploySteps;
}

export const dualWriters = ['trigger', 'application'] as const;
export type DualWriter = (typeof dualWriters)[number];

export const deployStepChoices = ['one', 'separate'] as const;
export type DeploySteps = (typeof deployStepChoices)[number];

export const defaultPlanOptions: PlanOptions = {
  batchMilliseconds: 50,
  batchRows: 1000,
  vacuumShare: 0.1,
  deprecationDays: 30,
  lockTimeoutMilliseconds: 500,
  strategy: 'incremental',
  dualWrite: 'trigger',
  deploySteps: 'one',
};

export interface Strategy {
  kind: 'big-bang' | 'incremental' | 'blue-green' | 'strangler-fig';
  why: string;
  /** Why not the others. */
  alternatives: { kind: Strategy['kind']; why: string }[];
}

export interface Phase {
  name: PhaseName;
  /** What this phase reaches, in one sentence. */
  goal: string;
  steps: Step[];
}

export type StepKind = Step['kind'];
export type Step = SqlStep | BackfillStep | DeployStep | CheckStep | WaitStep;

interface StepBase {
  /** `NN-slug`, unique in the plan, in order of execution. */
  id: string;
  title: string;
  /** What it does and why, one or two sentences. */
  action: string;
  /** Proves the step had its effect; null only for a wait. */
  verification: Verification | null;
  gates: GateKind[];
  /** The strongest lock and how long it should be held on this table; null for steps without SQL. */
  forecast: StepForecast | null;
}

/** `migration`: a transactional file of the layout. `concurrent`, `vacuum`: SQL that refuses a transaction. */
export interface SqlStep extends StepBase {
  kind: 'migration' | 'concurrent' | 'vacuum';
  forward: string;
  rollback: Rollback;
}

export interface BackfillStep extends StepBase {
  kind: 'backfill';
  backfill: BackfillSpec;
  rollback: Rollback;
  /** The way back runs the same backfill once more, in batches; the rollback's SQL is for who does it by hand. */
  againOnRollback?: boolean | undefined;
}

/** No SQL: the application must be released. Done by a dated confirmation or by evidence. */
export interface DeployStep extends StepBase {
  kind: 'deploy';
  /** What the application must do from this release on. */
  instructions: string;
  /** What to do to go back. */
  rollbackInstructions: string;
  /** How code that does it may look; null where there is nothing to show. */
  sample: CodeSample | null;
}

/** A change of application code, as an example: with the user's names, in one language. */
export interface CodeSample {
  /** As Markdown names it after a fence. */
  language: string;
  before: string;
  after: string;
}

export interface CheckStep extends StepBase {
  kind: 'check';
  checks: Check[];
}

export interface WaitStep extends StepBase {
  kind: 'wait';
  /** Counted from the end of the step before. */
  days: number;
  why: string;
}

export type Rollback =
  | { kind: 'sql'; sql: string }
  /** Nothing to do: what the step made goes with an earlier step's rollback. */
  | { kind: 'nothing'; why: string }
  | { kind: 'no-return'; why: string };

/** A query of one row with a boolean column `holds`, and what it proves. */
export interface Verification {
  sql: string;
  expectation: string;
}

/** A query of one row with `holds boolean` and `detail text`. */
export interface Check {
  id: string;
  title: string;
  sql: string;
}

export interface StepForecast {
  lock: LockMode | null;
  relation: string | null;
  work: Work;
  /** ms; null where it cannot be known. */
  holdMilliseconds: { low: number; high: number } | null;
  /** The lens phrase. */
  phrase: string;
}

/** A data change run in batches. Expressions are SQL over the table's own columns, unqualified. */
export type BackfillSpec = UpdateBackfill | CopyBackfill;

/** Each row is changed where it is. */
export interface UpdateBackfill extends WalkedRows {
  /** Absent in plans from before rows could be copied. */
  write?: 'update' | undefined;
  assignments: BackfillValue[];
}

/** Each row is copied to another table, unless it is there: a trigger keeps what is there as the row is. */
export interface CopyBackfill extends WalkedRows {
  write: 'copy';
  into: QualifiedName;
  /** What each column of the copy gets. */
  columns: BackfillValue[];
  /** The unique key of the other table by which a row is there; empty where that is a foreign one, whose server has the keys. */
  conflict: string[];
}

export interface BackfillValue {
  column: string;
  expression: string;
}

interface WalkedRows {
  table: QualifiedName;
  /** Rows still to do, as an SQL predicate; null when every row is done exactly once: by its key, or as a copy. */
  pending: string | null;
  /** How rows are walked: a unique, not-null key in this order, or the physical place. */
  walk: { by: 'key'; columns: string[] } | { by: 'ctid' };
  estimatedRows: number;
}

export const gateKinds = [
  'backup',
  'staging-run',
  'rehearsal',
  'approval',
  'deployed',
  'replica-lag',
  'quiet-hours',
  'long-transactions',
  'disk',
  'soak',
] as const;
export type GateKind = (typeof gateKinds)[number];

/** What must hold before a step may run. */
export interface Gate {
  kind: GateKind;
  state: 'unknown' | 'held' | 'failed' | 'waived';
  /** Why it is in this state, in words. */
  reason: string;
  /** Who waived or confirmed it. */
  by: string | null;
  at: string | null;
}

export interface Evidence {
  gate: GateKind | 'verification' | 'step';
  verdict: 'held' | 'failed' | 'waived' | 'passed';
  at: string;
  by: string;
  server: string;
  database: string;
  contentHash: string | null;
  details: Record<string, string | number | boolean | null>;
}

/** Where the plan stands on one database: a mirror of its `switchback` schema. */
export interface PlanProgress {
  planId: string;
  state: PlanState;
  phase: PhaseName | null;
  steps: StepProgress[];
}

export interface StepProgress {
  id: string;
  state: StepState;
  startedAt: string | null;
  finishedAt: string | null;
  /** `switchback`, `tool`, or the person who confirmed it. */
  by: string | null;
  error: string | null;
  backfill: BackfillProgress | null;
}

export type BackfillState = BackfillRow['state'];

export interface BackfillProgress {
  state: BackfillState;
  rowsDone: number;
  rowsTotal: number;
  batchRows: number;
  /** ms of the last batch. */
  batchMilliseconds: number | null;
  rowsPerSecond: number | null;
  remainingMilliseconds: number | null;
}

/** A plan as one of its changes sees it. */
export type PartPlan<P extends Pick<Plan, 'change'> = Plan> = P & { change: SingleChange };

/** The plan once for each change that it makes: with the same phases. */
export function partPlans<P extends Pick<Plan, 'change'>>(plan: P): PartPlan<P>[] {
  return partsOf(plan.change).map((change) => ({ ...plan, change }));
}

/** All steps of a plan in order. */
export function stepsOf(plan: Pick<Plan, 'phases'>): Step[] {
  return plan.phases.flatMap((phase) => phase.steps);
}

/** The steps before the point of no return: all of them where there is none. */
export function stepsBeforeNoReturn(plan: Pick<Plan, 'phases' | 'pointOfNoReturn'>): Step[] {
  const steps = stepsOf(plan);
  const at = steps.findIndex((step) => step.id === plan.pointOfNoReturn?.step);
  return at === -1 ? steps : steps.slice(0, at);
}

/** The phase a step belongs to; undefined for a step of another plan. */
export function phaseOf(plan: Pick<Plan, 'phases'>, stepId: string): Phase | undefined {
  return plan.phases.find((phase) => phase.steps.some((step) => step.id === stepId));
}

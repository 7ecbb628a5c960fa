import { phaseSchema } from './plan-phases';
import * as v from 'valibot';
import { assessmentSchema } from './assessment-state';
import { toneSchema } from './facts';

/**
 * What the wizard page shows, as one snapshot of plain data. The host words and measures everything;
 * the page only lays it out. Types are inferred from the validators, so both sides hold the same truth.
 */
export const stationIds = ['change', 'assess', 'plan', 'implement', 'verify', 'contract'] as const;
export const stationSchema = v.picklist(stationIds);
export type StationId = v.InferOutput<typeof stationSchema>;

const stepperSchema = v.object({
  id: stationSchema,
  title: v.string(),
  state: v.picklist(['done', 'current', 'open', 'locked']),
});

const connectionSchema = v.object({
  name: v.string(),
  label: v.string(),
  environment: v.picklist(['development', 'staging', 'production']),
  engine: v.string(),
});

const busySchema = v.object({
  message: v.string(),
  /** 0 to 1; null where it cannot be known. */
  share: v.nullable(v.number()),
  cancellable: v.boolean(),
});
export type BusyView = v.InferOutput<typeof busySchema>;

const formFields = {
  /** A recipe's id. */
  kind: v.string(),
  /** `schema.name` as SQL spells it. */
  table: v.string(),
  /** By field, as typed; `yes` for a flag that is set. Fields of other recipes keep theirs. */
  values: v.record(v.string(), v.string()),
};

export const changeDraftSchema = v.object({
  ...formFields,
  /** Changes that the plan makes besides, each as its form was filled in. */
  others: v.optional(v.array(v.object(formFields)), []),
  /** What a plan of it begins with; chosen anew at the Plan station. */
  dualWrite: v.optional(v.picklist(['trigger', 'application']), 'trigger'),
});
export type ChangeDraft = v.InferOutput<typeof changeDraftSchema>;

const changeFieldSchema = v.object({
  id: v.string(),
  label: v.string(),
  control: v.picklist(['pick', 'text', 'choice', 'flag']),
  /** Whether an answer is about the chosen table's parts, so that another table needs another one. */
  of: v.picklist(['table', 'database']),
  hint: v.nullable(v.string()),
  placeholder: v.nullable(v.string()),
  /** How many lines a text has room for; null for one line. */
  lines: v.nullable(v.number()),
  /** The first one of a choice is chosen until another one is. */
  options: v.array(v.object({ value: v.string(), label: v.string(), detail: v.string() })),
});
export type ChangeFieldView = v.InferOutput<typeof changeFieldSchema>;

const changeSchema = v.object({
  draft: changeDraftSchema,
  /** Counts the page's edits, so that an answer to an old edit never overwrites a newer one. */
  revision: v.number(),
  recipes: v.array(
    v.object({ id: v.string(), group: v.string(), title: v.string(), description: v.string() }),
  ),
  /** How it is asked what the change is about: `empty` is the placeholder. */
  subject: v.object({ label: v.string(), empty: v.string(), control: v.picklist(['pick', 'text']) }),
  tables: v.array(v.object({ value: v.string(), detail: v.string() })),
  /** What the recipe of the draft asks for, besides the table. */
  fields: v.array(changeFieldSchema),
  /** By field. */
  problems: v.record(v.string(), v.string()),
  /** The draft's other changes, a sentence each. */
  others: v.array(v.string()),
  /** Whether the form is complete by itself, so that another change may follow it. */
  complete: v.boolean(),
  /** All that the plan makes in one sentence; null until the form is complete. */
  sentence: v.nullable(v.string()),
  /** What a plan of it would do on the connected database; null until that is read. */
  sketch: v.nullable(
    v.object({
      phases: v.array(phaseSchema),
      pointOfNoReturn: v.nullable(v.string()),
      /** What stops it, each with the way out. */
      blockers: v.array(v.string()),
      /** Why there is nothing to see. */
      note: v.nullable(v.string()),
    }),
  ),
  locked: v.boolean(),
});
export type ChangeView = v.InferOutput<typeof changeSchema>;

export const prerequisiteIdSchema = v.picklist([
  'scope',
  'impact',
  'stakeholders',
  'staging',
  'rollback',
  'time',
]);
export const scopeFieldIdSchema = v.picklist(['systems', 'users', 'downtime', 'deadline']);
export type ScopeFieldId = v.InferOutput<typeof scopeFieldIdSchema>;

const prerequisiteSchema = v.object({
  id: prerequisiteIdSchema,
  title: v.string(),
  held: v.boolean(),
  /** Held by evidence, by whom, or open. */
  state: v.string(),
  /** What holds it, or what would settle it. */
  detail: v.string(),
});
export type PrerequisiteView = v.InferOutput<typeof prerequisiteSchema>;

const scopeFieldSchema = v.object({
  id: scopeFieldIdSchema,
  label: v.string(),
  value: v.string(),
  hint: v.string(),
  problem: v.nullable(v.string()),
});

export const prerequisitesSchema = v.object({
  summary: v.string(),
  tone: toneSchema,
  items: v.array(prerequisiteSchema),
  scope: v.object({
    fields: v.array(scopeFieldSchema),
    /** How much data is concerned; found, not asked. */
    volume: v.string(),
    /** Whether a person has said or kept every field. */
    complete: v.boolean(),
    hint: v.string(),
  }),
});
export type PrerequisitesView = v.InferOutput<typeof prerequisitesSchema>;

export const planOptionsSchema = v.object({
  batchMilliseconds: v.number(),
  batchRows: v.number(),
  vacuumShare: v.number(),
  deprecationDays: v.number(),
  lockTimeoutMilliseconds: v.number(),
  strategy: v.picklist(['big-bang', 'incremental', 'blue-green', 'strangler-fig']),
  dualWrite: v.picklist(['trigger', 'application']),
  deploySteps: v.picklist(['one', 'separate']),
});
export type PlanOptionsView = v.InferOutput<typeof planOptionsSchema>;

export const planSchema = v.object({
  id: v.string(),
  folder: v.string(),
  layout: v.string(),
  migrationFolders: v.array(v.string()),
  migrationFolder: v.string(),
  options: planOptionsSchema,
  optionsLocked: v.boolean(),
  optionProblems: v.record(v.string(), v.string()),
  /** Kinds of step whose options this plan has a use for. */
  stepKinds: v.array(v.picklist(['backfill', 'wait'])),
  strategies: v.array(
    v.object({ id: planOptionsSchema.entries.strategy, title: v.string(), why: v.string() }),
  ),
  /** Choices of a rename, each with its consequence; empty where there is none. */
  dualWriters: v.array(
    v.object({ id: planOptionsSchema.entries.dualWrite, title: v.string(), why: v.string() }),
  ),
  deployChoices: v.array(
    v.object({ id: planOptionsSchema.entries.deploySteps, title: v.string(), why: v.string() }),
  ),
  phases: v.array(phaseSchema),
  notes: v.array(v.string()),
  /** null where everything can be taken back. */
  pointOfNoReturn: v.nullable(v.string()),
  scaffolded: v.boolean(),
  documents: v.array(v.object({ label: v.string(), path: v.string() })),
});
export type PlanView = v.InferOutput<typeof planSchema>;

const stepStateSchema = v.picklist([
  'blocked',
  'ready',
  'running',
  'paused',
  'done',
  'failed',
  'rolled-back',
  'skipped',
]);

const gateSchema = v.object({
  kind: v.string(),
  title: v.string(),
  state: v.picklist(['unknown', 'held', 'failed', 'waived']),
  reason: v.string(),
  canConfirm: v.boolean(),
  canWaive: v.boolean(),
});
export type GateView = v.InferOutput<typeof gateSchema>;

const backfillSchema = v.object({
  step: v.string(),
  state: v.picklist(['pending', 'running', 'holding', 'paused', 'done', 'failed', 'cancelled']),
  /** 0 to 1 */
  share: v.number(),
  rows: v.string(),
  rate: v.string(),
  remaining: v.string(),
  batch: v.string(),
});
export type BackfillView = v.InferOutput<typeof backfillSchema>;

const runStepSchema = v.object({
  id: v.string(),
  title: v.string(),
  kind: v.string(),
  phase: v.string(),
  state: stepStateSchema,
  detail: v.string(),
  error: v.nullable(v.string()),
  instructions: v.nullable(v.string()),
  gates: v.array(gateSchema),
});
export type RunStepView = v.InferOutput<typeof runStepSchema>;

const logEntrySchema = v.object({
  at: v.string(),
  step: v.nullable(v.string()),
  text: v.string(),
  tone: toneSchema,
});
export type LogEntry = v.InferOutput<typeof logEntrySchema>;

export const runSchema = v.object({
  state: v.string(),
  /** The step that Apply Next Step would run; null when there is none. */
  next: v.nullable(v.string()),
  nextHint: v.string(),
  /** What Apply Next Step cannot do yet, as a sentence; null when it can. */
  hindrance: v.nullable(v.string()),
  /** Of expand and migrate; those of contract are in `contract`. */
  steps: v.array(runStepSchema),
  backfill: v.nullable(backfillSchema),
  /** The phase Release Phase would release; null when there is none. */
  releasable: v.nullable(v.string()),
  dryRun: v.nullable(
    v.object({
      title: v.string(),
      where: v.string(),
      tone: toneSchema,
      lines: v.array(v.object({ step: v.string(), tone: toneSchema, text: v.string() })),
    }),
  ),
  canRollBack: v.boolean(),
  log: v.array(logEntrySchema),
});
export type RunView = v.InferOutput<typeof runSchema>;

export const reportSchema = v.object({
  takenAt: v.string(),
  database: v.string(),
  verdict: v.string(),
  tone: toneSchema,
  checks: v.array(
    v.object({
      id: v.string(),
      title: v.string(),
      verdict: v.string(),
      tone: toneSchema,
      evidence: v.string(),
      sql: v.nullable(v.string()),
      time: v.string(),
    }),
  ),
  path: v.nullable(v.string()),
});
export type ReportView = v.InferOutput<typeof reportSchema>;

export const rehearsalSchema = v.object({
  shadow: v.string(),
  tone: toneSchema,
  verdict: v.string(),
  migrations: v.array(
    v.object({
      title: v.string(),
      verdict: v.string(),
      tone: toneSchema,
      detail: v.string(),
      time: v.string(),
    }),
  ),
});
export type RehearsalView = v.InferOutput<typeof rehearsalSchema>;

export const contractSchema = v.object({
  /** What must be over before contract: waits and deploys, each with its state. */
  waits: v.array(
    v.object({
      step: v.string(),
      title: v.string(),
      state: v.string(),
      tone: toneSchema,
      canShorten: v.boolean(),
    }),
  ),
  /** null where everything can be taken back. */
  pointOfNoReturn: v.nullable(v.string()),
  phase: v.nullable(phaseSchema),
  steps: v.array(runStepSchema),
  /** Why contract may not run yet; null when it may. */
  hindrance: v.nullable(v.string()),
  released: v.boolean(),
  done: v.boolean(),
});
export type ContractView = v.InferOutput<typeof contractSchema>;

const problemSchema = v.object({
  /** One sentence: what happened, on what, what to do next. */
  sentence: v.string(),
  station: stationSchema,
});

export const wizardStateSchema = v.object({
  station: stationSchema,
  stations: v.array(stepperSchema),
  title: v.string(),
  planState: v.string(),
  trusted: v.boolean(),
  connection: v.nullable(connectionSchema),
  busy: v.nullable(busySchema),
  problem: v.nullable(problemSchema),
  notice: v.nullable(v.string()),
  change: changeSchema,
  assessment: v.nullable(assessmentSchema),
  /** null until something is assessed or planned. */
  prerequisites: v.nullable(prerequisitesSchema),
  plan: v.nullable(planSchema),
  run: v.nullable(runSchema),
  report: v.nullable(reportSchema),
  rehearsal: v.nullable(rehearsalSchema),
  contract: v.nullable(contractSchema),
});
export type WizardState = v.InferOutput<typeof wizardStateSchema>;
export type StepState = v.InferOutput<typeof stepStateSchema>;

/** What the page keeps between sessions: which plan or draft it is, and the station. */
export const panelStateSchema = v.object({
  planUri: v.optional(v.string()),
  draftId: v.optional(v.string()),
  station: stationSchema,
});
export type PanelState = v.InferOutput<typeof panelStateSchema>;

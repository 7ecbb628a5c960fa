import * as v from 'valibot';
import { storedChange } from '../../assess/change';
import { storedName } from '../../assess/changes/stored-name';
import { isDay } from '../../assess/plan-answers';
import { prerequisiteIds } from '../../assess/prerequisites';
import { deployStepChoices, dualWriters, gateKinds, phaseNames } from '../../plan/plan';
import { layoutIds } from '../../layouts/layout';
import { lockModes, workKinds } from '../../safety/forecast';

/** The front matter of plan.md. SQL is not in it: each text is a file beside it, named with its SHA-256. */

const nullableText = v.nullable(v.string());
const time = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(Date.parse(text)), 'must be a time as 2026-03-04T05:06:07Z'),
);
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits'));
/** A path that leads nowhere else than below the folder it is read from. */
export const insideFolder = v.pipe(
  v.string(),
  v.check(
    (path) => !path.startsWith('/') && !/^[A-Za-z]:/.test(path) && !path.split(/[\\/]/).includes('..'),
    'must stay inside the folder',
  ),
);
const phaseName = v.picklist(phaseNames);
const gateKind = v.picklist(gateKinds);
export const planState = v.picklist([
  'draft',
  'ready',
  'expanding',
  'migrating',
  'waiting',
  'contracting',
  'done',
  'rolled-back',
  'abandoned',
]);

const strategyKind = v.picklist(['big-bang', 'incremental', 'blue-green', 'strangler-fig']);
const positive = v.pipe(v.number(), v.minValue(0));

const options = v.object({
  batchMilliseconds: positive,
  batchRows: positive,
  vacuumShare: positive,
  deprecationDays: positive,
  lockTimeoutMilliseconds: positive,
  strategy: strategyKind,
  // Plans of before these were choices have what was done then.
  dualWrite: v.optional(v.picklist(dualWriters), 'trigger'),
  deploySteps: v.optional(v.picklist(deployStepChoices), 'one'),
});

/** A text of SQL in a file of the plan folder. */
const sqlFile = { file: insideFolder, sha256 };

const rollback = v.variant('kind', [
  v.object({ kind: v.literal('sql'), ...sqlFile }),
  v.object({ kind: v.literal('nothing'), why: v.string() }),
  v.object({ kind: v.literal('no-return'), why: v.string() }),
]);

const forecast = v.object({
  lock: v.nullable(v.picklist(lockModes)),
  relation: nullableText,
  work: v.picklist(workKinds),
  holdMilliseconds: v.nullable(v.object({ low: v.number(), high: v.number() })),
  phrase: v.string(),
});

const base = {
  id: v.pipe(v.string(), v.regex(/^\d{2,}-[a-z0-9-]+$/, 'must be a number, a dash and words')),
  title: v.string(),
  action: v.string(),
  verification: v.nullable(v.object({ ...sqlFile, expectation: v.string() })),
  gates: v.array(gateKind),
  forecast: v.nullable(forecast),
};

const backfillValues = v.array(v.object({ column: v.string(), expression: v.string() }));

const walkedRows = {
  table: storedName,
  pending: nullableText,
  walk: v.variant('by', [
    v.object({ by: v.literal('key'), columns: v.array(v.string()) }),
    v.object({ by: v.literal('ctid') }),
  ]),
  estimatedRows: positive,
};

const backfill = v.union([
  v.object({
    write: v.literal('copy'),
    ...walkedRows,
    into: storedName,
    columns: backfillValues,
    conflict: v.array(v.string()),
  }),
  v.object({ write: v.optional(v.literal('update')), ...walkedRows, assignments: backfillValues }),
]);

export const storedStep = v.variant('kind', [
  v.object({
    kind: v.picklist(['migration', 'concurrent', 'vacuum']),
    ...base,
    forward: v.object(sqlFile),
    rollback,
  }),
  v.object({
    kind: v.literal('backfill'),
    ...base,
    backfill,
    rollback,
    againOnRollback: v.optional(v.boolean()),
  }),
  v.object({
    kind: v.literal('deploy'),
    ...base,
    instructions: v.string(),
    rollbackInstructions: v.string(),
    sample: v.optional(
      v.nullable(v.object({ language: v.string(), before: v.string(), after: v.string() })),
      null,
    ),
  }),
  v.object({
    kind: v.literal('check'),
    ...base,
    checks: v.array(
      v.object({ id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]+$/)), title: v.string(), ...sqlFile }),
    ),
  }),
  v.object({ kind: v.literal('wait'), ...base, days: positive, why: v.string() }),
]);

const scalar = v.union([v.string(), v.number(), v.boolean(), v.null()]);

const evidence = v.object({
  gate: v.union([gateKind, v.picklist(['verification', 'step'])]),
  verdict: v.picklist(['held', 'failed', 'waived', 'passed']),
  at: time,
  by: v.string(),
  server: v.string(),
  database: v.string(),
  contentHash: nullableText,
  details: v.record(v.string(), scalar),
});

const backfillProgress = v.object({
  state: v.picklist(['pending', 'running', 'holding', 'paused', 'done', 'failed', 'cancelled']),
  rowsDone: v.number(),
  rowsTotal: v.number(),
  batchRows: v.number(),
  batchMilliseconds: v.nullable(v.number()),
  rowsPerSecond: v.nullable(v.number()),
  remainingMilliseconds: v.nullable(v.number()),
});

const stepProgress = v.object({
  id: v.string(),
  state: v.picklist(['blocked', 'ready', 'running', 'paused', 'done', 'failed', 'rolled-back', 'skipped']),
  startedAt: nullableText,
  finishedAt: nullableText,
  by: nullableText,
  error: nullableText,
  backfill: v.nullable(backfillProgress),
});

/** What the front matter mirrors of one database's schema `switchback`. */
const environment = v.object({
  databaseId: nullableText,
  phase: v.nullable(phaseName),
  steps: v.array(stepProgress),
  evidence: v.array(evidence),
});

const approval = v.object({
  role: v.string(),
  by: v.string(),
  at: time,
  /** The approvedHash that was approved. */
  hash: sha256,
});

/** `edited`: a person had changed the held text that it was written from. */
const writtenFile = v.object({ path: insideFolder, sha256, edited: v.optional(v.literal(true)) });

const release = v.object({
  step: v.string(),
  version: v.string(),
  name: v.string(),
  /** Paths relative to the workspace folder, with `/`. */
  up: writtenFile,
  down: v.nullable(writtenFile),
});

/** What people said of the scope; null where nobody did. */
const scope = v.object({
  systems: v.optional(nullableText, null),
  users: v.optional(nullableText, null),
  downtime: v.optional(nullableText, null),
  deadline: v.optional(v.nullable(v.pipe(v.string(), v.check(isDay, 'must be a day as 2026-03-04'))), null),
});

/** What was known when the plan was written, and who gave their word. */
const prerequisite = v.object({
  id: v.picklist(prerequisiteIds),
  state: v.picklist(['held', 'open']),
  evidence: v.optional(nullableText, null),
  confirmed: v.optional(v.nullable(v.object({ name: v.string(), at: time, note: v.string() })), null),
});

export const planFrontMatter = v.object({
  switchback: v.literal(1),
  // The folder's name: scripts make paths of it.
  id: v.pipe(v.string(), v.regex(/^(?!\.{1,2}$)[^/\\]+$/, 'must be the name of a folder')),
  title: v.string(),
  createdAt: time,
  state: planState,
  change: storedChange,
  recipe: v.string(),
  layout: v.object({ id: v.picklist(layoutIds), folder: insideFolder }),
  serverMajor: v.pipe(v.number(), v.integer()),
  options,
  strategy: v.object({
    kind: strategyKind,
    why: v.string(),
    alternatives: v.array(v.object({ kind: strategyKind, why: v.string() })),
  }),
  pointOfNoReturn: v.nullable(v.object({ step: v.string(), why: v.string() })),
  phases: v.array(v.object({ name: phaseName, goal: v.string(), steps: v.array(storedStep) })),
  approvedHash: sha256,
  scope: v.optional(scope, {}),
  prerequisites: v.optional(v.array(prerequisite), []),
  approvals: v.optional(v.array(approval), []),
  releases: v.optional(v.array(release), []),
  environments: v.optional(v.record(v.string(), environment), {}),
  /** By name in the plan folder: the hash of what was generated last. */
  generated: v.optional(v.record(v.string(), sha256), {}),
});

export type StoredPlan = v.InferOutput<typeof planFrontMatter>;
export type StoredStep = v.InferOutput<typeof storedStep>;
export type Approval = v.InferOutput<typeof approval>;
export type StoredScope = v.InferOutput<typeof scope>;
export type StoredPrerequisite = v.InferOutput<typeof prerequisite>;
export type Release = v.InferOutput<typeof release>;
export type EnvironmentRecord = v.InferOutput<typeof environment>;

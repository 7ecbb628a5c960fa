import * as v from 'valibot';
import { toneSchema } from './facts';

export const sqlPartSchema = v.picklist(['forward', 'rollback', 'verification']);
export type SqlPart = v.InferOutput<typeof sqlPartSchema>;

const sqlTextSchema = v.object({
  part: sqlPartSchema,
  title: v.string(),
  sql: v.string(),
  /** What the query proves, or why there is no SQL. */
  note: v.nullable(v.string()),
});

const planStepSchema = v.object({
  id: v.string(),
  title: v.string(),
  kind: v.string(),
  action: v.string(),
  lock: v.string(),
  hold: v.string(),
  tone: toneSchema,
  rollback: v.string(),
  verification: v.string(),
  gates: v.array(v.string()),
  sql: v.array(sqlTextSchema),
  /** How application code may look before and after a release; null for other steps. */
  sample: v.nullable(v.object({ before: v.string(), after: v.string() })),
});
export type PlanStepView = v.InferOutput<typeof planStepSchema>;

export const phaseSchema = v.object({
  name: v.picklist(['expand', 'migrate', 'contract']),
  title: v.string(),
  goal: v.string(),
  steps: v.array(planStepSchema),
});
export type PhaseView = v.InferOutput<typeof phaseSchema>;

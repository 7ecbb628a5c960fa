import * as v from 'valibot';

/** How good or bad a fact is; the page always shows the word beside the colour. */
export const toneSchema = v.picklist(['neutral', 'good', 'notice', 'bad']);
export type Tone = v.InferOutput<typeof toneSchema>;

export const factSchema = v.object({
  label: v.string(),
  value: v.string(),
  tone: toneSchema,
  /** What it means here, when that is not obvious. */
  note: v.nullable(v.string()),
});
export type FactView = v.InferOutput<typeof factSchema>;

export const factGroupSchema = v.object({ title: v.string(), facts: v.array(factSchema) });
export type FactGroup = v.InferOutput<typeof factGroupSchema>;

export const listTableSchema = v.object({
  title: v.string(),
  headers: v.array(v.string()),
  rows: v.array(v.array(v.string())),
  /** Said when there are no rows. */
  empty: v.string(),
});
export type ListTable = v.InferOutput<typeof listTableSchema>;

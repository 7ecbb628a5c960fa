import * as v from 'valibot';
import { factGroupSchema, factSchema, listTableSchema, toneSchema } from './facts';

const codeReferenceSchema = v.object({
  /** What is done there; those of one group stand together. */
  group: v.string(),
  path: v.string(),
  /** Relative to the workspace folder. */
  label: v.string(),
  line: v.number(),
  text: v.string(),
  mentions: v.string(),
});

/** What leads to the thing that changes, as a picture. */
const graphSchema = v.object({
  /** The ids of what changes among the nodes. */
  subjects: v.array(v.string()),
  nodes: v.array(v.object({ id: v.string(), kind: v.string(), label: v.string(), opens: v.boolean() })),
  arrows: v.array(v.object({ from: v.string(), to: v.string(), writes: v.boolean(), certain: v.boolean() })),
  /** What the picture leaves out; null where it shows all. */
  note: v.nullable(v.string()),
});
export type GraphView = v.InferOutput<typeof graphSchema>;

const remarkSchema = v.object({ said: v.string(), answer: v.string() });
const researchLinkSchema = v.object({ title: v.string(), address: v.string() });

/** What others know of a change like this. */
const researchSchema = v.object({
  pitfalls: v.array(remarkSchema),
  alternatives: v.array(remarkSchema),
  past: v.array(
    v.object({
      /** Relative to the workspace folder. */
      path: v.string(),
      line: v.number(),
      statement: v.string(),
      /** Who and when; null where git knows nothing of it. */
      commit: v.nullable(v.string()),
    }),
  ),
  pastNote: v.nullable(v.string()),
  /** Of PostgreSQL's documentation. */
  pages: v.array(researchLinkSchema),
  others: v.array(researchLinkSchema),
});
export type ResearchView = v.InferOutput<typeof researchSchema>;

export const assessmentSchema = v.object({
  takenAt: v.string(),
  summary: v.string(),
  groups: v.array(factGroupSchema),
  tables: v.array(listTableSchema),
  /** null where nothing leads to it. */
  graph: v.nullable(graphSchema),
  code: v.object({ summary: v.string(), references: v.array(codeReferenceSchema) }),
  type: v.object({ title: v.string(), why: v.string(), facts: v.array(factSchema) }),
  risk: v.object({
    title: v.string(),
    tone: toneSchema,
    reasons: v.array(
      v.object({
        level: v.string(),
        tone: toneSchema,
        sentence: v.string(),
        evidence: v.string(),
        mitigation: v.string(),
      }),
    ),
  }),
  /** null where nobody looked. */
  research: v.nullable(researchSchema),
  blockers: v.array(v.string()),
  /** Whether a plan would write rows, and how fast that goes was not tried. */
  canSample: v.boolean(),
  /** What batches that were tried have told. */
  sampled: v.array(v.string()),
});
export type AssessmentView = v.InferOutput<typeof assessmentSchema>;

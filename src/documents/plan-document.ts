import type { PrerequisiteLine } from './prerequisites-region';

/** What plan.md is filled from: plain values, nothing escaped but what is named a region. */
export interface PlanDocument {
  plan: DocumentHead;
  /** null where no database was connected. */
  database: DocumentDatabase | null;
  /** The other files of the folder and what they are for. */
  companions: { file: string; what: string }[];
  /** Sentences. */
  summary: string[];
  type: { title: string; complexity: string; risk: string; duration: string; why: string };
  /** What a person has to look at, in sentences. */
  notes: string[];
  current: string[];
  target: string[];
  scope: ScopeSection;
  /** What others know of a change like this; null where nobody looked. */
  research: ResearchSection | null;
  prerequisites: PrerequisiteLine[];
  /** They as a Markdown table in a region of its own, kept up to date as people confirm them. */
  prerequisitesRegion?: string;
  strategies: { chosen: boolean; title: string; why: string }[];
  phases: PhaseView[];
  /** The steps of all phases. */
  steps: StepView[];
  rollout: RolloutSection | null;
  timeline: { title: string; days: number; start: string; end: string; what: string }[];
  /** How the old shape is taken out of use; empty where nothing old goes. */
  deprecation: { date: string; what: string }[];
  riskLevel: string;
  risks: RiskView[];
  successCriteria: string[];
  rollbackCriteria: string[];
  /** Words a reader from outside may not know; empty where none are used. */
  words: { word: string; meaning: string }[];
  /** A Markdown table in a region of its own: it is kept up to date as approvals are given. */
  approvalsRegion: string;
}

export interface DocumentHead {
  /** `<yyyymmdd>-<slug>`, the folder's name. */
  id: string;
  title: string;
  /** ISO 8601, UTC. */
  createdAt: string;
}

export interface DocumentDatabase {
  label: string;
  environment: string;
}

export interface ScopeSection {
  /** ISO 8601; null where nothing was read from a database. */
  takenAt: string | null;
  /** Systems, users, data volume, expected downtime. */
  rows: { what: string; answer: string; source: string }[];
  numbers: { what: string; number: string }[];
  /** What the application sends about the table, heaviest first; empty where nobody counts statements. */
  statements: { text: string; cost: string; use: string }[];
  dependents: { what: string; names: string[] }[];
  /** What is changed and what leads to it, as a picture; null where nothing does. `certain`: the catalog says so. */
  graph: {
    subject: string;
    /** Ids are letters and digits; the subject's is `it`. */
    nodes: { id: string; label: string }[];
    arrows: { from: string; to: string; certain: boolean }[];
  } | null;
  codeReferences: { path: string; line: number; text: string }[];
  codeReferencesMore: string | null;
}

export interface ResearchSection {
  pitfalls: { pitfall: string; solution: string }[];
  alternatives: { instead: string; why: string }[];
  /** `commit`: who and when, empty where git knows nothing of it. */
  past: { path: string; line: number; statement: string; commit: string }[];
  pastNote: string | null;
  /** Addresses as a browser takes them. */
  links: { title: string; address: string }[];
}

export interface RiskView {
  risk: string;
  likelihood: string;
  impact: string;
  mitigation: string;
  evidence: string;
}

/** Letting a release out in stages. */
export interface RolloutSection {
  /** What the first, small group must be like. */
  canary: string[];
  stages: { day: number; date: string; share: string; lasts: string; checkpoint: string }[];
}

/** One step as documents show it. SQL comes as fenced blocks inside regions, so that edits are noticed. */
export interface StepView {
  id: string;
  /** `1`, `2`, ... through all phases. */
  number: number;
  phase: string;
  kind: string;
  title: string;
  action: string;
  /** The lock it takes and how long, in a phrase. */
  lock: string | null;
  gates: string[];
  /** In a phrase, for tables. */
  rollback: string;
  verification: string;
  /** Region with the fenced block; null where the step has none. */
  forwardRegion: string | null;
  rollbackRegion: string | null;
  verifyRegion: string | null;
  /** The file that holds the SQL executed, relative to the plan folder. */
  forwardFile: string | null;
  rollbackFile: string | null;
  /** Further lines: what to deploy, what is filled, how long to wait. */
  details: string[];
  /** An example of the application's code, before and after. */
  sample: { language: string; before: string; after: string } | null;
  /** What to do to take it back, as a sentence. */
  rollbackInstruction: string;
}

export interface PhaseView {
  name: string;
  title: string;
  goal: string;
  steps: StepView[];
}

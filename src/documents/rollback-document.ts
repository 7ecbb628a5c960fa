import type { DocumentDatabase, DocumentHead, StepView } from './plan-document';
import type { SignalRow } from './thresholds';

/** What rollback.md is filled from: plain values, nothing escaped but what is named a region. */
export interface RollbackDocument {
  plan: DocumentHead;
  database: DocumentDatabase | null;
  /** Who to ask and where to look, as label and answer. */
  contacts: { what: string; answer: string }[];
  /** The decision matrix. */
  signals: SignalRow[];
  /** Which of the four ways back is for which phase, and why. */
  strategies: { phase: string; strategy: string; why: string }[];
  noReturn: NoReturn;
  /** Quick, standard, full. */
  tiers: Tier[];
  /** The last phase first. */
  phases: RollbackPhase[];
}

/** From where on going back loses data. */
export interface NoReturn {
  /** A sentence: `Step 08-drop-old, "Drop name".` */
  milestone: string;
  why: string;
  /** What is left to do after it. */
  after: string;
}

export interface Tier {
  id: 'quick' | 'standard' | 'full';
  title: string;
  /** `under 5 minutes`. */
  limit: string;
  /** What it is for. */
  use: string;
  steps: string[];
  /** Command lines that do it; null where a person does it all. */
  commands: string | null;
  /** How to see that it worked. */
  proof: string;
  /** Command lines that show it. */
  verify: string | null;
  /** Ready to send; at least one. */
  messages: { when: string; text: string }[];
}

export interface RollbackPhase {
  title: string;
  /** Steps in the order they are taken back. */
  steps: Pick<StepView, 'number' | 'title' | 'rollbackInstruction' | 'rollbackRegion' | 'sample'>[];
  /** Command lines; null where nothing of the phase can be run. */
  commands: string | null;
  /** What to do where there are none; null where the steps say it. */
  withoutCommands: string | null;
  verification: string[];
  verify: string | null;
}

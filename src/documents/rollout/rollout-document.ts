import type { DocumentHead, StepView } from '../plan-document';
import type { WindowView } from './phase-windows';

/** The plan as the documents around it name it. */
export interface RolloutHead extends DocumentHead {
  /** Of plan.md and rollback.md, relative to the workspace, with `/`. */
  file: string;
  runbook: string;
}

/** What people said of the scope; null where nobody did. */
export interface RolloutScope {
  systems: string | null;
  users: string | null;
  downtime: string | null;
  /** An ISO day. */
  deadline: string | null;
}

/** What is known of one phase. Plain values, nothing escaped but what is named a region. */
export interface RolloutPhase {
  title: string;
  goal: string;
  window: WindowView;
  steps: readonly RolloutStep[];
  /** What callers and the application have to do in it, in sentences, and to go back. */
  releases: readonly { what: string; back: string }[];
  /** The step after which there is no way back, where it is in this phase or before it; null: all can be taken back. */
  noReturn: NoReturnStep | null;
  /** The phase before and after; null where there is none. */
  before: string | null;
  after: { title: string; window: WindowView } | null;
}

/** From where on going back loses data. */
export interface NoReturnStep {
  step: string;
  title: string;
  why: string;
}

/** A step as tickets show it. */
export type RolloutStep = Pick<
  StepView,
  | 'id'
  | 'number'
  | 'title'
  | 'action'
  | 'kind'
  | 'lock'
  | 'gates'
  | 'details'
  | 'verification'
  | 'rollback'
  | 'forwardFile'
>;

/** What `tickets/1-expand.md` is filled from. */
export interface TicketDocument {
  plan: RolloutHead;
  phase: RolloutPhase;
  scope: RolloutScope;
  statusRegion: string;
}

/** What `announcements/1-expand.md` is filled from. */
export interface AnnouncementDocument extends TicketDocument {
  /** The application stands still meanwhile. */
  standstill: boolean;
  /** How the old shape is taken out of use; empty where nothing old goes. */
  deprecation: readonly DeprecationDate[];
}

/** A date on which something is done about the old shape. */
export interface DeprecationDate {
  /** `T+30d`. */
  label: string;
  /** ISO day. */
  date: string;
  what: string;
}

/** What `pull-request.md` is filled from. */
export interface PullRequestDocument {
  plan: RolloutHead;
  summary: readonly string[];
  phases: readonly (RolloutPhase & { name: string })[];
  /** Every step with SQL and the strongest lock it is forecast to take. */
  forecasts: readonly { number: number; title: string; lock: string; work: string; phrase: string }[];
  lint: LintVerdict;
  /** What plan.md says under "Risks", as Markdown; empty where it says nothing. */
  risks: string;
  /** How the old shape is taken out of use; empty where the plan does not wait. */
  deprecation: readonly DeprecationDate[];
  evidenceRegion: string;
  noReturn: NoReturnStep | null;
  /** Where the migration files of the phases are. */
  files: readonly { file: string; what: string }[];
}

/** What the rules say of the SQL of a plan. */
export interface LintVerdict {
  /** A sentence. */
  summary: string;
  findings: readonly { file: string; line: number; severity: string; rule: string; message: string }[];
}

/** What `changelog.md` is filled from: lines under the headings of https://keepachangelog.com, in its order. */
export interface ChangelogDocument {
  plan: RolloutHead;
  headings: readonly { heading: string; entries: readonly string[] }[];
}

import type { PlanAnswers } from '../../assess/plan-answers';
import type { Database } from '../../journey/database';
import type { JourneyContext } from '../../journey/workspace';
import type { Progress } from '../../ports/progress';
import type { HostMessage } from '../../protocol/messages';
import type { DataCopy } from '../../rehearse/copy/data-copy';
import type { ChangeDraft, PanelState } from '../../protocol/wizard-state';

/** What a wizard needs of the workbench around it. Nothing here knows VS Code. */
export interface WizardSurroundings {
  /** Absolute path of the workspace folder. */
  root: string;
  trusted(): boolean;
  database(): Database | null;
  /**
   * Runs an action alone on the connected database; `of` is the one that a question before was about. Throws `not-found`
   * without one, and where the window has left it.
   */
  exclusive<T>(work: (database: Database) => Promise<T>, of?: Database | null): Promise<T>;
  context(progress: Progress, signal: AbortSignal): Promise<JourneyContext>;
  /** How long the form waits for what its plan would do, ms; a moment unless said. */
  sketchMilliseconds?: number;
  post(message: HostMessage): void;
  pickConnection(): Promise<void>;
  useEmbedded(): Promise<void>;
  openFile(path: string, line: number | null): Promise<void>;
  openSql(title: string, sql: string): Promise<void>;
  /** In the browser. */
  openLink(address: string): Promise<void>;
  copy(text: string): Promise<void>;
  /** A reason in the user's words; null when the question was closed. */
  askReason(title: string, prompt: string): Promise<string | null>;
  /** Which rows of the connected database a rehearsal has; null for none. Throws `cancelled`. */
  askRows(context: JourneyContext): Promise<DataCopy | null>;
  /** Who confirms something and a note; null when the question was closed. */
  askConfirmation(title: string, proposedName: string): Promise<{ name: string; note: string } | null>;
  /** Names of saved connections labelled staging. */
  stagingDatabases(): string[];
  showLog(): void;
  manageTrust(): Promise<void>;
  /** The sentence for the user; null for a cancelled action. Logs the error. */
  report(what: string, error: unknown): string | null;
  saveDraft(draft: ChangeDraft, answers: PlanAnswers): Promise<void>;
  /** The draft has become a plan on disk. */
  scaffolded(planFolder: string): Promise<void>;
  /** Files or the database changed: lists are stale. */
  changed(): void;
  backfillState(state: 'running' | 'paused' | 'none'): void;
  identity(): Omit<PanelState, 'station'>;
}

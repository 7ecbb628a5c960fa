import type { OnRunEvent, RunControl } from '../implement/run-event';
import type { Database } from './database';

/** What running anything of a plan is given. */
export interface RunRequest {
  database: Database;
  /** Absolute path of the plan's folder. */
  planFolder: string;
  onEvent: OnRunEvent;
  /** Pause, resume and cancel from outside; made by the caller with `createRunControl()`. */
  control: RunControl;
}

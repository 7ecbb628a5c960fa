import type { BackfillProgress, StepState } from '../plan/plan';

/** What a run tells while it goes: events out. Plain data, sent to wizard and terminal alike. */
export type RunEvent =
  | { kind: 'step'; step: string; state: StepState; milliseconds: number | null; message: string }
  | { kind: 'lock-wait'; step: string; attempt: number; blockers: string[]; retryInMilliseconds: number }
  | { kind: 'backfill'; step: string; progress: BackfillProgress }
  | { kind: 'vacuum'; step: string; milliseconds: number; message: string }
  | { kind: 'note'; step: string | null; message: string };

export type OnRunEvent = (event: RunEvent) => void;

/** Commands into a running backfill. */
export interface RunControl {
  pause(): void;
  resume(): void;
  cancel(): void;
  readonly state: 'running' | 'paused' | 'cancelled';
  /** Resolves when it may go on; rejects with `cancelled`. */
  whenRunning(): Promise<void>;
}

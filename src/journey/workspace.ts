import type { Clock } from '../ports/clock';
import type { Files } from '../ports/files';
import type { Programs } from '../ports/programs';
import type { Progress } from '../ports/progress';
import type { Prompt } from '../ports/prompt';
import type { PgliteSpare } from '../shadow/pglite-process';
import type { Configuration } from './configuration';

/** What every action of the journey is given: where it works, and its ports. */
export interface JourneyContext {
  workspace: Workspace;
  files: Files;
  clock: Clock;
  prompt: Prompt;
  programs: Programs;
  progress: Progress;
  signal: AbortSignal;
  /** Who acts: the name that goes into history, approvals and evidence. */
  user: string;
}

export interface Workspace {
  /** Absolute path of the workspace folder. */
  root: string;
  configuration: Configuration;
  /** Where the product's own files lie. */
  assets: Assets;
  /** false: nothing of the workspace may execute (templates, commands). */
  trusted: boolean;
}

export interface Assets {
  /** The shipped templates. */
  templates: string;
  /** dist/: child processes and WASM. */
  dist: string;
  /** A folder of the user's for caches; may be emptied at any time. */
  cache: string;
  /** Of a program that lives on: see PgliteSpare. */
  spare?: PgliteSpare;
}

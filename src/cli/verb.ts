import type { JourneyContext } from '../journey/workspace';
import type { Database } from '../journey/database';
import type { LintMemory } from '../journey/lint-memory';

/** What an action answered: the exit code says yes (0) or no (1). */
export interface VerbResult {
  exitCode: 0 | 1;
  /** What `--format json` prints; never translated. */
  json: unknown;
  /** What a person reads. */
  text: string;
}

/** One verb of the command line: argument mapping and one call into the journey. */
export interface Verb {
  name: string;
  /** One line for `switchback --help`. */
  summary: string;
  /** The words after the verb, for its own help; a line for each way to call it. */
  usage: string;
  options: VerbOptions;
  /** Whether `--and` begins another group of words like the first. */
  takesSeveral?: boolean;
  /** What its first word may be, where each takes options of its own; these are in `options` as well. */
  kinds?: () => readonly VerbKind[];
  /** Rewrites its words before they are read, where an option's value may be left out. */
  wordsOf?: (words: readonly string[]) => string[];
  /** Formats it knows beside text and json; it renders them into `text` itself. */
  formats?: readonly string[];
  run(call: VerbCall): Promise<VerbResult>;
}

/** By name. */
export type VerbOptions = Record<string, VerbOption>;

/** An option as `parseArgs` of Node takes it, and what help says of it. */
export interface VerbOption {
  type: 'string' | 'boolean';
  multiple?: boolean;
  short?: string;
  /** Stands for its value in help. */
  value?: string;
  /** What it means. */
  help: string;
}

/** One first word of a verb that has many: `switchback plan rename-column --help`. */
export interface VerbKind {
  name: string;
  /** Under which heading it is listed. */
  heading: string;
  title: string;
  description: string;
  usage: string;
  options: VerbOptions;
}

export interface VerbCall {
  context: JourneyContext;
  positionals: string[];
  values: OptionValues;
  /** The words between each `--and`, with what each says itself; `values` has what any of them says. */
  groups: WordGroup[];
  /** `text`, `json`, or one of the verb's own. */
  format: string;
  /** Connects to the database the options name; throws `usage` when they name none. */
  database: () => Promise<Database>;
  /** The same, or null when the options and the environment name none. */
  databaseIfAny: () => Promise<Database | null>;
  /** Connects to another one, which is closed with the command: a URL, or `env:NAME`. */
  databaseAt: (argument: string) => Promise<Database>;
  /** What standard output is shown on. */
  terminal: TerminalLook;
  /** What earlier runs of lint in this process left; undefined for a process that runs one. */
  lintMemory?: LintMemory;
  /** Writes a line to standard error: progress and warnings. */
  tell: (line: string) => void;
}

/** Words of a command line as they were read. */
export interface WordGroup {
  positionals: string[];
  values: OptionValues;
}

export interface TerminalLook {
  /** Characters in a line. */
  columns: number;
  colours: boolean;
}

export type OptionValues = Record<string, string | boolean | (string | boolean)[] | undefined>;

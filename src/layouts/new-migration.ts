import type { Direction } from './layout';

/** What a layout is asked to compose. */
export interface NewMigration {
  folder: string;
  /** Words for the file name: `add full_name`. */
  name: string;
  up: string;
  /** null writes no down file. */
  down: string | null;
  /** false adds the layout's own no-transaction marker where it has one. */
  transactional: boolean;
  /** Fills a template of a migration in code. Absent where paths and versions alone are asked: the text is empty then. */
  fill?: FillCode;
  /** For folders numbered by time. */
  now: Date;
}

/** Gives the text of `templates/code/<template>.hbs`, as the module at this path has to be written. */
export type FillCode = (template: string, values: CodeValues, file: string) => string;

/** What the template of a migration in code is filled with. */
export interface CodeValues {
  /** Words of its name, for a comment or docstring. */
  title: string;
  /** As the tool names a class after it; empty where it names none. */
  className: string;
  version: string;
  /** The version before it, where the code names that; null for the first. */
  previous: string | null;
  /** The application it is of, where the code names that (Django). */
  app?: string;
  /** One statement each, without the semicolon. */
  up: readonly string[];
  /** null where there is no way back. */
  down: readonly string[] | null;
  transactional: boolean;
  now: Date;
}

export interface ComposedFile {
  path: string;
  text: string;
  direction: Direction;
  version: string;
  /** For tools that plan a migration in a file of their own: when it was composed, and the words asked for. */
  planned?: { at: Date; note: string };
}

/** Composed files, to be written together. */
export interface SealedFiles {
  files: ComposedFile[];
  /** Files of the tool's own with their new text: a list of checksums. */
  beside: { path: string; text: string }[];
}

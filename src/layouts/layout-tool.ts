import type { Files } from '../ports/files';
import type { Direction, Migration } from './layout';

/** Commands of a migration tool. Each throws `not-found`, with what to do, where the project they are run in is not found. */
export interface LayoutTool {
  /** Its programs find the database by settings of the project's own, as they read no password file. */
  ownDatabase?: true;
  /** Runs migrations that are code; absent where all of them are SQL. */
  run?: RunByTool;
  /** Prints, on its standard output, the SQL that the tool would send for one direction of a migration. */
  emit?(migration: Migration, direction: Direction, files: Files): Promise<ToolCommand>;
  /** Writes a new migration with the tool's own generator, which may look at the project's models or schema. */
  generate?(folder: string, name: string, files: Files): Promise<ToolCommand>;
}

export interface RunByTool {
  /** What one call applies: this migration alone, what is pending up to it, or all that is pending. */
  applies: 'one' | 'up-to' | 'all';
  /** What one call takes back: this migration alone, what is applied from it on, or the one applied last. */
  takesBack: 'one' | 'from' | 'last';
  command(migration: Migration, direction: Direction, files: Files): Promise<ToolCommand>;
}

/** A program with its arguments, run without a shell in a folder of the project. */
export interface ToolCommand {
  program: string;
  args: string[];
  /** Absolute path. */
  folder: string;
}

import { errorText, isSwitchbackError } from '../messages/error';
import { filesAskedOnce } from '../ports/asked-once';
import type { Files } from '../ports/files';
import type { SqlParser } from '../sql/parser';
import type { ParsedSql } from '../sql/statement';
import type { Direction, Layout, Migration, MigrationScript } from './layout';

/** A migration with the statements of both directions. Plain data: it crosses threads. */
export interface ParsedMigration {
  migration: Migration;
  up: ParsedScript | null;
  down: ParsedScript | null;
  /** Why a file could not be read, each a sentence; the rest of the history is there all the same. */
  problems: string[];
}

export interface ParsedScript {
  script: MigrationScript;
  parsed: ParsedSql;
}

/** Reads and parses one migration after the other, in the tool's order. */
export async function* parseHistory(
  layout: Layout,
  folder: string,
  files: Files,
  parser: SqlParser,
): AsyncGenerator<ParsedMigration> {
  const once = filesAskedOnce(files);
  for (const migration of await layout.list(folder, once)) {
    const problems = [...(migration.problems ?? [])];
    const read = async (direction: Direction): Promise<ParsedScript | null> => {
      try {
        const script = await layout.script(migration, direction, once);
        return script && { script, parsed: parser.parse(script.sql) };
      } catch (error) {
        problems.push(isSwitchbackError(error) ? error.sentence : errorText(error));
        return null;
      }
    };
    yield { migration, up: await read('up'), down: await read('down'), problems };
  }
}

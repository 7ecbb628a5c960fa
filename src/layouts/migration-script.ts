import { contentHash } from './content-hash';
import type { Files } from '../ports/files';
import type { Direction, Migration, MigrationScript } from './layout';

/** The file that holds one direction of a migration, whole; null where there is none. Throws `invalid-file`. */
export async function readDirection(
  { upPath, downPath }: Migration,
  direction: Direction,
  files: Files,
): Promise<{ file: string; text: string } | null> {
  const file = direction === 'up' ? upPath : downPath;
  const text = file === null ? null : await files.readIfExists(file);
  return file === null || text === null ? null : { file, text };
}

/** A part of a file as a script. */
export function partOfFile(
  text: string,
  start: number,
  end?: number,
): Pick<MigrationScript, 'sql' | 'offset' | 'linesBefore'> {
  const linesBefore = text.slice(0, start).split('\n').length - 1;
  return { sql: text.slice(start, end), offset: start, linesBefore };
}

/** A script with the hash of its SQL, which is worked out when somebody asks for it. */
export function migrationScript(parts: Omit<MigrationScript, 'contentHash'>): MigrationScript {
  let hash: string | null = null;
  return {
    ...parts,
    get contentHash() {
      return (hash ??= contentHash(parts.sql));
    },
  };
}

import { contentHash } from './content-hash';
import type { MigrationScript } from './layout';

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

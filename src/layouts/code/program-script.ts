import type { Files } from '../../ports/files';
import type { Direction, Migration, MigrationScript } from '../layout';
import { readDirection } from '../migration-script';
import { codeScript } from './embedded-sql';
import { readScript, type SqlPlaces } from './read-script';

/** What the text of a program tells of how its tool runs it. */
export interface ProgramReading {
  places: SqlPlaces;
  transaction: MigrationScript['transaction'];
}

/** The SQL of one direction of a program in TypeScript or JavaScript; null where it has no such direction. */
export async function programScript(
  migration: Migration,
  direction: Direction,
  files: Files,
  readingOf: (text: string) => ProgramReading,
): Promise<MigrationScript | null> {
  const read = await readDirection(migration, direction, files);
  if (!read) return null;
  const { places, transaction } = readingOf(read.text);
  const embedded = (await readScript(read.text, read.file, places))[direction];
  return embedded && codeScript({ path: read.file, source: read.text, direction, embedded, transaction });
}

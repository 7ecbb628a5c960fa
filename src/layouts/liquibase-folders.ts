import path from 'node:path';
import type { Files } from '../ports/files';
import { compareTexts } from './versions';

/** Folders of this name hold changelogs with all that is below them. */
const folderName = /^(?:db[._-])?changelogs?$|^liquibase$/i;
const deepest = 5;

export function isFolderOfChangelogs(folder: string): boolean {
  return folderName.test(path.basename(folder));
}

/** The folder that a SQL file's changesets are listed in: the outermost one named after changelogs, else its own. */
export function changelogFolderOf(file: string): string {
  const parts = path.dirname(file).split(path.sep);
  const place = parts.findIndex((part) => folderName.test(part));
  return place < 0 ? path.dirname(file) : parts.slice(0, place + 1).join(path.sep);
}

/** The SQL files that are listed in a folder, in the order of their paths. */
export async function sqlFilesBelow(folder: string, files: Files, depth = 0): Promise<string[]> {
  const goesDown = depth < deepest && (depth > 0 || isFolderOfChangelogs(folder));
  const entries = await files.list(folder);
  const found = await Promise.all(
    entries.map(async ({ name, kind }) => {
      const place = path.join(folder, name);
      if (kind === 'folder') return goesDown ? sqlFilesBelow(place, files, depth + 1) : [];
      return name.endsWith('.sql') ? [place] : [];
    }),
  );
  return found.flat().sort(compareTexts);
}

import path from 'node:path';
import type { LayoutId, Migration } from './layout';

/** What a file name tells of a migration whose two directions are in one file. */
export interface NamedFile {
  fileName: string;
  version: string;
  name: string;
}

/** Migrations of one file each, in the order of `files`; a second file of a version is a problem of the first. */
export function oneFileMigrations(
  layout: LayoutId,
  folder: string,
  files: readonly NamedFile[],
  sameVersion: (extra: string, first: string) => string,
): Migration[] {
  const byVersion = new Map<string, Migration>();
  for (const { fileName, version, name } of files) {
    const first = byVersion.get(version);
    const file = path.join(folder, fileName);
    if (!first) byVersion.set(version, { version, name, folder, layout, upPath: file, downPath: file });
    else {
      const problem = sameVersion(fileName, path.basename(first.upPath));
      first.problems = [...(first.problems ?? []), problem];
    }
  }
  return [...byVersion.values()];
}

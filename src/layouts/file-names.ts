import type { FileEntry } from '../ports/files';

/** The names of the files among what is in a folder. */
export function fileNames(entries: readonly FileEntry[]): string[] {
  return entries.filter((entry) => entry.kind === 'file').map((entry) => entry.name);
}

import path from 'node:path';
import type { FileEntry, Files } from './files';

/** How files would lie after a change that was not made. */
export interface FileChanges {
  /** Files or folders by their path, with the path they would have. */
  renamed?: ReadonlyMap<string, string>;
  /** Empty files that would be there. */
  added?: readonly string[];
  /** Which entries of a folder stay; all unless said. */
  keeps?: (folder: string, entry: FileEntry) => boolean;
}

/** The same files as they would be read after the change. */
export function changedFiles(files: Files, { renamed = new Map(), added = [], keeps }: FileChanges): Files {
  const back = new Map([...renamed].map(([from, to]) => [to, from]));
  const before = (place: string): string => {
    for (const [to, from] of back) {
      if (place === to) return from;
      if (place.startsWith(to + path.sep)) return from + place.slice(to.length);
    }
    return place;
  };
  const list = async (folder: string): Promise<FileEntry[]> => {
    const old = before(folder);
    const entries = new Map<string, FileEntry>();
    for (const entry of await files.list(old)) {
      const to = renamed.get(path.join(old, entry.name));
      const name = to === undefined ? entry.name : path.basename(to);
      if (keeps?.(folder, entry) ?? true) entries.set(name, { ...entry, name });
    }
    for (const file of added) {
      const [name, ...rest] = path.relative(folder, file).split(path.sep);
      if (name && name !== '..') entries.set(name, { name, kind: rest.length > 0 ? 'folder' : 'file' });
    }
    return [...entries.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  };
  const isAdded = (file: string): boolean => added.includes(file);
  return {
    ...files,
    list,
    read: (file) => (isAdded(file) ? Promise.resolve('') : files.read(before(file))),
    readIfExists: (file) => (isAdded(file) ? Promise.resolve('') : files.readIfExists(before(file))),
    exists: async (file) => isAdded(file) || (!renamed.has(file) && (await files.exists(before(file)))),
  };
}

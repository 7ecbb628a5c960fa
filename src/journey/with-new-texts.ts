import path from 'node:path';
import type { FileEntry, Files } from '../ports/files';

/** The same files as they would be with these texts written, by absolute path. */
export function withNewTexts(files: Files, texts: ReadonlyMap<string, string>): Files {
  const own = new Map([...texts].map(([file, text]) => [path.resolve(file), text]));
  const textOf = (file: string): string | undefined => own.get(path.resolve(file));
  return {
    ...files,
    made: undefined,
    exists: async (file) => textOf(file) !== undefined || (await files.exists(file)),
    read: async (file) => textOf(file) ?? (await files.read(file)),
    readIfExists: async (file) => textOf(file) ?? (await files.readIfExists(file)),
    list: async (folder) => {
      const entries = new Map((await files.list(folder)).map((entry) => [entry.name, entry]));
      for (const file of own.keys()) {
        const [name, ...rest] = path.relative(folder, file).split(path.sep);
        if (!name || name === '..' || path.isAbsolute(name) || entries.has(name)) continue;
        entries.set(name, { name, kind: rest.length === 0 ? 'file' : 'folder' });
      }
      const order = (one: FileEntry, other: FileEntry): number => (one.name < other.name ? -1 : 1);
      return [...entries.values()].sort(order);
    },
  };
}

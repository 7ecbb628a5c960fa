import path from 'node:path';
import { SwitchbackError } from '../../src/messages/error';
import type { Files, FileEntry } from '../../src/ports/files';

/** Files in memory for tests. Bytes that are not UTF-8 are refused, as on a disk. */
export function memoryFiles(
  initial: Record<string, string | Uint8Array> = {},
): Files & { paths(): string[] } {
  const contents = new Map(Object.entries(initial).map(([file, text]) => [path.resolve(file), text]));
  const text = (file: string): string | null => {
    const content = contents.get(path.resolve(file));
    if (content === undefined || typeof content === 'string') return content?.replace(/^\uFEFF/, '') ?? null;
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(content);
    } catch (cause) {
      throw new SwitchbackError('invalid-file', `${file} is not UTF-8. Save it as UTF-8.`, { cause });
    }
  };
  return {
    paths: () => [...contents.keys()].sort(),
    read: async (file) => {
      const found = text(file);
      if (found === null) throw new SwitchbackError('not-found', `There is no file ${file}.`);
      return found;
    },
    readIfExists: async (file) => text(file),
    write: async (file, content) => void contents.set(path.resolve(file), content),
    rename: async (file, to) => {
      const [from, target] = [path.resolve(file), path.resolve(to)];
      const below = (known: string, place: string): boolean =>
        known === place || known.startsWith(place + path.sep);
      const moved = [...contents.keys()].filter((known) => below(known, from));
      if (moved.length === 0) throw new SwitchbackError('not-found', `There is no file ${file}.`);
      if ([...contents.keys()].some((known) => below(known, target)))
        throw new SwitchbackError('invalid-file', `${to} is there already.`);
      for (const known of moved) {
        contents.set(target + known.slice(from.length), contents.get(known)!);
        contents.delete(known);
      }
    },
    remove: async (file) => void contents.delete(path.resolve(file)),
    exists: async (file) =>
      [...contents.keys()].some(
        (known) => known === path.resolve(file) || known.startsWith(path.resolve(file) + path.sep),
      ),
    list: async (folder) => entriesOf([...contents.keys()], path.resolve(folder)),
    find: async (folder, glob) =>
      [...contents.keys()].filter((file) => matches(path.relative(path.resolve(folder), file), glob)).sort(),
  };
}

function entriesOf(files: readonly string[], folder: string): FileEntry[] {
  const entries = new Map<string, FileEntry>();
  for (const file of files) {
    const relative = path.relative(folder, file);
    if (relative.startsWith('..') || relative === '') continue;
    const [name, ...rest] = relative.split(path.sep);
    entries.set(name!, { name: name!, kind: rest.length > 0 ? 'folder' : 'file' });
  }
  return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Enough of globs for tests: `**\/`, `*`, `{a,b}` and `[ab]`. */
function matches(relative: string, glob: string): boolean {
  if (relative.startsWith('..')) return false;
  const pattern = glob
    .replace(/[.+^$()|\\]/g, '\\$&')
    .replaceAll('{', '(?:')
    .replaceAll('}', ')')
    .replaceAll(',', '|')
    .replaceAll('**/', '\0')
    .replaceAll('*', '[^/]*')
    .replaceAll('\0', '(?:.*/)?');
  return new RegExp(`^${pattern}$`).test(relative.split(path.sep).join('/'));
}

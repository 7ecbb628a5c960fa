import path from 'node:path';
import type { Files } from '../ports/files';

/** The same files, with one of them as it stands in an editor. */
export function withText(files: Files, file: string, text: string): Files {
  const same = (other: string): boolean => path.resolve(other) === path.resolve(file);
  return {
    ...files,
    exists: (other) => (same(other) ? Promise.resolve(true) : files.exists(other)),
    read: (other) => (same(other) ? Promise.resolve(text) : files.read(other)),
    readIfExists: (other) => (same(other) ? Promise.resolve(text) : files.readIfExists(other)),
  };
}

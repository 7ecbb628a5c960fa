import path from 'node:path';
import type { Files } from '../../ports/files';
import { nearestFile } from './node-command';

/** Whether a Python project near a folder names a package among what it needs. */
export async function needsPackage(folder: string, name: string, files: Files): Promise<boolean> {
  const file = await nearestFile(
    folder,
    ['pyproject.toml', 'requirements.txt', 'Pipfile', 'setup.cfg'],
    files,
  );
  const text = file === null ? null : await files.readIfExists(file).catch(() => null);
  return text !== null && new RegExp(`(^|[\\s"'])${name}\\b`, 'im').test(text);
}

/** The name of a module of Python without its ending; null for another file, and for the module of the folder itself. */
export function moduleStem(file: string): string | null {
  const name = path.basename(file);
  return /^(?!__)[^.]+\.py$/.test(name) ? name.slice(0, -3) : null;
}

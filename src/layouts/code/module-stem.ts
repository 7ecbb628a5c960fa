import path from 'node:path';

/** The name of a module of Python without its ending; null for another file, and for the module of the folder itself. */
export function moduleStem(file: string): string | null {
  const name = path.basename(file);
  return /^(?!__)[^.]+\.py$/.test(name) ? name.slice(0, -3) : null;
}

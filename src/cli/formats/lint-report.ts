import path from 'node:path';
import type { LintResult } from '../../journey/outcomes';

/** What a format writes down. */
export interface LintReport {
  result: LintResult;
  /** The workspace folder; absolute. */
  root: string;
  /** Paths as they were given, absolute or relative to the folder. */
  given: readonly string[];
}

/** How a file is called: relative to the workspace folder with `/`, or absolute where its path was given so. */
export function nameAsGiven({ root, given }: LintReport, file: string): (path: string) => string {
  const by = given.filter((item) => isBelow(path.resolve(root, item), file));
  const absolute = by.length > 0 && by.every((item) => path.isAbsolute(item));
  return (each) => withSlashes(absolute ? each : relativeTo(root, each));
}

/** Relative to the workspace folder with `/`; absolute for a file outside of it. */
export function nameInWorkspace(root: string, file: string): string {
  return withSlashes(isBelow(root, file) ? relativeTo(root, file) : file);
}

/** What lies below the folder, as nearly all does, needs no more than to be cut. */
function relativeTo(root: string, file: string): string {
  const start = root.endsWith(path.sep) ? root : root + path.sep;
  return file.startsWith(start) ? file.slice(start.length) : path.relative(root, file);
}

function isBelow(folder: string, file: string): boolean {
  return file === folder || file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}

function withSlashes(name: string): string {
  return path.sep === '/' ? name : name.split(path.sep).join('/');
}

import path from 'node:path';
import type { Files } from '../../ports/files';
import type { ScriptSyntax } from './render-script';

/**
 * How JavaScript in a folder is written: the "type" of the nearest package.json, CommonJS without one.
 * https://nodejs.org/api/packages.html#determining-module-system
 */
export async function scriptSyntax(folder: string, files: Files): Promise<ScriptSyntax> {
  for (let current = folder; ; current = path.dirname(current)) {
    const text = await files.readIfExists(path.join(current, 'package.json'));
    if (text !== null) return isModule(text) ? 'module' : 'commonjs';
    if (path.dirname(current) === current) return 'commonjs';
  }
}

function isModule(text: string): boolean {
  try {
    return (JSON.parse(text) as { type?: unknown } | null)?.type === 'module';
  } catch {
    // Node refuses such a file by itself, and says why.
    return false;
  }
}

import path from 'node:path';
import type { Files } from '../../ports/files';
import { placesAbove } from './node-command';

const environments = [
  ['.venv', 'bin', 'python'],
  ['venv', 'bin', 'python'],
  ['env', 'bin', 'python'],
  ['.venv', 'Scripts', 'python.exe'],
  ['venv', 'Scripts', 'python.exe'],
  ['env', 'Scripts', 'python.exe'],
] as const;

/** The Python of the nearest virtual environment, in a folder or above it in the workspace; without one, the one on the path. */
export async function pythonOf(folder: string, files: Files): Promise<string> {
  for (const place of placesAbove(folder, files)) {
    for (const parts of environments) {
      const program = path.join(place, ...parts);
      if (await files.exists(program)) return program;
    }
  }
  return process.platform === 'win32' ? 'python' : 'python3';
}

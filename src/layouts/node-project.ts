import path from 'node:path';
import type { Files } from '../ports/files';

/** How far above a migrations folder its project is looked for. */
const foldersUp = 4;

/** Whether the package.json nearest to a folder names one of these packages among what the project depends on. */
export async function dependsOn(folder: string, packages: readonly string[], files: Files): Promise<boolean> {
  const manifest = await nearest(folder, 'package.json', files);
  return manifest !== null && packages.some((name) => new RegExp(`"${name}"\\s*:`).test(manifest));
}

/** The text of the nearest file of a name, in the folder itself or above it; null where there is none to read. */
async function nearest(folder: string, name: string, files: Files): Promise<string | null> {
  let place = folder;
  for (let up = 0; up <= foldersUp; up += 1) {
    const text = await files.readIfExists(path.join(place, name)).catch(() => null);
    if (text !== null) return text;
    place = path.dirname(place);
  }
  return null;
}

import path from 'node:path';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { Files } from '../../ports/files';
import type { ToolCommand } from '../layout-tool';

/**
 * A folder and those above it, up to the workspace's own: what lies above that is nobody's whom the user trusts. Of a
 * folder outside the workspace it is that folder alone.
 */
export function* placesAbove(folder: string, { root }: Pick<Files, 'root'>): Generator<string> {
  for (let place = folder; ; place = path.dirname(place)) {
    yield place;
    if (path.dirname(place) === place || (root !== undefined && !isBelow(place, root))) return;
  }
}

/** The folder itself is not below it. */
function isBelow(place: string, root: string): boolean {
  const way = path.relative(root, place);
  return way !== '' && way.split(path.sep)[0] !== '..' && !path.isAbsolute(way);
}

/** The nearest file of one of these names, in a folder or above it in the workspace. Null where there is none. */
export async function nearestFile(
  folder: string,
  names: readonly string[],
  files: Files,
): Promise<string | null> {
  for (const place of placesAbove(folder, files)) {
    for (const name of names) {
      const file = path.join(place, name);
      if (await files.exists(file)) return file;
    }
  }
  return null;
}

/** As `nearestFile`. Throws `not-found` where the tool's configuration is not there. */
export async function requireNearest(
  folder: string,
  names: readonly string[],
  tool: string,
  files: Files,
): Promise<string> {
  const found = await nearestFile(folder, names, files);
  if (found) return found;
  throw new SwitchbackError(
    'not-found',
    t(
      '{0} cannot be called: there is no {1} in {2} or above it. Write one, or name the command under "toolCommands" in .switchback/config.json.',
      tool,
      names[0]!,
      folder,
    ),
  );
}

/** A program of the project's own packages, run in a folder of it; what is not installed is not fetched. */
export function nodeCommand(folder: string, program: string, ...args: string[]): ToolCommand {
  return { program: 'npx', args: ['--no-install', program, ...args], folder };
}

import path from 'node:path';
import type { Layout, Migration } from '../../layouts/layout';
import type { Files } from '../../ports/files';

const scriptPattern = /^([0-9]+)[_-](.+)\.(?:ts|mts|cts|js|mjs|cjs)$/i;

/** The migrations of a folder, those written as TypeScript and JavaScript too, whose versions are taken as well. */
export async function writtenVersions(layout: Layout, folder: string, files: Files): Promise<Migration[]> {
  const entries = await files.list(folder);
  const scripts = entries.flatMap((entry): Migration[] => {
    const match = entry.kind === 'file' ? scriptPattern.exec(entry.name) : null;
    if (!match) return [];
    const upPath = path.join(folder, entry.name);
    return [{ version: match[1]!, name: match[2]!, folder, layout: layout.id, upPath, downPath: null }];
  });
  return [...(await layout.list(folder, files)), ...scripts];
}

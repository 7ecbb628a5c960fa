import path from 'node:path';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import type { Migration } from './layout';
import { addProblems, addTwins } from './migration-problems';
import { fileNames } from './file-names';

export const upName = 'up.sql';
export const downName = 'down.sql';
export const metadataName = 'metadata.toml';

/** What is recorded of a folder's name: its text before the first `_`, without dashes. */
export function dieselVersion(name: string): string {
  return name.split('_', 1)[0]!.replaceAll('-', '');
}

/**
 * The migrations of a folder by name: each folder in it that is not hidden. One without an up.sql makes the tool refuse
 * all of them, which is told of the first.
 */
export async function dieselMigrations(folder: string, files: Files): Promise<Migration[]> {
  const entries = await files.list(folder);
  const names = entries
    .filter((entry) => entry.kind === 'folder' && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
  const inside = await Promise.all(names.map((name) => files.list(path.join(folder, name))));
  const byVersion = new Map<string, Migration>();
  const refused: string[] = [];
  names.forEach((name, index) => {
    const there = new Set(fileNames(inside[index]!));
    if (!there.has(upName)) {
      refused.push(name);
      return;
    }
    const migration = migrationOf(folder, name, there.has(downName));
    const twin = byVersion.get(migration.version);
    if (!twin) byVersion.set(migration.version, migration);
    else
      addTwins(twin, [
        {
          path: path.join(folder, name),
          sentence: t(
            '{0} has the same version as {1}, and Diesel runs only one of them. Rename one of them.',
            name,
            path.basename(path.dirname(twin.upPath)),
          ),
        },
      ]);
  });
  const migrations = [...byVersion.values()];
  for (const name of refused) {
    if (migrations[0])
      addProblems(migrations[0], [
        t('The folder {0} has no up.sql, so Diesel refuses all migrations. Add the file, or move it.', name),
      ]);
  }
  return migrations;
}

function migrationOf(folder: string, name: string, hasDown: boolean): Migration {
  const place = path.join(folder, name);
  const words = name.includes('_') ? name.slice(name.indexOf('_') + 1) : '';
  return {
    version: dieselVersion(name),
    name: words,
    folder,
    layout: 'diesel',
    upPath: path.join(place, upName),
    downPath: hasDown ? path.join(place, downName) : null,
  };
}

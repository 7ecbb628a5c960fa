import path from 'node:path';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { compareFlywayVersions, flywayVersionKey, parseFlywayName, type FlywayName } from './flyway-names';
import type { Migration, MigrationTwin } from './layout';
import { addTwins } from './migration-problems';

interface NamedFile {
  file: string;
  name: FlywayName;
}

/** The files of a folder that Flyway takes, in no order of versions. */
export async function flywayFiles(folder: string, files: Files): Promise<NamedFile[]> {
  const entries = await files.list(folder);
  return entries.flatMap((entry) => {
    const name = entry.kind === 'file' ? parseFlywayName(entry.name) : null;
    return name ? [{ file: entry.name, name }] : [];
  });
}

/** The versioned migrations, each with the undo file of its version. Two files of one version are a problem of the first. */
export async function flywayMigrations(folder: string, files: Files): Promise<Migration[]> {
  const named = await flywayFiles(folder, files);
  const undos = byVersion(named, 'U');
  const migrations = [...byVersion(named, 'V')].map(([key, [first, ...more]]): Migration => {
    const [undo, ...moreUndos] = undos.get(key) ?? [];
    const twins = [
      ...more.map((extra) => sameVersion(folder, extra.file, first!.file)),
      ...moreUndos.map((extra) => sameVersion(folder, extra.file, undo!.file)),
    ];
    const migration: Migration = {
      version: first!.name.version,
      name: first!.name.description,
      folder,
      layout: 'flyway',
      upPath: path.join(folder, first!.file),
      downPath: undo ? path.join(folder, undo.file) : null,
    };
    addTwins(migration, twins);
    return migration;
  });
  return migrations.sort((a, b) => compareFlywayVersions(a.version, b.version));
}

function byVersion(named: readonly NamedFile[], prefix: 'V' | 'U'): Map<string, NamedFile[]> {
  const groups = new Map<string, NamedFile[]>();
  for (const each of named) {
    if (each.name.prefix !== prefix) continue;
    const key = flywayVersionKey(each.name.version);
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  return groups;
}

function sameVersion(folder: string, extra: string, first: string): MigrationTwin {
  return {
    path: path.join(folder, extra),
    sentence: t('{0} has the same version as {1}, which Flyway refuses. Rename one of them.', extra, first),
  };
}

import path from 'node:path';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import {
  compareFlywayVersions,
  flywayVersionKey,
  migrationVersion,
  parseFlywayName,
  type FlywayName,
  type FlywayPrefix,
} from './flyway-names';
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

/** Its prefix with what tells one kind's files apart: all ways to write one version, or one description, are the same. */
function keyOf({ prefix, version, description }: FlywayName): string {
  return prefix === 'R' ? `R ${description}` : `${prefix} ${flywayVersionKey(version)}`;
}

/**
 * The migrations, each with the undo file of its version, in Flyway's order: baselines behind the version that they stand
 * for, repeatable ones last. Two files of one version, or of one description, are a problem of the first.
 */
export async function flywayMigrations(folder: string, files: Files): Promise<Migration[]> {
  const groups = new Map<string, NamedFile[]>();
  for (const each of await flywayFiles(folder, files)) {
    const key = keyOf(each.name);
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  const migrations = [...groups.values()].flatMap(([first, ...more]): Migration[] => {
    const { prefix } = first!.name;
    if (prefix === 'U') return [];
    const [undo, ...moreUndos] =
      prefix === 'V' ? (groups.get(keyOf({ ...first!.name, prefix: 'U' })) ?? []) : [];
    const migration: Migration = {
      version: migrationVersion(first!.name),
      name: first!.name.description,
      folder,
      layout: 'flyway',
      upPath: path.join(folder, first!.file),
      downPath: undo ? path.join(folder, undo.file) : null,
      ...kindOf(prefix),
    };
    addTwins(migration, [
      ...more.map((extra) => sameVersion(folder, extra, first!.file)),
      ...moreUndos.map((extra) => sameVersion(folder, extra, undo!.file)),
    ]);
    return [migration];
  });
  return migrations.sort((a, b) => compareFlywayVersions(a.version, b.version));
}

function kindOf(prefix: FlywayPrefix): Partial<Migration> {
  switch (prefix) {
    case 'V':
    case 'U':
      return {};
    case 'B':
      return { kind: 'baseline' };
    case 'R':
      return { kind: 'repeatable', repeats: 'changed' };
  }
}

function sameVersion(folder: string, { file, name }: NamedFile, first: string): MigrationTwin {
  const sentence =
    name.prefix === 'R'
      ? t('{0} has the same description as {1}, which Flyway refuses. Rename one of them.', file, first)
      : t('{0} has the same version as {1}, which Flyway refuses. Rename one of them.', file, first);
  return { path: path.join(folder, file), sentence };
}

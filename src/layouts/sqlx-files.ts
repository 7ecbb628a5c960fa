import path from 'node:path';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import type { Migration } from './layout';
import { addProblems, addTwins } from './migration-problems';
import { compareVersions } from './versions';
import { fileNames } from './file-names';

/** Where the way back of a simple migration lies: sqlx looks into no subfolder. */
export const downFolder = 'down';

const highestVersion = String(2n ** 63n - 1n);

interface SqlxFile {
  fileName: string;
  version: string;
  description: string;
  form: 'simple' | 'up' | 'down';
}

/** Whether sqlx takes a file of this name for a migration: digits that fit 64 bits, `_`, words, `.sql` in small letters. */
export function isVersioned(fileName: string): boolean {
  return parse(fileName) !== null;
}

/** The migrations of a folder in the order of sqlx, with our own ways back of the simple ones. */
export async function sqlxMigrations(folder: string, files: Files): Promise<Migration[]> {
  const entries = await files.list(folder);
  const names = fileNames(entries);
  const ownDowns = entries.some((entry) => entry.kind === 'folder' && entry.name === downFolder)
    ? (await files.list(path.join(folder, downFolder))).map((entry) => entry.name)
    : [];
  const groups = new Map<string, SqlxFile[]>();
  const refused: string[] = [];
  for (const name of names) {
    const file = parse(name);
    if (!file) {
      if (/^[^_]*_.*\.sql$/s.test(name)) refused.push(name);
      continue;
    }
    const group = groups.get(file.version);
    if (group) group.push(file);
    else groups.set(file.version, [file]);
  }
  const own = new Set(ownDowns);
  const migrations = [...groups.values()]
    .map((group) => migrationOf(folder, group, own))
    .sort((a, b) => compareVersions(a.version, b.version));
  const first = migrations[0];
  if (first && refused.length > 0) {
    addProblems(
      first,
      refused.map((name) =>
        t('{0} has no version before its first "_", so sqlx refuses the folder. Rename or move it.', name),
      ),
    );
  }
  return migrations;
}

function parse(fileName: string): SqlxFile | null {
  const match = /^(\d+)_(.*)\.sql$/s.exec(fileName);
  if (!match) return null;
  const version = match[1]!.replace(/^0+(?=\d)/, '');
  if (compareVersions(version, highestVersion) > 0) return null;
  const words = fileName.slice(match[1]!.length + 1);
  const form = words.endsWith('.up.sql') ? 'up' : words.endsWith('.down.sql') ? 'down' : 'simple';
  const suffix = form === 'simple' ? '.sql' : `.${form}.sql`;
  let description = words;
  // Rust's trim_end_matches takes the suffix off as often as it is there.
  while (description.endsWith(suffix)) description = description.slice(0, -suffix.length);
  return {
    fileName,
    version,
    description: description.replaceAll('_', ' '),
    form,
  };
}

function migrationOf(folder: string, group: readonly SqlxFile[], ownDowns: ReadonlySet<string>): Migration {
  const [up, ...moreUps] = group.filter((file) => file.form !== 'down');
  const [down, ...moreDowns] = group.filter((file) => file.form === 'down');
  const twins = [...moreUps, ...moreDowns].map((extra) => ({
    path: path.join(folder, extra.fileName),
    sentence: t(
      '{0} has the same version as {1}, and sqlx can record only one of them. Rename one of them.',
      extra.fileName,
      (up ?? down!).fileName,
    ),
  }));
  const upName = up?.fileName ?? down!.fileName.replace(/\.down\.sql$/, '.up.sql');
  const downName =
    down?.fileName ?? (up!.form === 'simple' && ownDowns.has(upName) ? path.join(downFolder, upName) : null);
  const migration: Migration = {
    version: (up ?? down!).version,
    name: (up ?? down!).description,
    folder,
    layout: 'sqlx',
    upPath: path.join(folder, upName),
    downPath: downName === null ? null : path.join(folder, downName),
  };
  addTwins(migration, twins);
  if (!up) addProblems(migration, [t('{0} has no up file. Add {1}, or remove it.', down!.fileName, upName)]);
  return migration;
}

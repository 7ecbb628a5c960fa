import path from 'node:path';
import { t } from '../messages/translate';
import { programStem } from './code/script-migrations';
import type { Migration } from './layout';
import { addTwins } from './migration-problems';
import { sortNames } from './node-pg-migrate-names';

const sqlFile = /^\d+.*\.sql$/i;
const codeFile = /^\d+.*\.[cm]?[jt]s$/i;

/** Whether a file's name is that of a migration, in SQL or in code. */
export function isNodePgFile(name: string): boolean {
  return sqlFile.test(name) || isCodeFile(name);
}

function isCodeFile(name: string): boolean {
  return codeFile.test(name) && programStem(name) !== null;
}

/** The migrations among the files of a folder, in the tool's order. Of one name, the SQL comes before the code. */
export function nodePgMigrations(folder: string, names: readonly string[]): Migration[] {
  const byVersion = new Map<string, Migration>();
  for (const name of [...names.filter((each) => sqlFile.test(each)), ...names.filter(isCodeFile)]) {
    const version = stemOf(name);
    const twin = byVersion.get(version);
    if (twin) addTwin(twin, name);
    else byVersion.set(version, migrationOf(folder, name, version));
  }
  return sortNames([...byVersion.values()]);
}

/** The words of a name, without the number it begins with. */
export function wordsOf(version: string): string {
  return version.replace(/^\d+[_-]?/, '');
}

/** The name the tool records: the file's, without its extension. */
function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}

function migrationOf(folder: string, name: string, version: string): Migration {
  const file = path.join(folder, name);
  return {
    version,
    name: wordsOf(version),
    folder,
    layout: 'node-pg-migrate',
    upPath: file,
    downPath: file,
    ...(isCodeFile(name) ? { isCode: true as const } : {}),
  };
}

function addTwin(migration: Migration, name: string): void {
  const sentence = t(
    '{0} has the same name as {1}, and node-pg-migrate would record both as one migration. Rename one of them.',
    name,
    path.basename(migration.upPath),
  );
  addTwins(migration, [{ path: path.join(migration.folder, name), sentence }]);
}

import path from 'node:path';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { journalPath, parseJournal, type JournalEntry } from './drizzle-journal';
import type { Migration } from './layout';
import { addProblems, addTwins } from './migration-problems';
import { compareVersions } from './versions';
import { fileNames } from './file-names';

/** Ours: the tool reads what its journal names, and that lies in the folder itself. */
export const downFolder = 'down';

/**
 * The migrations of a folder in the order of its journal, each with what is wrong with its entry. Throws
 * `invalid-file` for a journal that cannot be read.
 */
export async function listDrizzleMigrations(folder: string, files: Files): Promise<Migration[]> {
  const file = journalPath(folder);
  const text = await files.readIfExists(file);
  if (text === null) return [];
  const { entries } = parseJournal(text, file);
  const names = await namesIn(folder, files);
  const downs = await namesIn(path.join(folder, downFolder), files);
  const byVersion = new Map<string, Migration>();
  for (const entry of entries) {
    const twin = byVersion.get(String(entry.when));
    if (twin) addTwins(twin, [{ path: path.join(folder, `${entry.tag}.sql`), sentence: sameTime(entry) }]);
    else byVersion.set(String(entry.when), migrationOf(folder, entry, names, downs));
  }
  const migrations = [...byVersion.values()];
  nameOvertaken(migrations);
  nameStrays(migrations, entries, names);
  return migrations;
}

function migrationOf(
  folder: string,
  { tag, when }: JournalEntry,
  names: ReadonlySet<string>,
  downs: ReadonlySet<string>,
): Migration {
  const file = `${tag}.sql`;
  const migration: Migration = {
    version: String(when),
    name: /^\d+_(.+)$/.exec(tag)?.[1] ?? tag,
    folder,
    layout: 'drizzle',
    upPath: path.join(folder, file),
    downPath: downs.has(file) ? path.join(folder, downFolder, file) : null,
  };
  if (!names.has(file)) {
    addProblems(migration, [
      t('meta/_journal.json names {0}, which is not there, and Drizzle stops at it. Restore the file.', file),
    ]);
  }
  return migration;
}

async function namesIn(folder: string, files: Files): Promise<Set<string>> {
  return new Set(fileNames(await files.list(folder)));
}

function sameTime({ tag }: JournalEntry): string {
  return t(
    '{0}.sql has the same "when" in meta/_journal.json: once one of them is applied, Drizzle leaves the other out. Give it a later one.',
    tag,
  );
}

/** An entry with an earlier time than one before it, as a merge of two branches leaves it. */
function nameOvertaken(migrations: readonly Migration[]): void {
  let latest: Migration | null = null;
  for (const migration of migrations) {
    if (latest === null || compareVersions(migration.version, latest.version) > 0) {
      latest = migration;
      continue;
    }
    addProblems(migration, [
      t(
        '{0} has an earlier "when" in meta/_journal.json than {1} before it: where that one is applied, Drizzle leaves this one out. Give it a later one.',
        path.basename(migration.upPath),
        path.basename(latest.upPath),
      ),
    ]);
  }
}

/** Numbered files that the journal does not name; the last migration carries them. */
function nameStrays(
  migrations: readonly Migration[],
  entries: readonly JournalEntry[],
  names: ReadonlySet<string>,
): void {
  const last = migrations.at(-1);
  const known = new Set(entries.map(({ tag }) => `${tag}.sql`));
  for (const name of names) {
    if (!last || known.has(name) || !/^\d{4,}_.*\.sql$/.test(name)) continue;
    addProblems(last, [
      t('{0} is not in meta/_journal.json: Drizzle never runs it. Add it there, or remove it.', name),
    ]);
  }
}

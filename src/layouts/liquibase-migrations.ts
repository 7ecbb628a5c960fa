import { createHash } from 'node:crypto';
import path from 'node:path';
import { t } from '../messages/translate';
import { madeOf } from '../ports/asked-once';
import type { Files } from '../ports/files';
import { TextPositions } from '../sql/positions';
import type { Direction, Migration, MigrationScript } from './layout';
import { barePath, readChangelogs, recordedPath, type ChangelogTree } from './liquibase-changelog';
import { changesetsOf, isFormattedSql, trimmed, type Changeset, type SqlPart } from './liquibase-file';
import { changelogFolderOf, sqlFilesBelow } from './liquibase-folders';
import { addProblems } from './migration-problems';
import { migrationScript } from './migration-script';

/** What tells one changeset from all others. */
export interface ChangesetKey {
  path: string;
  id: string;
  author: string;
}

/** As the tool names a changeset in its messages: `path::id::author`. */
export function versionOf({ path: file, id, author }: ChangesetKey): string {
  return `${file}::${id}::${author}`;
}

export function keyOf(version: string): ChangesetKey {
  const [file = '', ...rest] = version.split('::');
  return { path: file, id: rest.slice(0, -1).join('::'), author: rest.at(-1) ?? '' };
}

const filesAtOnce = 64;

/** The changesets of a folder that the tool would run on PostgreSQL, in the order of the changelogs that name them. */
export async function listChangesets(folder: string, files: Files): Promise<Migration[]> {
  const tree = await readChangelogs(folder, files);
  const own = tree.items.flatMap((item) =>
    item.kind === 'file' && changelogFolderOf(item.file) === folder ? [item.file] : [],
  );
  const texts = await readAll(own, files);
  const byVersion = new Map<string, Migration>();
  for (const file of own) {
    const text = texts.get(file) ?? null;
    // Where no changelog names it, a file of plain SQL is nothing to the tool.
    if (tree.root === null && !isFormattedSql(text ?? '')) continue;
    for (const changeset of changesetsIn(text)) {
      const key = { ...changeset, path: changeset.logicalPath ?? recordedPath(tree.searchFolder, file) };
      const version = versionOf({ ...key, path: barePath(key.path) });
      const twin = byVersion.get(version);
      if (twin) addProblems(twin, [sameVersion(version)]);
      else byVersion.set(version, migrationOf(folder, file, version, changeset));
    }
  }
  const migrations = [...byVersion.values()];
  const first = migrations[0];
  if (!first) return [];
  addProblems(first, await neverRun(tree, folder, own, files));
  const code = tree.items.flatMap((item) => (item.kind === 'changeset' ? [item.version] : []));
  if (code.length > 0) first.codeVersions = code;
  return migrations;
}

/** A file that is no formatted SQL is one changeset to the tool, which names it so. */
export function changesetsIn(text: string | null): Changeset[] {
  if (text === null) return [];
  const found = isFormattedSql(text) ? changesetsOf(text) : [wholeFile(text)];
  return found.filter(({ ignored, dbms }) => !ignored && isForPostgres(dbms));
}

function wholeFile(text: string): Changeset {
  return {
    ...{ id: 'raw', author: 'includeAll', logicalPath: null, comment: '', context: null, labels: null },
    ...{ dbms: null, ignored: false, inTransaction: true, runsAgain: false, validChecksums: [] },
    ...{ up: { text, offset: 0 }, sql: trimmed(text), rollback: { kind: 'none' } },
  };
}

/** https://docs.liquibase.com/concepts/changelogs/attributes/dbms.html */
function isForPostgres(dbms: string | null): boolean {
  const names = (dbms ?? '').toLowerCase().split(',').filter(Boolean);
  if (names.length === 0 || names.includes('all')) return true;
  if (names.includes('none') || names.includes('!postgresql')) return false;
  return names.includes('postgresql') || names.every((name) => name.startsWith('!'));
}

async function readAll(paths: readonly string[], files: Files): Promise<Map<string, string | null>> {
  const texts = new Map<string, string | null>();
  for (let from = 0; from < paths.length; from += filesAtOnce) {
    await Promise.all(
      paths
        .slice(from, from + filesAtOnce)
        // One that cannot be read says so when its script is asked for.
        .map(async (file) => texts.set(file, await files.readIfExists(file).catch(() => ''))),
    );
  }
  return texts;
}

function migrationOf(folder: string, file: string, version: string, changeset: Changeset): Migration {
  const migration: Migration = {
    version,
    name: changeset.id,
    folder,
    layout: 'liquibase',
    upPath: file,
    downPath: file,
  };
  if (changeset.sql === '')
    addProblems(migration, [t('Liquibase refuses the changeset {0}: it has no SQL. Remove it.', version)]);
  return migration;
}

function sameVersion(version: string): string {
  return t('There is a second changeset {0}, which Liquibase refuses. Give it another id.', version);
}

/** SQL files beside the listed ones that no changelog names. */
async function neverRun(
  { root }: ChangelogTree,
  folder: string,
  listed: readonly string[],
  files: Files,
): Promise<string[]> {
  if (root === null) return [];
  const known = new Set(listed);
  const left = (await sqlFilesBelow(folder, files)).filter((file) => !known.has(file));
  const texts = await readAll(left, files);
  return left
    .filter((file) => isFormattedSql(texts.get(file) ?? ''))
    .map((file) =>
      t(
        'Liquibase never runs {0}: {1} does not include it. Include it there, or remove it.',
        recordedPath(folder, file),
        path.basename(root),
      ),
    );
}

/** One direction of a changeset; null where it has none. Throws `invalid-file`. */
export async function changesetScript(
  migration: Migration,
  direction: Direction,
  files: Files,
): Promise<MigrationScript | null> {
  const text = await files.readIfExists(migration.upPath);
  if (text === null) return null;
  const { byKey, positions } = madeOf(files, text, changesetsOfText);
  const changeset = byKey.get(inFile(keyOf(migration.version)));
  if (!changeset) return null;
  const part = direction === 'up' ? changeset.up : partBack(changeset, byKey);
  if (part === null) return null;
  return migrationScript({
    path: migration.upPath,
    direction,
    sql: part.text,
    offset: part.offset,
    linesBefore: positions.at(part.offset).line - 1,
    transaction: changeset.inTransaction ? 'wrapped' : 'none',
    ...(direction === 'up' ? { checksum: checksumOf(changeset) } : {}),
  });
}

/** A file's changesets by what tells them apart in it, the first of each, with its lines. */
function changesetsOfText(text: string): { byKey: ReadonlyMap<string, Changeset>; positions: TextPositions } {
  const byKey = new Map<string, Changeset>();
  for (const changeset of changesetsIn(text))
    if (!byKey.has(inFile(changeset))) byKey.set(inFile(changeset), changeset);
  return { byKey, positions: new TextPositions(text) };
}

function inFile({ id, author }: { id: string | null; author: string | null }): string {
  return JSON.stringify([id, author]);
}

/** Another changeset's SQL is found in the same file; one of another file cannot be told from here. */
function partBack({ rollback }: Changeset, byKey: ReadonlyMap<string, Changeset>): SqlPart | null {
  switch (rollback.kind) {
    case 'none':
      return null;
    case 'sql':
      return rollback.part;
    case 'changeset': {
      if (rollback.path !== null) return null;
      return byKey.get(inFile(rollback))?.up ?? null;
    }
  }
}

/**
 * Checksum version 9, as Liquibase 4.22 and later record it: of the checksums of its changes, which for SQL is the MD5 of
 * all but its blanks. null where a parameter may stand for something: its value is not known here.
 */
export function checksumOf({ sql }: Pick<Changeset, 'sql'>): string | null {
  // The last sign that closes is looked for once: behind each that opens, it would take long where there is none.
  const parameter = sql.search(/\$\{[^}]/);
  if (parameter >= 0 && sql.lastIndexOf('}') > parameter) return null;
  return `9:${md5(`9:${md5(sql.replace(/[ \n\r\t]/g, ''))}:`)}`;
}

function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex');
}

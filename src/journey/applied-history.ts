import type { Catalog } from '../catalog/catalog';
import { readCatalog } from '../catalog/read-catalog';
import type { Session } from '../database/session';
import type { Migration } from '../layouts/layout';
import { migrationTitle } from '../layouts/migration-title';
import { runOnEmpty } from '../layouts/run-on-empty';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { readStatus, type FolderStatus } from './migrations';
import type { JourneyContext } from './workspace';

/** What a database has of a folder, as its history says. */
export interface AppliedHistory {
  folder: FolderStatus;
  /** The history table, as SQL names it. */
  table: string;
  /** What an empty database has to be given to have the same, in order. */
  migrations: Migration[];
  /** The first version in the folder that the database has not had; null where it had all. */
  firstPending: string | null;
  /** What replaying them cannot show, in sentences. */
  notes: string[];
}

/**
 * Reads what is applied of a folder: the one that is named (absolute path, or as the workspace calls it), else the only one.
 * Throws `usage` where several could be meant, `not-found` without any, `invalid-input` where the history cannot be read.
 */
export async function appliedHistory(
  context: JourneyContext,
  session: Session,
  wanted: string | null,
): Promise<AppliedHistory> {
  const folders = await readStatus(context, session);
  const folder = chosenFolder(folders, wanted);
  if (folder.historyTable === null) {
    throw new SwitchbackError(
      'invalid-input',
      folder.problems.join(' ') || t('What is applied of {0} is not known.', folder.label),
    );
  }
  const applied = folder.statuses.filter(
    ({ state, flags }) => state === 'applied' || flags.includes('runs-again'),
  );
  const migrations = applied.flatMap(({ migration }) => migration ?? []);
  const pending = folder.statuses.find(({ state, migration }) => state === 'pending' && !migration?.kind);
  return {
    folder,
    table: folder.historyTable,
    migrations: runOnEmpty(migrations, migrations.length),
    firstPending: pending?.version ?? null,
    notes: notesOf(folder, applied.length, folders),
  };
}

/** The folder that is named, else the only one. Throws `usage`, `not-found`. */
export function chosenFolder<Folder extends { folder: string; label: string }>(
  folders: readonly Folder[],
  wanted: string | null,
): Folder {
  if (wanted !== null) {
    const found = folders.find(({ folder, label }) => folder === wanted || label === wanted);
    if (found) return found;
    throw new SwitchbackError(
      'not-found',
      t('{0} is no migrations folder of this workspace. See "switchback status".', wanted),
    );
  }
  if (folders.length === 1) return folders[0]!;
  if (folders.length === 0)
    throw new SwitchbackError(
      'not-found',
      t('This workspace has no migrations folder that Switchback knows.'),
    );
  throw new SwitchbackError(
    'usage',
    t('Name one of the migrations folders: {0}.', folders.map(({ label }) => label).join(', ')),
  );
}

function notesOf(folder: FolderStatus, applied: number, folders: readonly FolderStatus[]): string[] {
  const { statuses, label } = folder;
  const titles = (of: typeof statuses): string => of.map(migrationTitle).join(', ');
  const notes: string[] = [];
  const say = (of: typeof statuses, sentence: (titles: string) => string): void =>
    void (of.length > 0 && notes.push(sentence(titles(of))));
  if (applied === 0) notes.push(t('Nothing of {0} is applied there.', label));
  say(
    statuses.filter(({ state }) => state === 'missing'),
    (names) =>
      t('Applied, and the folder has no such file: {0}. What they made is not in the replay.', names),
  );
  say(
    statuses.filter(({ flags }) => flags.includes('edited') || flags.includes('runs-again')),
    (names) => t('Applied from another text than the file has now, which was replayed: {0}.', names),
  );
  say(
    statuses.filter(({ state }) => state === 'failed'),
    (names) => t('Broke off there and was not replayed: {0}.', names),
  );
  const others = folders.filter(
    (other) =>
      other !== folder && other.statuses.some(({ state, applied: row }) => state === 'applied' && row),
  );
  if (others.length > 0)
    notes.push(
      t(
        'What other folders have made there counts as made outside of this one: {0}.',
        others.map((other) => other.label).join(', '),
      ),
    );
  return notes;
}

const catalogLimitMilliseconds = 60_000;

/** The schema of a database, read in a transaction that cannot write. */
export function readSchema(session: Session, signal: AbortSignal): Promise<Catalog> {
  return session.transaction(() => readCatalog(session, { signal }), {
    signal,
    readOnly: true,
    isolation: 'repeatable read',
    statementTimeoutMilliseconds: catalogLimitMilliseconds,
  });
}

/** A table and what comes with it, as the catalog names them. */
export function objectsOfTable({ objects }: Catalog, table: string): string[] {
  const owned = Object.entries(objects).filter(([, { properties }]) =>
    properties['owned by']?.startsWith(`${table}.`),
  );
  return [`table ${table}`, ...owned.map(([object]) => object)];
}

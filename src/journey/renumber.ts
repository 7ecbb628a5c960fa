import path from 'node:path';
import { updatePlanFile } from '../implement/scaffold/plan-file';
import type { Files } from '../ports/files';
import { changedFiles } from '../ports/renamed-files';
import { layoutById } from '../layouts/layouts';
import type { History, Layout, Migration } from '../layouts/layout';
import { lateMigration } from '../layouts/late-migrations';
import { renumberedNames, type RenumberedMigration } from '../layouts/renumber-migrations';
import { hasFolderEach, onlyByTool, versionHolder } from '../layouts/written-version';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Database } from './database';
import { layoutOf, migrationFolders, type MigrationFolder } from './migrations';
import { releasesToRenumber, type RenumberedReleases } from './renumbered-releases';
import type { JourneyContext } from './workspace';

/** What renumbering did; absolute paths. */
export interface RenumberOutcome {
  /** Files or folders. */
  renamed: { from: string; to: string }[];
  /** Folders of plans whose releases were written anew. */
  plans: string[];
}

/**
 * Gives pending migrations the next versions of their folder, in the order they have, and their files the names for it.
 * Asks first, with the old names and the new ones. Null when the answer was no. Throws `not-found`, `already-done` for
 * one that is applied, `invalid-input` for a layout whose files need more than another name.
 */
export async function renumberMigrations(
  context: JourneyContext,
  database: Database | null,
  paths: readonly string[],
): Promise<RenumberOutcome | null> {
  const chosen = await chosenMigrations(context, paths);
  const { folder, migrations } = chosen;
  const layout = layoutOf(folder);
  for (const migration of migrations) assertByName(migration, layout);
  const history = database ? await layout.history(folder.label, database.session) : null;
  const unsure: Migration[] = [];
  for (const migration of migrations) {
    const applied = await isApplied(context, layout, migration, history, chosen.twins);
    if (applied === 'yes') throw appliedError(migration, database!);
    if (applied === 'unknown') unsure.push(migration);
  }
  const { names, migrations: renumbered } = await renumberedNames({
    layout,
    folder: folder.folder,
    files: context.files,
    migrations,
    taken: history?.applied.filter(({ kind }) => !kind).map(({ version }) => version) ?? [],
    now: context.clock.now(),
  });
  const releases = await releasesToRenumber(context, renumbered);
  const agreed = await context.prompt.confirm({
    id: 'renumber',
    title:
      renumbered.length === 1
        ? t('Renumber {0}?', nameOf(migrations[0]!))
        : t('Renumber {0} migrations?', renumbered.length),
    detail: detailOf({ names, renumbered, unsure, database, folder, releases, root: context.workspace.root }),
    accept: t('Renumber'),
  });
  if (!agreed) return null;
  const beside = (await layout.reseal?.(folder.folder, names, context.files)) ?? [];
  const renamed = [...names].map(([from, to]) => ({ from, to }));
  await allOrNothing([
    ...renamed.map((names) => renaming(context.files, names)),
    ...beside.map((file) => writing(context.files, file)),
    ...releases.map((plan) => naming(context.files, plan)),
  ]);
  return { renamed, plans: releases.map(({ planFolder }) => planFolder) };
}

/** The migrations that files are of, in their folder's order, and whether others have the version of one. */
async function chosenMigrations(
  context: JourneyContext,
  paths: readonly string[],
): Promise<{ folder: MigrationFolder; migrations: Migration[]; twins: ReadonlySet<Migration> }> {
  const folders = await migrationFolders(context);
  const found = new Map<string, { folder: MigrationFolder; migration: Migration; isTwin: boolean }>();
  for (const file of paths) {
    const one = await findVersioned(context, folders, file);
    found.set(one.migration.upPath, one);
  }
  const [first, ...more] = found.values();
  if (!first) throw new SwitchbackError('usage', t('Name the files of the migrations to renumber.'));
  const other = more.find(({ folder }) => folder !== first.folder);
  if (other) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} and {1} are two folders of migrations. Renumber one folder at a time.',
        first.folder.label,
        other.folder.label,
      ),
    );
  }
  const order = first.folder.migrations.map(({ version }) => version);
  const all = [...found.values()].sort(
    (one, two) =>
      order.indexOf(one.migration.version) - order.indexOf(two.migration.version) ||
      (one.migration.upPath < two.migration.upPath ? -1 : 1),
  );
  return {
    folder: first.folder,
    migrations: all.map(({ migration }) => migration),
    twins: new Set(all.filter(({ isTwin }) => isTwin).map(({ migration }) => migration)),
  };
}

/** As `findMigration`, and further files of a version too, each with what is called the same. */
async function findVersioned(
  context: JourneyContext,
  folders: readonly MigrationFolder[],
  file: string,
): Promise<{ folder: MigrationFolder; migration: Migration; isTwin: boolean }> {
  for (const folder of folders) {
    const listed = folder.migrations.find(({ upPath, downPath }) => upPath === file || downPath === file);
    if (listed && !listed.twins) return { folder, migration: listed, isTwin: false };
    const isInside = file.startsWith(folder.folder + path.sep);
    const alone = isInside ? await listedAlone(context, folder, file) : undefined;
    if (alone) return { folder, migration: alone, isTwin: true };
  }
  throw new SwitchbackError(
    'not-found',
    t('{0} is not a migration of this workspace. See "switchback status".', file),
  );
}

/** A migration as its folder would list it without the others of its version. */
async function listedAlone(
  { files }: JourneyContext,
  { folder, layout: id }: MigrationFolder,
  file: string,
): Promise<Migration | undefined> {
  const holder = versionHolder(id, file);
  const own = wordsOf(path.basename(holder));
  const only = changedFiles(files, {
    keeps: (place, entry) => {
      if (hasFolderEach(id)) return place !== folder || path.join(place, entry.name) === holder;
      return entry.kind === 'folder' || wordsOf(entry.name) === own;
    },
  });
  const there = await layoutById(id).list(folder, only);
  return there.find(({ upPath, downPath }) => upPath === file || downPath === file);
}

/** A file's name without what differs between its directions. */
function wordsOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/^[vu](?=\d)/, '')
    .replace(/\.(?:sql|[cm]?[jt]s)$/, '')
    .replace(/\.(?:up|down|do|undo)(?=\.|$)/, '')
    .replace(/[_-](?:down|rollback)$/, '');
}

function assertByName(migration: Migration, { title }: Layout): void {
  if (migration.kind) {
    throw new SwitchbackError(
      'invalid-input',
      t('{0} has no place among the versions. Rename it by hand.', nameOf(migration)),
    );
  }
  const byTool = onlyByTool(migration, title);
  if (byTool === null) return;
  throw new SwitchbackError(
    'invalid-input',
    t('{0} cannot be renumbered by another name alone: {1}', nameOf(migration), byTool),
  );
}

/** Of two files of an applied version, what the tool recorded says which one ran, where it recorded any of it. */
async function isApplied(
  { files }: JourneyContext,
  layout: Layout,
  migration: Migration,
  history: History | null,
  twins: ReadonlySet<Migration>,
): Promise<'yes' | 'no' | 'unknown'> {
  const { applied = [], cumulative = false, baseline } = history ?? {};
  const row = applied.find(({ version }) => layout.compare(version, migration.version) === 0);
  if (!row) {
    if (baseline && layout.compare(migration.version, baseline.version) <= 0) return 'yes';
    const latest = applied[0];
    const isBelow =
      cumulative && latest !== undefined && layout.compare(migration.version, latest.version) < 0;
    // A tool that keeps a row of each passed over it; one that keeps the latest alone may have run it.
    if (!isBelow || lateMigration(migration) === 'passed-over') return 'no';
    return twins.has(migration) ? 'unknown' : 'yes';
  }
  if (!twins.has(migration)) return 'yes';
  const up = row.contentHash === null ? null : await layout.script(migration, 'up', files);
  const hash = up && layout.recordedHash(up);
  if (up && hash !== null && row.contentHash !== null) {
    const accepts = layout.acceptsHash?.(up, row.contentHash) ?? hash === row.contentHash;
    return accepts ? 'yes' : 'no';
  }
  if (row.name === null || row.name === '') return 'unknown';
  return row.name === migration.name ? 'yes' : 'no';
}

function appliedError(migration: Migration, { sessions }: Database): SwitchbackError {
  return new SwitchbackError(
    'already-done',
    t(
      '{0} is applied to {1}: under another version it would run a second time. Renumber a pending one.',
      nameOf(migration),
      sessions.label,
    ),
  );
}

interface Preview {
  names: ReadonlyMap<string, string>;
  renumbered: readonly RenumberedMigration[];
  unsure: readonly Migration[];
  database: Database | null;
  folder: MigrationFolder;
  releases: readonly RenumberedReleases[];
  root: string;
}

function detailOf({ names, renumbered, unsure, database, folder, releases, root }: Preview): string {
  const lines = [...names].map(([from, to]) => `${path.relative(root, from)} -> ${path.basename(to)}`);
  const moved = new Set(renumbered.map(({ from }) => from.upPath));
  const last = folder.migrations.findIndex(({ upPath }) => moved.has(upPath));
  const overtaken =
    last < 0
      ? []
      : folder.migrations.slice(last + 1).filter(({ upPath, kind }) => !kind && !moved.has(upPath));
  return [
    `${lines.join('; ')}.`,
    ...(overtaken.length > 0
      ? [
          t(
            'It will run after {0}.',
            overtaken.length > 3 ? nameOf(overtaken.at(-1)!) : overtaken.map(nameOf).join(', '),
          ),
        ]
      : []),
    ...unsure.map((migration) =>
      t(
        'The history of {0} has this version and not which file it was: agree only where {1} has not run there.',
        database?.sessions.label ?? '',
        nameOf(migration),
      ),
    ),
    ...releases.map(({ title }) => t('The plan "{0}" will name the new file.', title)),
    database
      ? t('{0} has not run it; make sure that no other database has.', database.sessions.label)
      : t('No database is connected: make sure that none has run it.'),
  ].join(' ');
}

/** A migration as people know it: the name of its file or folder. */
function nameOf({ layout, upPath }: Migration): string {
  return path.basename(versionHolder(layout, upPath));
}

interface Change {
  make(): Promise<void>;
  takeBack(): Promise<void>;
}

/** What was changed before a failure is taken back. */
async function allOrNothing(changes: readonly Change[]): Promise<void> {
  const made: Change[] = [];
  try {
    for (const change of changes) {
      await change.make();
      made.unshift(change);
    }
  } catch (error) {
    for (const change of made) await change.takeBack();
    throw error;
  }
}

function renaming(files: Files, { from, to }: { from: string; to: string }): Change {
  return { make: () => files.rename(from, to), takeBack: () => files.rename(to, from) };
}

function writing(files: Files, file: { path: string; text: string }): Change {
  let before: string | null = null;
  return {
    make: async () => {
      before = await files.readIfExists(file.path);
      await files.write(file.path, file.text);
    },
    takeBack: () => (before === null ? files.remove(file.path) : files.write(file.path, before)),
  };
}

function naming(files: Files, { planFolder, before, after }: RenumberedReleases): Change {
  return {
    make: () => updatePlanFile(planFolder, files, { releases: after }),
    takeBack: () => updatePlanFile(planFolder, files, { releases: before }),
  };
}

import path from 'node:path';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { changedFiles } from '../ports/renamed-files';
import type { Layout, Migration } from './layout';
import { versionHolder, writtenVersion } from './written-version';

export interface RenumberNames {
  layout: Layout;
  folder: string;
  files: Files;
  /** In the order they have to keep. */
  migrations: readonly Migration[];
  /** Versions that a database has, with a file here or not. */
  taken: readonly string[];
  now: Date;
}

export interface RenumberedMigration {
  from: Migration;
  /** As the layout would list it under its new name. */
  to: Migration;
}

/**
 * New names for migrations, each with the next version after all of the folder and of the database, in the layout's own
 * numbering; the words stay. Files or folders by their path. Throws `invalid-input` where there is no such version.
 */
export async function renumberedNames(
  request: RenumberNames,
): Promise<{ names: Map<string, string>; migrations: RenumberedMigration[] }> {
  const { layout, folder, files, migrations } = request;
  const names = new Map<string, string>();
  const last = await lastTaken(request);
  const added = last === null ? [] : [last];
  for (const migration of migrations) {
    const existing = await layout.list(folder, changedFiles(files, { renamed: names, added }));
    const next = nextWritten(request, existing);
    for (const holder of await holdersOf(migration, files))
      names.set(holder, withVersion(layout, holder, next));
  }
  const there = await layout.list(folder, changedFiles(files, { renamed: names }));
  const renumbered = migrations.map((from) => ({ from, to: found(request, from, there, names) }));
  for (const { to } of renumbered) assertLatest(request, to, there, renumbered);
  return { names, migrations: renumbered };
}

/** The next version as the layout writes it into a name. */
function nextWritten({ layout, folder, now }: RenumberNames, existing: readonly Migration[]): string {
  const [composed] = layout.compose(
    { folder, name: 'next', up: '', down: null, transactional: true, now },
    existing,
  );
  const name = path.basename(versionHolder(layout.id, composed!.path));
  return writtenVersion(layout.id, name)!.version;
}

/** All that is called after a migration's version: its files or its folder, and what belongs to one of its files (`.conf`). */
async function holdersOf(migration: Migration, files: Files): Promise<string[]> {
  const { layout, upPath, downPath } = migration;
  const holders = new Set<string>();
  for (const file of [downPath, upPath]) {
    const holder = file === null ? null : versionHolder(layout, file);
    if (holder === null || !(await files.exists(holder))) continue;
    const beside = await files.list(path.dirname(holder));
    for (const { name } of beside)
      if (name.startsWith(`${path.basename(holder)}.`)) holders.add(path.join(path.dirname(holder), name));
    holders.add(holder);
  }
  return [...holders];
}

function withVersion(layout: Layout, holder: string, version: string): string {
  const read = writtenVersion(layout.id, path.basename(holder));
  if (read) return path.join(path.dirname(holder), `${read.before}${version}${read.after}`);
  throw new SwitchbackError(
    'invalid-input',
    t('{0} has no version in its name. Rename it by hand.', path.basename(holder)),
  );
}

/** A file that the highest version of the database would have, where no file has it; null where one has. */
async function lastTaken({
  layout,
  folder,
  files,
  taken,
  migrations,
}: RenumberNames): Promise<string | null> {
  const [highest] = [...taken].sort((one, other) => layout.compare(other, one));
  const model = migrations[0];
  if (highest === undefined || !model || layout.orderedByList) return null;
  const there = await layout.list(folder, files);
  if (there.some(({ version }) => layout.compare(version, highest) >= 0)) return null;
  const holder = versionHolder(layout.id, model.upPath);
  const read = writtenVersion(layout.id, path.basename(holder));
  if (!read) return null;
  // Some record the whole name.
  const name = /^\d+[_-]\D/.test(highest)
    ? `${highest}${/\.[^.]*$/.exec(path.basename(holder))?.[0] ?? ''}`
    : `${read.before}${inStyleOf(read.version, highest)}${read.after}`;
  const place = path.join(path.dirname(holder), name);
  return holder === model.upPath ? place : path.join(place, path.basename(model.upPath));
}

/** A recorded version as names of the folder have it: with leading zeros, dashes or underscores. */
function inStyleOf(written: string, recorded: string): string {
  if (written.includes('-')) return recorded.replace(/^(\d{4})(\d\d)(\d\d)(\d{6})/, '$1-$2-$3-$4');
  return written.includes('_') ? recorded.replaceAll('.', '_') : recorded.padStart(written.length, '0');
}

function found(
  { layout }: RenumberNames,
  from: Migration,
  there: readonly Migration[],
  names: ReadonlyMap<string, string>,
): Migration {
  const holder = versionHolder(layout.id, from.upPath);
  const to = (names.get(holder) ?? holder) + from.upPath.slice(holder.length);
  const down = from.downPath === null ? undefined : names.get(versionHolder(layout.id, from.downPath));
  const migration = there.find(
    ({ upPath, downPath }) => upPath === to || (down !== undefined && downPath === down),
  );
  return migration ?? refuse(from, layout);
}

function assertLatest(
  request: RenumberNames,
  to: Migration,
  there: readonly Migration[],
  renumbered: readonly RenumberedMigration[],
): void {
  const { layout, taken } = request;
  const others = there.filter((each) => !each.kind && !renumbered.some((one) => one.to === each));
  const versions = [...others.map(({ version }) => version), ...taken];
  const isLatest = versions.every((version) => layout.compare(to.version, version) > 0);
  if (to.twins || !isLatest) refuse(to, layout);
}

function refuse(migration: Migration, layout: Layout): never {
  throw new SwitchbackError(
    'invalid-input',
    t(
      'There is no version for {0} that {1} runs after all others. Rename it by hand.',
      path.basename(versionHolder(layout.id, migration.upPath)),
      layout.title,
    ),
  );
}

import path from 'node:path';
import type { Migration } from '../layouts/layout';
import type { MigrationFolder } from './migrations';
import type { JourneyContext } from './workspace';

/** Where old files go: below `.switchback`, where no tool looks. A migration with a folder of its own goes with that. */
export function movedFiles(
  { workspace: { root } }: JourneyContext,
  { folder }: MigrationFolder,
  old: readonly Migration[],
): { from: string; to: string }[] {
  const last = old.at(-1)!;
  const archive = path.join(root, '.switchback', 'squashed', last.version);
  const hasOwn = (migration: Migration): boolean => path.dirname(migration.upPath) !== folder;
  const froms = old.flatMap((migration) => {
    if (migration !== last && hasOwn(migration) && isAlone(migration, old))
      return [path.dirname(migration.upPath)];
    const { upPath, downPath } = migration;
    return downPath === null || downPath === upPath ? [upPath] : [upPath, downPath];
  });
  return froms.map((from) => ({ from, to: path.join(archive, nameIn(root, from)) }));
}

function isAlone({ upPath }: Migration, all: readonly Migration[]): boolean {
  return all.filter((other) => path.dirname(other.upPath) === path.dirname(upPath)).length === 1;
}

/** Moves the old files and puts the new text in the place of the last up. */
export async function writeSquash(
  context: JourneyContext,
  folder: MigrationFolder,
  old: readonly Migration[],
  text: string,
): Promise<void> {
  for (const { from, to } of movedFiles(context, folder, old)) await context.files.rename(from, to);
  await context.files.write(old.at(-1)!.upPath, text);
}

/** A path relative to the workspace folder, with `/`. */
export function nameIn(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join('/');
}

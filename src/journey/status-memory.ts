import type { Direction, Migration, MigrationScript } from '../layouts/layout';
import type { MigrationFolder } from './migrations';

/** What is known of the migration files of a workspace; its owner watches the disk and says what is not true any more. */
export interface StatusMemory {
  /** With the configuration they were found by; null: not looked for. */
  folders: { key: string; found: MigrationFolder[] } | null;
  /** By file; a file of both directions has two. */
  scripts: Map<string, Map<string, KnownScript>>;
}

/** A script as it was read, or why it could not be, as a sentence. */
export type KnownScript =
  { kind: 'script'; script: MigrationScript | null } | { kind: 'problem'; sentence: string };

export function newStatusMemory(): StatusMemory {
  return { folders: null, scripts: new Map() };
}

/** A file has another text now. */
export function forgetScript(memory: StatusMemory, path: string): void {
  memory.scripts.delete(path);
}

/** Files came or went, or settings changed: folders are looked for again, and texts stay known. */
export function forgetMigrationFolders(memory: StatusMemory): void {
  memory.folders = null;
}

export function knownScript(
  memory: StatusMemory,
  migration: Migration,
  direction: Direction,
): KnownScript | undefined {
  return memory.scripts.get(pathOf(migration, direction))?.get(`${direction} ${migration.version}`);
}

export function keepScript(
  memory: StatusMemory,
  migration: Migration,
  direction: Direction,
  known: KnownScript,
): void {
  const path = pathOf(migration, direction);
  const ofFile = memory.scripts.get(path) ?? new Map<string, KnownScript>();
  ofFile.set(`${direction} ${migration.version}`, known);
  memory.scripts.set(path, ofFile);
}

function pathOf({ upPath, downPath }: Migration, direction: Direction): string {
  return direction === 'up' ? upPath : (downPath ?? '');
}

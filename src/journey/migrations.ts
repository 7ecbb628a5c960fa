import path from 'node:path';
import type { Session } from '../database/session';
import { detectLayouts, type DetectedLayout } from '../layouts/detect-layouts';
import { tableNamed } from '../layouts/history-table';
import { layoutById } from '../layouts/layouts';
import { withHistoryTable } from '../layouts/with-history-table';
import { migrationStatuses } from '../layouts/migration-status';
import type {
  Direction,
  History,
  HistoryTable,
  Layout,
  LayoutId,
  Migration,
  MigrationScript,
  MigrationStatus,
} from '../layouts/layout';
import { wholeHistory } from '../layouts/whole-history';
import { errorText, isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { filesAskedOnce } from '../ports/asked-once';
import type { Files } from '../ports/files';
import {
  keepScript,
  knownScript,
  newStatusMemory,
  type KnownScript,
  type StatusMemory,
} from './status-memory';
import { strangersIn } from './strangers';
import { versionClashes, type VersionClash } from './version-clashes';
import type { JourneyContext } from './workspace';

/** One folder of migrations, with the tool it belongs to and why we think so. */
export interface MigrationFolder {
  /** Absolute path. */
  folder: string;
  /** Relative to the workspace folder, with `/`. */
  label: string;
  layout: LayoutId;
  title: string;
  evidence: string[];
  migrations: Migration[];
  /** The history table that the configuration or the tool's own settings name; null for the tool's usual one. */
  namedTable: HistoryTable | null;
  /** SQL files that look like migrations and that the tool passes over, as a sentence; absent where nobody looked. */
  strangers?: string[];
}

/** A folder with the state of each migration; `pending` where no database is connected. */
export interface FolderStatus extends MigrationFolder {
  statuses: MigrationStatus[];
  /** Name of the history table, or null without a database. */
  historyTable: string | null;
  /** What could not be read, each a sentence; the rest is still listed. */
  problems: string[];
  /** What stands in its tool's way because of versions and files; all of it is listed all the same. */
  clashes: VersionClash[];
}

/** The workspace's migration folders: those of the configuration, else the detected ones. */
export async function migrationFolders(context: JourneyContext): Promise<MigrationFolder[]> {
  const { root, configuration } = context.workspace;
  const once = { ...context, files: filesAskedOnce(context.files) };
  const detected = await detectLayouts({
    root,
    folders: configuration.migrations,
    exclude: [configuration.plansFolder],
    files: once.files,
    signal: context.signal,
  });
  return listed(once, detected);
}

/** The migration folders below folders that lie outside the workspace: a terminal may name any path. */
export async function foldersOutside(
  context: JourneyContext,
  folders: readonly string[],
): Promise<MigrationFolder[]> {
  const { root } = context.workspace;
  const outside = folders.filter((folder) => {
    const way = path.relative(root, folder);
    return path.isAbsolute(way) || /^\.\.(?:[\\/]|$)/.test(way);
  });
  const detected = new Map<string, DetectedLayout>();
  const once = { ...context, files: filesAskedOnce(context.files) };
  for (const folder of outside) {
    const request = { root: folder, folders: [], exclude: [], files: once.files, signal: context.signal };
    for (const found of await detectLayouts(request)) detected.set(found.folder, found);
  }
  return listed(once, [...detected.values()]);
}

function listed(context: JourneyContext, detected: readonly DetectedLayout[]): Promise<MigrationFolder[]> {
  const { root } = context.workspace;
  return Promise.all(
    detected.map(async ({ folder, layout, evidence }) => ({
      folder,
      label: labelOf(root, folder),
      layout: layout.id,
      title: layout.title,
      evidence: evidence.evidence,
      migrations: await layout.list(folder, context.files),
      namedTable: await namedTable(context, layout, folder),
    })),
  );
}

/** The history table that `.switchback/config.json`, or else the tool's own settings, name for a folder. */
async function namedTable(
  context: JourneyContext,
  layout: Layout,
  folder: string,
): Promise<HistoryTable | null> {
  const { root, configuration } = context.workspace;
  const named = configuration.historyTables[labelOf(root, folder)];
  if (named !== undefined) return tableNamed(named);
  return (await layout.historyTable?.(folder, context.files)) ?? null;
}

function labelOf(root: string, folder: string): string {
  return path.relative(root, folder).split(path.sep).join('/') || '.';
}

/** The layout of a folder, with its history in the table that is named for it. */
export function layoutOf({ layout, namedTable: table }: MigrationFolder): Layout {
  return withHistoryTable(layoutById(layout), table);
}

/** The same for a folder that a plan names, relative to the workspace with `/`. */
export async function layoutAt(context: JourneyContext, id: LayoutId, label: string): Promise<Layout> {
  return withHistoryTable(layoutById(id), await historyTableAt(context, id, label));
}

/** The history table that is named for a folder, relative to the workspace with `/`; null for the tool's usual one. */
export function historyTableAt(
  context: JourneyContext,
  id: LayoutId,
  label: string,
): Promise<HistoryTable | null> {
  return namedTable(context, layoutById(id), path.join(context.workspace.root, ...label.split('/')));
}

export interface StatusOptions {
  /** What is known of the files already; nothing unless said. */
  memory?: StatusMemory;
  /** Reads no text that is not known yet: what only a text tells (irreversible, edited) is left out of the flags. */
  knownTextsOnly?: boolean;
}

/** Every migration with its state on the database; reads files and history table only. */
export async function readStatus(
  context: JourneyContext,
  session: Session | null,
  options: StatusOptions = {},
): Promise<FolderStatus[]> {
  const memory = options.memory ?? newStatusMemory();
  const folders = await knownFolders(context, memory);
  return Promise.all(
    folders.map(async (folder) => {
      if (!options.knownTextsOnly) await readScripts(context, folder, memory);
      const others = folders.filter((other) => other !== folder && other.layout === folder.layout);
      return folderStatus(folder, session, memory, others);
    }),
  );
}

async function knownFolders(context: JourneyContext, memory: StatusMemory): Promise<MigrationFolder[]> {
  const { root, configuration } = context.workspace;
  const key = JSON.stringify([
    root,
    configuration.plansFolder,
    configuration.migrations,
    configuration.historyTables,
  ]);
  if (memory.folders?.key !== key) {
    const files = filesAskedOnce(context.files);
    const found = await migrationFolders({ ...context, files });
    memory.folders = {
      key,
      found: await Promise.all(
        found.map(async (folder) => ({ ...folder, strangers: await strangersIn(folder, files) })),
      ),
    };
  }
  return memory.folders.found;
}

/** Reads the texts that are not known yet, a few at a time: all at once would be too many open files. */
async function readScripts(
  context: JourneyContext,
  folder: MigrationFolder,
  memory: StatusMemory,
): Promise<void> {
  const layout = layoutById(folder.layout);
  const files = filesAskedOnce(context.files);
  const missing = folder.migrations.flatMap((migration) =>
    (['up', 'down'] as const)
      .filter((direction) => direction === 'up' || migration.downPath !== null)
      .filter((direction) => !knownScript(memory, migration, direction))
      .map((direction) => ({ migration, direction })),
  );
  for (let from = 0; from < missing.length; from += filesAtOnce) {
    context.signal.throwIfAborted();
    await Promise.all(
      missing.slice(from, from + filesAtOnce).map(async ({ migration, direction }) => {
        keepScript(memory, migration, direction, await readKnown(files, layout, migration, direction));
      }),
    );
  }
}

const filesAtOnce = 32;

async function readKnown(
  files: Files,
  layout: Layout,
  migration: Migration,
  direction: Direction,
): Promise<KnownScript> {
  try {
    return { kind: 'script', script: await layout.script(migration, direction, files) };
  } catch (error) {
    return { kind: 'problem', sentence: isSwitchbackError(error) ? error.sentence : errorText(error) };
  }
}

async function folderStatus(
  folder: MigrationFolder,
  session: Session | null,
  memory: StatusMemory,
  others: readonly MigrationFolder[],
): Promise<FolderStatus> {
  const layout = layoutOf(folder);
  const problems: string[] = [];
  const scripts = (direction: Direction): Map<string, MigrationScript | null> => {
    const known = new Map<string, MigrationScript | null>();
    for (const migration of folder.migrations) {
      const found = knownScript(memory, migration, direction);
      if (found?.kind === 'script') known.set(migration.version, found.script);
      if (found?.kind === 'problem') problems.push(found.sentence);
    }
    return known;
  };
  const [up, down] = [scripts('up'), scripts('down')];
  const history = session ? await historyOrProblem(layout, folder, session, problems) : null;
  const statuses = migrationStatuses({ migrations: folder.migrations, history, layout, up, down });
  const clashes = versionClashes({
    statuses,
    layout,
    history,
    database: session?.facts.database ?? null,
    strangers: folder.strangers ?? [],
    others: new Set(others.flatMap(({ migrations }) => migrations.map(({ version }) => version))),
  });
  return { ...folder, statuses, historyTable: history?.table ?? null, problems, clashes };
}

/** The history table's rows; null, with the reason among the problems, where it cannot be read or is another tool's. */
export async function historyOrProblem(
  layout: Layout,
  folder: MigrationFolder,
  session: Session,
  problems: string[],
): Promise<History | null> {
  try {
    return wholeHistory(await layout.history(folder.label, session), folder.migrations);
  } catch (error) {
    if (!isSwitchbackError(error) || error.code === 'connection-lost' || error.code === 'cancelled')
      throw error;
    problems.push(t('What is applied of {0} is not known. {1}', folder.label, error.sentence));
    return null;
  }
}

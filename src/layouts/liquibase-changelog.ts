import path from 'node:path';
import type { Files } from '../ports/files';
import { fileNames } from './file-names';
import { isFolderOfChangelogs, sqlFilesBelow } from './liquibase-folders';
import { changelogEntries, type ChangelogEntry } from './liquibase-entries';
import { settingsFiles, type SettingsFile } from './tool-settings';
import { compareTexts } from './versions';

/** How far above a folder of SQL its changelog is looked for. */
const foldersUp = 4;
const changelogName = /(?:changelog|master|root|liquibase).*\.(?:xml|ya?ml|json)$/i;

/** What a folder's changelogs say, with paths as the tool records them: from the folder it searches in. */
export interface ChangelogTree {
  /** Absolute. */
  searchFolder: string;
  /** Absolute path of the changelog that names the others; null where SQL files stand for themselves. */
  root: string | null;
  items: ChangelogItem[];
  /** Folders that are taken whole, absolute. */
  wholeFolders: string[];
}

export type ChangelogItem =
  | { kind: 'file'; file: string }
  /** Written in the changelog itself, as the tool names it. */
  | { kind: 'changeset'; version: string };

/** The changelogs of a folder in the order they run in. */
export async function readChangelogs(folder: string, files: Files): Promise<ChangelogTree> {
  const settings = await settingsFiles(folder, ['liquibase.properties'], files);
  const places = searchFolders(folder, settings);
  for (const root of await possibleRoots(folder, settings, files)) {
    const tree = await treeOf(root, places, files);
    const reaches = tree.items.some((item) => item.kind === 'file' && isBelow(item.file, folder));
    if (reaches) return tree;
  }
  const own = (await sqlFilesBelow(folder, files)).map((file): ChangelogItem => ({ kind: 'file', file }));
  const searchFolder = places[0] ?? (isFolderOfChangelogs(folder) ? path.dirname(folder) : folder);
  return { searchFolder, root: null, items: own, wholeFolders: [folder] };
}

/** A path as the tool records it. */
export function recordedPath(searchFolder: string, file: string): string {
  return path.relative(searchFolder, file).split(path.sep).join('/');
}

/** As the tool compares paths: without where they were searched. */
export function barePath(written: string): string {
  return written
    .replaceAll('\\', '/')
    .replace(/^classpath\*?:/i, '')
    .replace(/^(?:\.?\/)+/, '');
}

export function isBelow(file: string, folder: string): boolean {
  return file.startsWith(folder + path.sep);
}

/** The folders that the tool may search in, the likeliest first: its settings say it, or resources are on the class path. */
function searchFolders(folder: string, settings: readonly SettingsFile[]): string[] {
  const named = settings.flatMap(({ path: file, text }) => {
    const own = path.dirname(file);
    const said = property(text, 'searchPath');
    return [...(said === null ? [] : said.split(',').map((each) => path.resolve(own, each.trim()))), own];
  });
  const parts = folder.split(path.sep);
  const resources = parts.lastIndexOf('resources');
  return [...named, ...(resources < 0 ? [] : [parts.slice(0, resources + 1).join(path.sep)])];
}

/** A value of liquibase.properties, whichever way its name is written. */
function property(text: string, name: string): string | null {
  const words = name.replace(/[A-Z]/g, (letter) => `-?${letter}`);
  const line = new RegExp(
    `^[ \\t]*(?:liquibase\\.(?:command\\.)?)?${words}[ \\t]*[=:][ \\t]*(.+?)[ \\t]*$`,
    'im',
  );
  return line.exec(text)?.[1] ?? null;
}

async function possibleRoots(
  folder: string,
  settings: readonly SettingsFile[],
  files: Files,
): Promise<string[]> {
  const named: string[] = [];
  for (const { path: file, text } of settings) {
    const said = property(text, 'changelogFile');
    if (said === null || said.endsWith('.sql')) continue;
    for (const place of searchFolders(folder, [{ path: file, text }])) {
      const root = path.join(place, barePath(said));
      if (await files.exists(root)) named.push(root);
    }
  }
  const near: string[] = [];
  let place = folder;
  for (let up = 0; up <= foldersUp && path.dirname(place) !== place; up += 1) {
    const names = fileNames(await files.list(place)).filter((name) => changelogName.test(name));
    near.push(...names.map((name) => path.join(place, name)));
    place = path.dirname(place);
  }
  return [...new Set([...named, ...near])];
}

async function treeOf(root: string, places: readonly string[], files: Files): Promise<ChangelogTree> {
  const entries = await entriesOf(root, files);
  const searchFolder = await searchFolderOf(root, entries, places, files);
  const tree: ChangelogTree = { searchFolder, root, items: [], wholeFolders: [] };
  await walk(tree, root, entries, new Set([root]), files);
  return tree;
}

/** Where a path that a changelog names from the searched folder is found; else the likeliest one above the changelog. */
async function searchFolderOf(
  root: string,
  entries: readonly ChangelogEntry[],
  places: readonly string[],
  files: Files,
): Promise<string> {
  const likely = [...places.filter((place) => isBelow(root, place)), path.dirname(root)];
  const named = entries.find((entry) => entry.kind !== 'changeset' && !entry.relative);
  if (!named || named.kind === 'changeset') return likely[0]!;
  const above = [...likely];
  for (let place = path.dirname(root), up = 0; up < foldersUp; up += 1) {
    place = path.dirname(place);
    above.push(place);
  }
  for (const place of above) {
    const found = path.join(place, barePath(named.path));
    const isThere =
      named.kind === 'include' ? await files.exists(found) : (await files.list(found)).length > 0;
    if (isThere) return place;
  }
  return likely[0]!;
}

async function entriesOf(file: string, files: Files): Promise<ChangelogEntry[]> {
  const text = await files.readIfExists(file).catch(() => null);
  return text === null ? [] : changelogEntries(file, text);
}

async function walk(
  tree: ChangelogTree,
  changelog: string,
  entries: readonly ChangelogEntry[],
  seen: Set<string>,
  files: Files,
): Promise<void> {
  for (const entry of entries) {
    if (entry.kind === 'changeset') {
      const version = `${recordedPath(tree.searchFolder, changelog)}::${entry.id}::${entry.author}`;
      tree.items.push({ kind: 'changeset', version });
      continue;
    }
    const place = entry.relative ? path.dirname(changelog) : tree.searchFolder;
    const target = path.join(place, barePath(entry.path));
    if (entry.kind === 'include') await walkFile(tree, target, seen, files);
    else {
      tree.wholeFolders.push(target);
      for (const file of await filesBelow(target, files)) await walkFile(tree, file, seen, files);
    }
  }
}

async function walkFile(tree: ChangelogTree, file: string, seen: Set<string>, files: Files): Promise<void> {
  if (seen.has(file)) return;
  seen.add(file);
  if (file.endsWith('.sql')) tree.items.push({ kind: 'file', file });
  else if (/\.(?:xml|ya?ml|json)$/i.test(file))
    await walk(tree, file, await entriesOf(file, files), seen, files);
}

/** In the order of their paths, as `includeAll` takes them. */
async function filesBelow(folder: string, files: Files): Promise<string[]> {
  const entries = await files.list(folder);
  const below = await Promise.all(
    entries.map(async ({ name, kind }) => {
      const found = path.join(folder, name);
      return kind === 'folder' ? filesBelow(found, files) : [found];
    }),
  );
  return below.flat().sort(compareTexts);
}

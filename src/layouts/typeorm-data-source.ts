import path from 'node:path';
import type { Files } from '../ports/files';
import { projectOf } from './code/typescript-runner';
import type { HistoryTable } from './layout';
import { codeText, jsonObject, settingsFiles, stringsIn, type SettingsFile } from './tool-settings';

/** The file that the command line is given with `-d`. */
export interface DataSource extends SettingsFile {
  /** The project, where the command is run: paths in a data source are often relative to that. */
  folder: string;
}

const named =
  /^(?:[\w-]+[-_.])?(?:data[-_.]?source|ormconfig|orm[-_.]config|typeorm[-_.]\w*[-_.]?config)\.[cm]?[jt]s$/i;
const places = [
  '',
  'src',
  'src/database',
  'src/db',
  'src/config',
  'database',
  'db',
  'config',
  'dist',
  'build',
];
const levelsAbove = 5;

/**
 * The data sources of a folder of migrations: those that scripts of package.json name with `-d`, then those that are
 * called so, the nearest first. `.ts` stands before the same one compiled.
 */
export async function dataSources(folder: string, files: Files): Promise<DataSource[]> {
  const given = await fromScripts(folder, files);
  if (given.length > 0) return given;
  for (let place = folder, level = 0; level <= levelsAbove; level += 1) {
    const found = await dataSourcesAt(place, files);
    if (found.length > 0) return found;
    if (path.dirname(place) === place) break;
    place = path.dirname(place);
  }
  return [];
}

/** The table that a data source names, by its text: it is not run. */
export async function typeormHistoryTable(folder: string, files: Files): Promise<HistoryTable | null> {
  const [source] = await dataSources(folder, files);
  if (!source) return null;
  const table = settingOf(source.text, 'migrationsTableName');
  const schema = settingOf(source.text, 'schema');
  return table === null && schema === null ? null : { schema, name: table ?? 'migrations' };
}

/** How the data source has migrations share a transaction: `all` where it does not say. */
export function transactionMode({ text }: DataSource): string {
  return settingOf(text, 'migrationsTransactionMode') ?? 'all';
}

function settingOf(text: string, name: string): string | null {
  return stringsIn(codeText(text), name)[0] ?? null;
}

async function fromScripts(folder: string, files: Files): Promise<DataSource[]> {
  for (const manifest of await settingsFiles(folder, ['package.json'], files)) {
    const root = path.dirname(manifest.path);
    const scripts = Object.values((jsonObject(manifest.text)?.scripts as object | undefined) ?? {});
    const found: DataSource[] = [];
    for (const file of new Set(scripts.flatMap(dataSourceOption))) {
      const source = await dataSourceAt(path.resolve(root, file), root, files);
      if (source) found.push(source);
    }
    if (found.length > 0) return found;
  }
  return [];
}

function dataSourceOption(script: unknown): string[] {
  if (typeof script !== 'string' || !/\btypeorm\b/.test(script)) return [];
  const options = script.matchAll(
    /\s(?:-d|--data-?source)(?:\s+|=)(?:\\?"([^"\\]*)\\?"|'([^']*)'|([^\s"'$]+))/gi,
  );
  return [...options].map((option) => option[1] ?? option[2] ?? option[3]!);
}

async function dataSourcesAt(place: string, files: Files): Promise<DataSource[]> {
  const found: DataSource[] = [];
  for (const below of places) {
    const folder = path.join(place, below);
    for (const { name, kind } of await files.list(folder).catch(() => [])) {
      if (kind !== 'file' || !named.test(name)) continue;
      const file = path.join(folder, name);
      const source = await dataSourceAt(file, await projectOf(folder, files), files);
      if (source) found.push(source);
    }
  }
  const isTypeScript = ({ path: file }: DataSource): number => (/ts$/i.test(file) ? 0 : 1);
  return found.sort((one, other) => isTypeScript(one) - isTypeScript(other));
}

async function dataSourceAt(file: string, folder: string, files: Files): Promise<DataSource | null> {
  const text = await files.readIfExists(file).catch(() => null);
  return text !== null && /\bDataSource\b/.test(text) ? { path: file, text, folder } : null;
}

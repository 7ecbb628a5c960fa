import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chown, cp, lstat, mkdir, rename, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { makeOwnFolder, sweepOwnFolders } from '../ports/own-folder';
import { isErrno } from './errno';
import type { PostgresBinaries } from './postgres-binaries';

/** The operating system user a server runs as, where it is not the one of this process. */
export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root: gives the user `postgres`, else `nobody`, when this process is
 * root, and null otherwise. Throws `no-shadow` where neither exists.
 */
export async function serverUser(): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const uid = await idOf(['-u', name]);
    const gid = await idOf(['-g', name]);
    if (uid !== null && gid !== null) return { name, uid, gid };
  }
  throw new SwitchbackError(
    'no-shadow',
    t(
      'PostgreSQL refuses to run as root, and there is neither a user "postgres" nor "nobody". Create one, or run as another user.',
    ),
  );
}

async function idOf(args: string[]): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)('id', args);
    return Number.parseInt(stdout, 10);
  } catch {
    return null;
  }
}

/** Makes a folder that belongs to `user` (or to this process) and nobody else can enter. */
export async function makePrivateFolder(folder: string, user: ServerUser | null): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (user) await chown(folder, user.uid, user.gid);
}

/** True when `user` may walk down to `folder`: every parent lets it through. */
export async function isTraversable(folder: string, user: ServerUser | null): Promise<boolean> {
  if (!user) return true;
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    const status = await stat(current).catch(() => null);
    if (status && !mayEnter(status, user)) return false;
    if (path.dirname(current) === current) return true;
  }
}

function mayEnter(status: { mode: number; uid: number; gid: number }, user: ServerUser): boolean {
  if (status.uid === user.uid) return (status.mode & 0o100) !== 0;
  if (status.gid === user.gid) return (status.mode & 0o010) !== 0;
  return (status.mode & 0o001) !== 0;
}

/**
 * Binaries that `user` can run: those given, or a copy below the temporary folder (made once per
 * version) when they lie below a folder which that user cannot enter.
 */
export async function runnableBinaries(
  binaries: PostgresBinaries,
  user: ServerUser | null,
): Promise<PostgresBinaries> {
  if (await isTraversable(binaries.folder, user)) return binaries;
  const installation = path.dirname(binaries.folder);
  const digest = createHash('sha256')
    .update(`${binaries.version}\n${installation}`)
    .digest('hex')
    .slice(0, 12);
  const target = path.join(os.tmpdir(), `switchback-binaries-${binaries.version}-${digest}`);
  if (!(await isOurFolder(target))) await copyInstallation(installation, target);
  return { ...binaries, folder: path.join(target, path.basename(binaries.folder)) };
}

/** A folder of this user that nobody else can write to; a name in /tmp could be somebody else's. */
async function isOurFolder(folder: string): Promise<boolean> {
  const status = await lstat(folder).catch(() => null);
  if (!status) return false;
  if (status.isDirectory() && status.uid === process.getuid?.() && (status.mode & 0o022) === 0) return true;
  throw new SwitchbackError(
    'no-shadow',
    t('"{0}" is needed for PostgreSQL\'s programs but belongs to somebody else. Remove it.', folder),
  );
}

async function copyInstallation(from: string, target: string): Promise<void> {
  const [parent, prefix] = [path.dirname(target), `${path.basename(target)}-`];
  await sweepOwnFolders(parent, prefix);
  const temporary = await makeOwnFolder(parent, prefix);
  try {
    await cp(from, path.join(temporary, 'copy'), { recursive: true, verbatimSymlinks: true, mode: 0 });
    await rename(path.join(temporary, 'copy'), target);
  } catch (error) {
    if (!isErrno(error, 'EEXIST', 'ENOTEMPTY') || !(await isOurFolder(target))) throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

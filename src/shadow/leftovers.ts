import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '../messages/error';
import { makerIsGone } from '../ports/own-folder';
import { isErrno } from './errno';
import { ownerLives, readOwner } from './owner-file';

/** Folders of throw-away servers are named so, directly below the temporary folder; then follows who made them. */
export const serverFolderPrefix = 'switchback-server-';

/**
 * Removes what throw-away servers of dead processes left below `parent`: stops their postmasters and
 * deletes their folders. Gives the folders removed. What belongs to a living process stays.
 */
export async function sweepLeftovers(
  parent: string,
  log: (line: string) => void = () => undefined,
): Promise<string[]> {
  const removed: string[] = [];
  const names = await readdir(parent).catch(() => [] as string[]);
  for (const name of names.filter((candidate) => candidate.startsWith(serverFolderPrefix))) {
    const folder = path.join(parent, name);
    if (!(await isLeftover(folder))) continue;
    try {
      await stopLeftoverServer(path.join(folder, 'data'));
      await killWhatRunsIn(path.join(folder, 'data'));
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      removed.push(folder);
      log(`Removed a server left over by a process that is gone: ${folder}`);
    } catch (error) {
      log(`Could not remove ${folder}: ${errorText(error)}`);
    }
  }
  return removed;
}

/** Whoever was killed before it noted itself as the owner is told by the folder's name. */
async function isLeftover(folder: string): Promise<boolean> {
  if ((await readOwner(folder)) === null) return makerIsGone(path.basename(folder), serverFolderPrefix);
  return !(await ownerLives(folder));
}

/** What goes on when its parent is killed, and is no postmaster yet: initdb, and the server it or the parent has begun to start. */
async function killWhatRunsIn(dataFolder: string): Promise<void> {
  if (process.platform !== 'linux') return;
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const pids: number[] = [];
    for (const name of (await readdir('/proc')).filter((each) => /^\d+$/.test(each)))
      if (await runsIn(Number(name), dataFolder)) pids.push(Number(name));
    if (pids.length === 0) return;
    for (const pid of pids) killQuietly(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** It may have ended since it was seen. */
function killQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isErrno(error, 'ESRCH')) throw error;
  }
}

/** Stops the postmaster noted in a data folder, if it still runs there. */
export async function stopLeftoverServer(dataFolder: string): Promise<void> {
  const text = await readFile(path.join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!Number.isInteger(pid) || pid <= 1 || !(await runsIn(pid, dataFolder))) return;
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    killQuietly(pid, signal);
    // It no longer runs there as soon as it has ended, also where nobody has looked at its exit code yet.
    for (let waited = 0; waited < 100; waited += 1) {
      if (!(await runsIn(pid, dataFolder))) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A pid may have been given to another program since: only a postgres of this very folder is stopped. */
async function runsIn(pid: number, dataFolder: string): Promise<boolean> {
  if (process.platform === 'linux')
    return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === dataFolder;
  if (process.platform === 'win32') return false;
  const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout.includes(`-D ${dataFolder}`);
}

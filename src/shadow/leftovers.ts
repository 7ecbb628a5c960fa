import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '../messages/error';
import { ownerLives, processLives, readOwner } from './owner-file';

/** Folders of throw-away servers are named so, directly below the temporary folder. */
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
    if ((await readOwner(folder)) === null || (await ownerLives(folder))) continue;
    try {
      await stopLeftoverServer(path.join(folder, 'data'));
      await rm(folder, { recursive: true, force: true });
      removed.push(folder);
      log(`Removed a server left over by a process that is gone: ${folder}`);
    } catch (error) {
      log(`Could not remove ${folder}: ${errorText(error)}`);
    }
  }
  return removed;
}

/** Stops the postmaster noted in a data folder, if it still runs there. */
export async function stopLeftoverServer(dataFolder: string): Promise<void> {
  const text = await readFile(path.join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!Number.isInteger(pid) || pid <= 1 || !(await runsIn(pid, dataFolder))) return;
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    process.kill(pid, signal);
    for (let waited = 0; waited < 50 && processLives(pid); waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    if (!processLives(pid)) return;
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

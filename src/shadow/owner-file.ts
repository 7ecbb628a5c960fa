import { readFileSync } from 'node:fs';
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { processLives } from '../ports/process-lives';
import { isErrno } from './errno';

/** Who uses a data folder. Written beside it; holds no secret. */
export interface Owner {
  pid: number;
  host: string;
  /** Tells a reused pid from the one that wrote the file; null where the platform does not say. */
  processStart: string | null;
  /** Of the server, once it runs. */
  port: number | null;
}

const fileName = 'owner.json';
/** A file this young that cannot be read is being written at this moment. */
const writingMilliseconds = 5_000;

/**
 * Takes the folder for this process by creating its owner file exclusively. A file left by a dead
 * process is replaced; one of a living process never is: throws `locked-by-other`.
 */
export async function takeFolder(folder: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (await createExclusively(path.join(folder, fileName), JSON.stringify(thisProcess()))) return;
    if (await ownerLives(folder)) break;
    await removeDeadOwner(folder);
  }
  const owner = await readOwner(folder);
  throw new SwitchbackError(
    'locked-by-other',
    t(
      'The embedded database in "{0}" is used by process {1} on {2}. Close it there, or use that connection.',
      folder,
      owner?.pid ?? '?',
      owner?.host ?? os.hostname(),
    ),
  );
}

/** Notes the server's port, so that another window can find it. */
export async function notePort(folder: string, port: number): Promise<void> {
  await writeFile(path.join(folder, fileName), JSON.stringify({ ...thisProcess(), port }));
}

/** Gives the folder back; nothing happens when this process does not own it. */
export async function releaseFolder(folder: string): Promise<void> {
  const owner = await readOwner(folder);
  if (owner?.pid === process.pid && owner.host === os.hostname())
    await rm(path.join(folder, fileName), { force: true });
}

/** The owner noted in a folder, or null where there is none that can be read. */
export async function readOwner(folder: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(path.join(folder, fileName), 'utf8')) as Owner;
  } catch {
    return null;
  }
}

/** True while the process that owns the folder lives, or cannot be told to be dead. */
export async function ownerLives(folder: string): Promise<boolean> {
  const owner = await readOwner(folder);
  if (!owner) {
    const status = await stat(path.join(folder, fileName)).catch(() => null);
    return status !== null && Date.now() - status.mtimeMs < writingMilliseconds;
  }
  if (owner.host !== os.hostname()) return true;
  return (
    processLives(owner.pid) && (owner.processStart === null || owner.processStart === processStart(owner.pid))
  );
}

function thisProcess(): Owner {
  return { pid: process.pid, host: os.hostname(), processStart: processStart(process.pid), port: null };
}

/** Field 22 of /proc/PID/stat, the start time in clock ticks: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function processStart(pid: number): string | null {
  if (process.platform !== 'linux') return null;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Two processes may find the same dead owner: only the one that creates the second file removes it. */
async function removeDeadOwner(folder: string): Promise<void> {
  const guard = path.join(folder, `${fileName}.removing`);
  if (!(await createExclusively(guard, ''))) {
    const status = await stat(guard).catch(() => null);
    if (status && Date.now() - status.mtimeMs > 2 * writingMilliseconds) await rm(guard, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
    return;
  }
  try {
    if (!(await ownerLives(folder))) await rm(path.join(folder, fileName), { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

async function createExclusively(file: string, text: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o644);
    await handle.writeFile(text);
    await handle.close();
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}

import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { processLives } from '../ports/process-lives';

/** All states together; the least recently used go first. */
const limitBytes = 200 * 1024 * 1024;

/** The file of a state in the cache folder, whether it is there or not. */
export function stateFile(cacheFolder: string, key: string): string {
  return path.join(folderOf(cacheFolder), `${key}.state`);
}

/** Those of the files that are there, in the order given. */
export async function presentStates(cacheFolder: string, keys: readonly string[]): Promise<string[]> {
  const present = new Set(await readdir(folderOf(cacheFolder)).catch(() => [] as string[]));
  return keys.map((key) => stateFile(cacheFolder, key)).filter((file) => present.has(path.basename(file)));
}

/** A state that was used stays longer. */
export async function markUsed(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now).catch(() => undefined);
}

/** Makes the folder of states where there is none. */
export async function prepareStates(cacheFolder: string): Promise<void> {
  await mkdir(folderOf(cacheFolder), { recursive: true, mode: 0o700 });
}

/** Removes the least recently used until the rest is small enough. */
export async function pruneStates(cacheFolder: string, limit = limitBytes): Promise<void> {
  const folder = folderOf(cacheFolder);
  const files: { file: string; bytes: number; used: number }[] = [];
  for (const name of await readdir(folder).catch(() => [] as string[])) {
    const file = path.join(folder, name);
    const status = await stat(file).catch(() => null);
    if (!status) continue;
    if (name.endsWith('.state')) files.push({ file, bytes: status.size, used: status.mtimeMs });
  }
  files.sort((one, other) => other.used - one.used);
  let total = 0;
  for (const { file, bytes } of files) {
    total += bytes;
    if (total > limit) await rm(file, { force: true });
  }
}

/** What a state is called while this process writes it. */
export function unfinishedName(file: string): string {
  return `${file}.${process.pid}`;
}

/** Removes what processes that are gone had begun to write. */
export async function removeUnfinished(cacheFolder: string): Promise<void> {
  const folder = folderOf(cacheFolder);
  for (const name of await readdir(folder).catch(() => [] as string[])) {
    const pid = /\.state\.(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !processLives(Number(pid)))
      await rm(path.join(folder, name), { force: true }).catch(() => undefined);
  }
}

function folderOf(cacheFolder: string): string {
  return path.join(cacheFolder, 'states');
}

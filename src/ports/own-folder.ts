import { mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { processLives } from './process-lives';

/** Makes a folder of mode 0700 below `parent` whose name says which process made it. */
export async function makeOwnFolder(parent: string, prefix: string): Promise<string> {
  return await mkdtemp(path.join(parent, `${prefix}${process.pid}-`));
}

/** Whether the process is gone whose id follows `prefix` in this name; false where none does. */
export function makerIsGone(name: string, prefix: string): boolean {
  const pid = name.startsWith(prefix) ? /^(\d+)(?:-\w+)?$/.exec(name.slice(prefix.length))?.[1] : undefined;
  return pid !== undefined && !processLives(Number(pid));
}

/** Removes the folders below `parent` that processes made which are gone. What cannot be removed stays. */
export async function sweepOwnFolders(parent: string, prefix: string): Promise<void> {
  const names = await readdir(parent).catch(() => [] as string[]);
  for (const name of names.filter((each) => makerIsGone(each, prefix)))
    await rm(path.join(parent, name), { recursive: true, force: true }).catch(() => undefined);
}

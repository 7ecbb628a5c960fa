import { statfs } from 'node:fs/promises';

/** Bytes that this user may still write on the disk of a folder; null where that cannot be told. */
export async function freeBytes(folder: string): Promise<number | null> {
  const found = await statfs(folder).catch(() => null);
  return found && found.bavail * found.bsize;
}

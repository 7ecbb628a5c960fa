import { statfs } from 'node:fs/promises';
import os from 'node:os';

/** https://www.kernel.org/doc/html/latest/filesystems/tmpfs.html: shared memory that is a folder to all programs, on Linux. */
export const sharedMemory = '/dev/shm';

/** TMPFS_MAGIC of linux/magic.h */
const tmpfs = 0x01021994;

/** An empty cluster takes 50 MB, and its WAL at most 1 GB more; the rest is for what migrations write, and for everybody else. */
const wantedBytes = 4 * 1024 * 1024 * 1024;

/** A folder that lies in memory and has room for a throw-away server; null where there is none. Files are made there in a tenth of the time. */
export async function memoryFolder(): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const status = await statfs(sharedMemory).catch(() => null);
  if (status?.type !== tmpfs || status.bavail * status.bsize < wantedBytes) return null;
  return availableMemoryBytes() < wantedBytes ? null : sharedMemory;
}

/** Within the limits of a container too, from Node 20.13 on. */
function availableMemoryBytes(): number {
  const { availableMemory } = process as { availableMemory?: () => number };
  return Math.min(availableMemory?.() ?? Infinity, os.freemem());
}

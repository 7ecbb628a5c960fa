import { closeSync, constants, fstatSync, open, openSync, read, readFileSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Stats } from 'node:fs';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';

/** More text than that is no script that somebody wrote; reading it would take the memory of everything else. */
const mostBytes = 50_000_000;

/** Without waiting: so a pipe is opened, seen to be one, and refused. Windows has no such mode, and needs none. */
const opening = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

// What `node:fs/promises` does with small files takes four times as long: it makes an object of each that it opens, and
// goes to another thread for what is known at once when a file is open.
const openLater = promisify(open);
const readLater = promisify(read);

/** The bytes of a regular file, which other threads wait for. Throws `invalid-file` for any other and for one too large. */
export async function bytesOf(path: string): Promise<Buffer> {
  const opened = await openLater(path, opening);
  try {
    const { size } = assertText(path, fstatSync(opened));
    const { bytesRead, buffer } = await readLater(opened, Buffer.allocUnsafe(size), 0, size, 0);
    return isWhole(bytesRead, size) ? buffer : await readFile(path);
  } finally {
    closeSync(opened);
  }
}

/** The same in this thread. */
export function bytesAtOnce(path: string): Buffer {
  const opened = openSync(path, opening);
  try {
    const { size } = assertText(path, fstatSync(opened));
    const buffer = Buffer.allocUnsafe(size);
    return isWhole(readSync(opened, buffer, 0, size, 0), size) ? buffer : readFileSync(path);
  } finally {
    closeSync(opened);
  }
}

/** Where there is another number of bytes than the file system said, Node reads to the end. */
function isWhole(bytesRead: number, size: number): boolean {
  return bytesRead === size && size > 0;
}

/** A pipe or a device would be waited for, perhaps for ever. */
function assertText(path: string, status: Stats): Stats {
  if (status.isDirectory()) return status;
  if (!status.isFile())
    throw new SwitchbackError('invalid-file', t('{0} is not a regular file. It was not read.', path));
  if (status.size > mostBytes)
    throw new SwitchbackError(
      'invalid-file',
      t('{0} is larger than {1} MB. It was not read: split it.', path, mostBytes / 1_000_000),
    );
  return status;
}

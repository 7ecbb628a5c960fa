import { randomBytes } from 'node:crypto';
import { readdirSync, statSync, type Stats } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { errorText, isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { bytesAtOnce, bytesOf } from './file-bytes';
import type { FileEntry, Files, WriteOptions } from './files';

/**
 * The machine's own file system. `find` never enters node_modules or .git. `blocking` reads texts in this thread,
 * several times as fast where files are small, for a program that has nothing else to do meanwhile.
 */
export function nodeFiles({ blocking = false } = {}): Files {
  const bytes = blocking ? bytesAtOnce : bytesOf;
  return {
    read: (path) => readText(path, bytes),
    readIfExists: async (path) => {
      try {
        return await readText(path, bytes);
      } catch (error) {
        if (isSwitchbackError(error, 'not-found')) return null;
        throw error;
      }
    },
    write: writeAtomically,
    rename: renameOnce,
    remove: (path) => rm(path, { recursive: true, force: true }),
    exists: async (path) => (await statOrNull(path, blocking)) !== null,
    list: (folder) => list(folder, blocking),
    find: (folder, glob, signal) => find(folder, glob, blocking, signal),
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

async function readText(
  path: string,
  bytesOfFile: (path: string) => Buffer | Promise<Buffer>,
): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await bytesOfFile(path);
  } catch (cause) {
    if (isMissing(cause)) {
      throw new SwitchbackError('not-found', t('There is no file {0}. Check the path.', path), { cause });
    }
    if (isSwitchbackError(cause)) throw cause;
    throw unreadable(path, cause);
  }
  const other = otherThanUtf8(bytes);
  if (other !== null) throw new SwitchbackError('invalid-file', t('{0} {1}. Save it as UTF-8.', path, other));
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new SwitchbackError('invalid-file', t('{0} is not UTF-8 text. Save it as UTF-8.', path), { cause });
  }
}

/** What bytes are that would pass for UTF-8 and be read wrong: zero bytes are in it too, and PostgreSQL takes none. */
function otherThanUtf8(bytes: Buffer): string | null {
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  if (mark === 0xfffe || mark === 0xfeff) return t('is UTF-16 text');
  return bytes.subarray(0, 4096).includes(0) ? t('has zero bytes, as UTF-16 text and programs have') : null;
}

/** A reader sees the old text or the new one, never a part; the file's mode is kept. */
async function writeAtomically(path: string, text: string, options: WriteOptions = {}): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const mode = (await statOrNull(path, false))?.mode ?? (options.executable === true ? 0o755 : undefined);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, text, {
      encoding: 'utf8',
      flag: 'wx',
      flush: true,
      ...(mode === undefined ? {} : { mode }),
    });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new SwitchbackError(
      'invalid-file',
      t('{0} cannot be written: {1}. Check the folder and its permissions.', path, errorText(cause)),
      { cause },
    );
  }
}

/** Renaming alone would take the place of what bears the name. */
async function renameOnce(path: string, to: string): Promise<void> {
  if ((await statOrNull(path, false)) === null)
    throw new SwitchbackError('not-found', t('There is no file {0}. Check the path.', path));
  if ((await statOrNull(to, false)) !== null)
    throw new SwitchbackError(
      'invalid-file',
      t('{0} cannot be renamed: {1} is there already. Move one of them away.', path, to),
    );
  try {
    await mkdir(dirname(to), { recursive: true });
    await rename(path, to);
  } catch (cause) {
    throw new SwitchbackError(
      'invalid-file',
      t(
        '{0} cannot be renamed to {1}: {2}. Check the folder and its permissions.',
        path,
        to,
        errorText(cause),
      ),
      { cause },
    );
  }
}

async function list(folder: string, blocking: boolean): Promise<FileEntry[]> {
  try {
    const entries = blocking
      ? readdirSync(folder, { withFileTypes: true })
      : await readdir(folder, { withFileTypes: true });
    const named = await Promise.all(
      entries.map(async (entry): Promise<FileEntry | null> => {
        const isLink = entry.isSymbolicLink();
        const status = isLink ? await targetOf(join(folder, entry.name), blocking) : entry;
        // A link that leads to itself is a file that cannot be read, which whoever reads it says.
        if (status === 'loop') return { name: entry.name, kind: 'file' };
        if (status?.isDirectory()) return { name: entry.name, kind: 'folder' };
        return status?.isFile() ? { name: entry.name, kind: 'file' } : null;
      }),
    );
    return named.filter((entry) => entry !== null).sort((one, two) => compare(one.name, two.name));
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw unreadable(folder, cause);
  }
}

async function find(
  folder: string,
  pattern: string,
  blocking: boolean,
  signal?: AbortSignal,
): Promise<string[]> {
  const { glob, globSync } = await import('tinyglobby');
  const options = {
    cwd: folder,
    dot: true,
    onlyFiles: true,
    followSymbolicLinks: false,
    ignore: skipped,
    absolute: false,
    signal,
  };
  const patterns = [pattern, `**/${ignoreFile}`];
  const all = blocking ? globSync(patterns, options) : await glob(patterns, options);
  signal?.throwIfAborted();
  const isIgnoreFile = (path: string): boolean => path === ignoreFile || path.endsWith(`/${ignoreFile}`);
  const isIgnored = await ignoreRules(folder, all.filter(isIgnoreFile));
  return all
    .filter((path) => !isIgnoreFile(path) && !isIgnored(path))
    .sort(compare)
    .map((path) => join(folder, path));
}

const ignoreFile = '.gitignore';

/** The last are old migrations that one has taken the place of. */
const skipped = ['**/node_modules/**', '**/.git/**', '**/.switchback/squashed/**'];

/** Each .gitignore speaks of paths below its own folder; the deepest that has an opinion wins, as in git. */
async function ignoreRules(folder: string, ignoreFiles: string[]): Promise<(path: string) => boolean> {
  if (ignoreFiles.length === 0) return () => false;
  const { default: ignore } = await import('ignore');
  const rules = await Promise.all(
    ignoreFiles.map(async (path) => ({
      below: dirname(path) === '.' ? '' : `${dirname(path)}/`,
      matcher: ignore().add(await readFile(join(folder, path), 'utf8')),
    })),
  );
  rules.sort((one, two) => two.below.length - one.below.length);
  return (path) => {
    const posix = relative('.', path).split(sep).join('/');
    return parents(posix).some((part) => {
      for (const { below, matcher } of rules) {
        if (!part.startsWith(below) || part === below) continue;
        const answer = matcher.test(part.slice(below.length));
        if (answer.ignored || answer.unignored) return answer.ignored;
      }
      return false;
    });
  };
}

/** `a/b/c` gives `a/`, `a/b/`, `a/b/c`: what lies in an ignored folder is ignored, whatever is said below it. */
function parents(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/') + (index < parts.length - 1 ? '/' : ''));
}

async function statOrNull(path: string, blocking: boolean): Promise<Stats | null> {
  try {
    return blocking ? statSync(path) : await stat(path);
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw unreadable(path, cause);
  }
}

/** What a link leads to; null where it leads nowhere. */
async function targetOf(path: string, blocking: boolean): Promise<Stats | 'loop' | null> {
  try {
    return await statOrNull(path, blocking);
  } catch (error) {
    if (((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === 'ELOOP') return 'loop';
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function unreadable(path: string, cause: unknown): SwitchbackError {
  return new SwitchbackError(
    'invalid-file',
    t('{0} cannot be read: {1}. Check its permissions.', path, errorText(cause)),
    {
      cause,
    },
  );
}

/** By code units, so that the order does not depend on the machine's language. */
function compare(one: string, two: string): number {
  return one < two ? -1 : one > two ? 1 : 0;
}

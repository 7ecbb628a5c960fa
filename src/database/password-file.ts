import { rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { makeOwnFolder, sweepOwnFolders } from '../ports/own-folder';
import type { Connection } from './connection';
import { isSocketFolder } from './tls-options';

/** One line of a password file; `*` in a field matches anything. */
export interface PasswordEntry {
  host: string;
  port: string;
  database: string;
  user: string;
  password: string;
}

/** Where libpq looks for passwords: PGPASSFILE, else the file in the home folder. */
export function passwordFilePath(environment: NodeJS.ProcessEnv): string {
  const named = environment['PGPASSFILE'];
  if (named) return named;
  if (process.platform === 'win32')
    return join(environment['APPDATA'] ?? homedir(), 'postgresql', 'pgpass.conf');
  return join(environment['HOME'] ?? homedir(), '.pgpass');
}

/**
 * The password of the first line that matches, or null. A file that others may read is not used, as in libpq, and
 * `warn` is told. https://www.postgresql.org/docs/current/libpq-pgpass.html
 */
export async function lookUpPassword(
  connection: Connection,
  environment: NodeJS.ProcessEnv,
  files: Files,
  warn: (sentence: string) => void = () => undefined,
): Promise<string | null> {
  const entries = await readPasswordFile(environment, files, warn);
  const matches = (pattern: string, value: string): boolean => pattern === '*' || pattern === value;
  const found = entries.find(
    (entry) =>
      hostsOf(connection.host).some((host) => matches(entry.host, host)) &&
      matches(entry.port, String(connection.port)) &&
      matches(entry.database, connection.database) &&
      matches(entry.user, connection.user),
  );
  return found?.password ?? null;
}

/** The entries of the password file; none where there is no file or others may read it. */
export async function readPasswordFile(
  environment: NodeJS.ProcessEnv,
  files: Files,
  warn: (sentence: string) => void,
): Promise<PasswordEntry[]> {
  const path = passwordFilePath(environment);
  const text = await files.readIfExists(path);
  if (text === null) return [];
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) {
    warn(t('The password file {0} can be read by others and is not used. Run: chmod 600 {0}', path));
    return [];
  }
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(readLine)
    .filter((entry) => entry !== null);
}

/**
 * Runs `work` with the environment variable that names a password file of mode 0600 for this connection's server,
 * any database on it, and removes the file afterwards. Without a password there is none and nothing is asked.
 */
export async function withPasswordFile<T>(
  connection: Connection,
  password: string | null,
  work: (environment: { PGPASSFILE?: string }) => Promise<T>,
): Promise<T> {
  if (password === null) return work({});
  if (/[\r\n]/.test(password)) {
    throw new SwitchbackError(
      'invalid-input',
      t('A password with a line break cannot be handed to a program. Choose another password.'),
    );
  }
  await sweepPasswordFiles();
  const folder = await makeOwnFolder(tmpdir(), folderPrefix);
  const path = join(folder, 'pgpass');
  try {
    const lines = hostsOf(connection.host).map((host) =>
      [host, String(connection.port), '*', connection.user, password].map(escapeField).join(':'),
    );
    await writeFile(path, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
    return await work({ PGPASSFILE: path });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const folderPrefix = 'switchback-pass-';

/** Removes the password files of processes that were killed before they could. */
export async function sweepPasswordFiles(): Promise<void> {
  await sweepOwnFolders(tmpdir(), folderPrefix);
}

/** A socket's folder is looked up as itself and as `localhost`. */
function hostsOf(host: string): string[] {
  return isSocketFolder(host) ? [host, 'localhost'] : [host];
}

/** Four fields and the rest of the line, which is the password; `\:` and `\\` stand for themselves. */
function readLine(line: string): PasswordEntry | null {
  const match = /^((?:[^\\:]|\\.)*):((?:[^\\:]|\\.)*):((?:[^\\:]|\\.)*):((?:[^\\:]|\\.)*):(.*)$/.exec(line);
  if (!match) return null;
  const [host, port, database, user, password] = match.slice(1).map((field) => field.replace(/\\(.)/g, '$1'));
  return { host: host!, port: port!, database: database!, user: user!, password: password! };
}

function escapeField(text: string): string {
  return text.replace(/[\\:]/g, '\\$&');
}

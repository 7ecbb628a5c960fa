import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { makeOwnFolder } from '../ports/own-folder';
import { serverFolderPrefix, stopLeftoverServer, sweepLeftovers } from './leftovers';
import {
  isDurable,
  listensOnLoopback,
  type LocalServerOptions,
  type LocalServerSetup,
} from './local-server-setup';
import { memoryFolder, sharedMemory } from './memory-folder';
import { executable } from './postgres-binaries';
import { serverEnvironment } from './server-process';
import { isTraversable, makePrivateFolder, type ServerUser } from './server-user';

/**
 * Makes or finds the folder a server lives in, where `user` may enter it. What dead processes left of throw-away ones is removed
 * first. Throws `no-shadow`.
 */
export async function serverFolder(
  options: LocalServerOptions,
  user: ServerUser | null,
  log: (line: string) => void,
): Promise<string> {
  if (!options.persistentFolder) {
    const onDisk = options.temporaryFolder ?? os.tmpdir();
    await sweepLeftovers(onDisk, log);
    // Also where there is no room for another one, or none wanted.
    if (options.temporaryFolder === undefined) await sweepLeftovers(sharedMemory, log);
    const inMemory = options.inMemory ? await memoryFolder() : null;
    const folder = await makeOwnFolder(inMemory ?? onDisk, serverFolderPrefix);
    if (user) await chmod(folder, 0o711);
    if (await isTraversable(folder, user)) return folder;
    await rm(folder, { recursive: true, force: true });
    throw new SwitchbackError(
      'no-shadow',
      t(
        'The user "{0}" cannot enter "{1}", where the shadow database would live. Set TMPDIR to a folder it can.',
        user!.name,
        folder,
      ),
    );
  }
  const wanted = path.resolve(options.persistentFolder);
  await mkdir(wanted, { recursive: true });
  if (await isTraversable(wanted, user)) return wanted;
  return await substituteFolder(wanted);
}

/** Root's own folders are closed to the server's user: its data then lives in /var/tmp, which survives a restart. */
async function substituteFolder(wanted: string): Promise<string> {
  const digest = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  const folder = `/var/tmp/switchback-data-${digest}`;
  await mkdir(folder, { recursive: true, mode: 0o711 });
  const status = await stat(folder);
  if (status.uid === process.getuid?.() && (status.mode & 0o022) === 0) return folder;
  throw new SwitchbackError(
    'no-shadow',
    t('"{0}" is needed for the embedded database but belongs to somebody else. Remove it.', folder),
  );
}

/** Makes a data folder with initdb where there is none, and gives it the password of this start. Throws `no-shadow`. */
export async function prepareData(setup: LocalServerSetup): Promise<void> {
  const { dataFolder, options } = setup;
  const loopback = listensOnLoopback(options);
  setup.password = loopback ? (options.password ?? randomBytes(24).toString('base64url')) : null;
  await makePrivateFolder(path.join(setup.folder, 'socket'), setup.user);
  const existing = await readFile(path.join(dataFolder, 'PG_VERSION'), 'utf8').catch(() => null);
  if (existing === null) {
    await rm(dataFolder, { recursive: true, force: true });
    await makePrivateFolder(dataFolder, setup.user);
    await initialise(setup);
    return;
  }
  if (existing.trim() !== String(setup.binaries.major)) {
    throw new SwitchbackError(
      'no-shadow',
      t(
        'The data in "{0}" was made by PostgreSQL {1}, and the programs found are of version {2}. Install version {1}, or remove the folder.',
        dataFolder,
        existing.trim(),
        setup.binaries.major,
      ),
    );
  }
  await stopLeftoverServer(dataFolder);
  if (setup.password !== null) await setPassword(setup, setup.password);
}

/** https://www.postgresql.org/docs/current/app-initdb.html */
async function initialise(setup: LocalServerSetup): Promise<void> {
  const passwordFile = path.join(setup.folder, 'password');
  const authentication =
    setup.password === null
      ? ['--auth-local=trust', '--auth-host=reject']
      : ['--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  try {
    if (setup.password !== null) {
      await writeFile(passwordFile, `${setup.password}\n`, { mode: 0o600 });
      if (setup.user) await chown(passwordFile, setup.user.uid, setup.user.gid);
    }
    await runProgram(setup, 'initdb', [
      '-D',
      setup.dataFolder,
      '--username=postgres',
      '--encoding=UTF8',
      ...localeArguments(setup.binaries.major),
      ...authentication,
      ...(isDurable(setup.options) ? [] : throwAwayArguments(setup.binaries.major)),
    ]);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Nothing of it has to survive; from 18 on pages have checksums unless said, which cost WAL and time. */
function throwAwayArguments(major: number): string[] {
  return major >= 18 ? ['--no-sync', '--no-data-checksums'] : ['--no-sync'];
}

/** Sorted by bytes, and upper and lower case of every letter: what the platform and the version offer of it. */
function localeArguments(major: number): string[] {
  if (major >= 17) return ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const characterTypes: Partial<Record<NodeJS.Platform, string>> = { linux: 'C.UTF-8', darwin: 'UTF-8' };
  const characterType = characterTypes[process.platform];
  return characterType ? ['--locale=C', `--lc-ctype=${characterType}`] : ['--locale=C'];
}

/** Through the single-user mode, on standard input: the password is on no command line and in no file. */
async function setPassword(setup: LocalServerSetup, password: string): Promise<void> {
  if (!/^[\w-]+$/.test(password))
    throw new SwitchbackError(
      'internal',
      t("The embedded database's password holds a character it may not."),
    );
  const sql = `ALTER ROLE postgres PASSWORD '${password}'\n`;
  await runProgram(
    setup,
    'postgres',
    ['--single', '-D', setup.dataFolder, '-c', 'password_encryption=scram-sha-256', 'postgres'],
    sql,
  );
}

async function runProgram(
  setup: LocalServerSetup,
  name: string,
  args: string[],
  input?: string,
): Promise<void> {
  const program = path.join(setup.binaries.folder, executable(name));
  const running = promisify(execFile)(program, args, {
    cwd: setup.dataFolder,
    env: serverEnvironment(),
    signal: setup.options.signal,
    ...(setup.user ? { uid: setup.user.uid, gid: setup.user.gid } : {}),
  });
  running.child.stdin?.on('error', () => undefined);
  running.child.stdin?.end(input ?? '');
  try {
    await running;
  } catch (error) {
    const output = (error as { stderr?: string }).stderr?.trim() ?? '';
    const reason =
      output.split('\n').find((line) => /error|fatal|could not/i.test(line)) ??
      output.split('\n').at(-1) ??
      '';
    setup.options.signal?.throwIfAborted();
    throw new SwitchbackError(
      'no-shadow',
      t('"{0}" failed: {1}. Choose another shadow database, or look at the log.', program, reason),
      {
        cause: error,
      },
    );
  }
}

import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Connection } from '../database/connection';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { makeOwnFolder } from '../ports/own-folder';
import { serverFolderPrefix, stopLeftoverServer, sweepLeftovers } from './leftovers';
import { notePort, releaseFolder, takeFolder } from './owner-file';
import { executable, type PostgresBinaries } from './postgres-binaries';
import { freePort, serverEnvironment, startServerProcess, type ServerProcess } from './server-process';
import {
  isTraversable,
  makePrivateFolder,
  runnableBinaries,
  serverUser,
  type ServerUser,
} from './server-user';

export interface LocalServerOptions {
  binaries: PostgresBinaries;
  /** A folder whose data survives `stop`; without it the server is thrown away. */
  persistentFolder?: string;
  /** Where throw-away servers get their folder; the system's temporary folder unless said. */
  temporaryFolder?: string;
  /** True keeps fsync on: the default for a persistent server, off for a throw-away one. */
  durable?: boolean;
  /** Loopback with a random password, or a private Unix socket without one (not on Windows). */
  listen?: 'loopback' | 'socket';
  /** The superuser's password; random unless said. */
  password?: string;
  /** Further settings of postgresql.conf. */
  settings?: Record<string, string | number | boolean>;
  log?: (line: string) => void;
  signal?: AbortSignal;
}

/** A PostgreSQL server this process started and owns. */
export interface LocalServer {
  readonly host: string;
  readonly port: number;
  readonly user: 'postgres';
  /** Null on a private socket, where none is asked. */
  readonly password: string | null;
  readonly binaries: PostgresBinaries;
  readonly dataFolder: string;
  /** Pid of the postmaster that runs now. */
  readonly pid: number;
  /** A connection to one of its databases, with the environment `development`. */
  connection(database?: string): Connection;
  /** Shuts down and, for a throw-away server, removes the data. Safe to call twice. */
  stop(): Promise<void>;
  /** Kills the postmaster with SIGKILL, as a crash would; the data stays for `restart`. */
  kill(): Promise<void>;
  /** Starts it again on the same port, after stopping it when it still runs. */
  restart(options?: {
    mode?: 'fast' | 'immediate';
    settings?: LocalServerOptions['settings'];
  }): Promise<void>;
}

/**
 * Makes a data folder with initdb where there is none and starts PostgreSQL on it. As root it runs as
 * the user postgres, else nobody. Throws `no-shadow`, or `locked-by-other` when another living process
 * uses the persistent folder.
 */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const log = options.log ?? (() => undefined);
  const user = await serverUser();
  const binaries = await runnableBinaries(options.binaries, user);
  if (!options.persistentFolder) await sweepLeftovers(options.temporaryFolder ?? os.tmpdir(), log);
  const folder = await serverFolder(options, user);
  try {
    await takeFolder(folder);
    const setup: Setup = {
      options,
      log,
      user,
      binaries,
      folder,
      dataFolder: path.join(folder, 'data'),
      password: null,
    };
    await prepareData(setup);
    return await run(setup);
  } catch (error) {
    await releaseFolder(folder);
    if (!options.persistentFolder) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

interface Setup {
  options: LocalServerOptions;
  log: (line: string) => void;
  user: ServerUser | null;
  binaries: PostgresBinaries;
  folder: string;
  dataFolder: string;
  password: string | null;
}

async function serverFolder(options: LocalServerOptions, user: ServerUser | null): Promise<string> {
  if (!options.persistentFolder) {
    const folder = await makeOwnFolder(options.temporaryFolder ?? os.tmpdir(), serverFolderPrefix);
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

async function prepareData(setup: Setup): Promise<void> {
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

function listensOnLoopback(options: LocalServerOptions): boolean {
  return options.listen !== 'socket' || process.platform === 'win32';
}

/** https://www.postgresql.org/docs/current/app-initdb.html */
async function initialise(setup: Setup): Promise<void> {
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
      ...(isDurable(setup.options) ? [] : ['--no-sync']),
    ]);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Sorted by bytes, and upper and lower case of every letter: what the platform and the version offer of it. */
function localeArguments(major: number): string[] {
  if (major >= 17) return ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const characterTypes: Partial<Record<NodeJS.Platform, string>> = { linux: 'C.UTF-8', darwin: 'UTF-8' };
  const characterType = characterTypes[process.platform];
  return characterType ? ['--locale=C', `--lc-ctype=${characterType}`] : ['--locale=C'];
}

/** Through the single-user mode, on standard input: the password is on no command line and in no file. */
async function setPassword(setup: Setup, password: string): Promise<void> {
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

async function runProgram(setup: Setup, name: string, args: string[], input?: string): Promise<void> {
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

function isDurable(options: LocalServerOptions): boolean {
  return options.durable ?? options.persistentFolder !== undefined;
}

function serverSettings(
  setup: Setup,
  port: number,
  extra: LocalServerOptions['settings'] = {},
): Record<string, string> {
  const loopback = listensOnLoopback(setup.options);
  const durability: Record<string, string> = isDurable(setup.options)
    ? {}
    : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const given = { ...setup.options.settings, ...extra };
  return {
    port: String(port),
    listen_addresses: loopback ? '127.0.0.1' : '',
    unix_socket_directories: loopback ? '' : path.join(setup.folder, 'socket'),
    unix_socket_permissions: '0700',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...durability,
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, formatSetting(value)])),
  };
}

function formatSetting(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return String(value);
}

async function start(
  setup: Setup,
  port: number,
  extra?: LocalServerOptions['settings'],
): Promise<ServerProcess> {
  return await startServerProcess({
    binFolder: setup.binaries.folder,
    dataFolder: setup.dataFolder,
    user: setup.user,
    settings: serverSettings(setup, port, extra),
    removeFolder: setup.options.persistentFolder ? null : setup.folder,
    log: setup.log,
    signal: setup.options.signal,
  });
}

/** Somebody may take the free port before PostgreSQL does. */
async function startOnFreePort(setup: Setup): Promise<{ server: ServerProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = listensOnLoopback(setup.options) ? await freePort() : 5432;
    try {
      return { server: await start(setup, port), port };
    } catch (error) {
      const taken =
        isSwitchbackError(error) &&
        /could not (bind|create any TCP)/.test(String((error.cause as Error).message));
      if (!taken || attempt === 5) throw error;
    }
  }
}

async function run(setup: Setup): Promise<LocalServer> {
  const first = await startOnFreePort(setup);
  let server = first.server;
  let stopped = false;
  await notePort(setup.folder, first.port);
  const host = listensOnLoopback(setup.options) ? '127.0.0.1' : path.join(setup.folder, 'socket');
  return {
    host,
    port: first.port,
    user: 'postgres',
    password: setup.password,
    binaries: setup.binaries,
    dataFolder: setup.dataFolder,
    get pid() {
      return server.pid;
    },
    connection: (database = 'postgres') => ({
      id: `local-${first.port}-${database}`,
      name: database,
      environment: 'development',
      kind: 'embedded',
      host,
      port: first.port,
      database,
      user: 'postgres',
      sslmode: 'disable',
    }),
    stop: async () => {
      if (stopped) return;
      stopped = true;
      await server.stop(setup.options.persistentFolder ? 'fast' : 'immediate');
      await releaseFolder(setup.folder);
      if (!setup.options.persistentFolder)
        await rm(setup.folder, { recursive: true, force: true, maxRetries: 5 });
    },
    kill: () => server.stop('kill'),
    restart: async (restart = {}) => {
      await server.stop(restart.mode ?? 'fast');
      server = await startAgain(setup, first.port, restart.settings);
    },
  };
}

/** The children of a killed postmaster take a moment to notice and to let its shared memory go. */
async function startAgain(
  setup: Setup,
  port: number,
  extra?: LocalServerOptions['settings'],
): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(setup, port, extra);
    } catch (error) {
      const busy =
        isSwitchbackError(error) &&
        /shared memory|could not bind/.test(String((error.cause as Error | undefined)?.message));
      if (!busy || attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

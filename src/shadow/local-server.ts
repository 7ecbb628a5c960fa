import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Connection } from '../database/connection';
import { isSwitchbackError } from '../messages/error';
import { prepareData, serverFolder } from './local-data-folder';
import {
  isDurable,
  listensOnLoopback,
  type LocalServerOptions,
  type LocalServerSetup,
} from './local-server-setup';
import { notePort, releaseFolder, takeFolder } from './owner-file';
import type { PostgresBinaries } from './postgres-binaries';
import { freePort, startServerProcess, type ServerProcess } from './server-process';
import { runnableBinaries, serverUser } from './server-user';

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
  const folder = await serverFolder(options, user, log);
  try {
    await takeFolder(folder);
    const setup: LocalServerSetup = {
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

function serverSettings(
  setup: LocalServerSetup,
  port: number,
  extra: LocalServerOptions['settings'] = {},
): Record<string, string> {
  const loopback = listensOnLoopback(setup.options);
  const durability: Record<string, string> = isDurable(setup.options)
    ? {}
    : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', jit: 'off' };
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
  setup: LocalServerSetup,
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
async function startOnFreePort(setup: LocalServerSetup): Promise<{ server: ServerProcess; port: number }> {
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

async function run(setup: LocalServerSetup): Promise<LocalServer> {
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
  setup: LocalServerSetup,
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

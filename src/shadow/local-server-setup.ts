import type { PostgresBinaries } from './postgres-binaries';
import type { ServerUser } from './server-user';

export interface LocalServerOptions {
  binaries: PostgresBinaries;
  /** A folder whose data survives `stop`; without it the server is thrown away. */
  persistentFolder?: string;
  /** Where throw-away servers get their folder; the system's temporary folder unless said. */
  temporaryFolder?: string;
  /** In place of that, a throw-away server lies in memory where the system lends it and there is room. */
  inMemory?: boolean;
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

/** A server that is about to be started. */
export interface LocalServerSetup {
  options: LocalServerOptions;
  log: (line: string) => void;
  user: ServerUser | null;
  binaries: PostgresBinaries;
  folder: string;
  dataFolder: string;
  password: string | null;
}

/** Whether it is reached by TCP on 127.0.0.1; else through a Unix socket in a private folder. */
export function listensOnLoopback(options: LocalServerOptions): boolean {
  return options.listen !== 'socket' || process.platform === 'win32';
}

/** Whether its data survives a crash of the machine: that of a throw-away server need not. */
export function isDurable(options: LocalServerOptions): boolean {
  return options.durable ?? options.persistentFolder !== undefined;
}

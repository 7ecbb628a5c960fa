import type { Connection } from '../database/connection';
import { sweepPasswordFiles } from '../database/password-file';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { openEmbeddedShadow } from './embedded-shadow';
import { startLocalServer } from './local-server';
import type { Pace, PgliteAssets } from './pglite-process';
import { chooseBinaries, findPostgresBinaries, type BinarySearch } from './postgres-binaries';
import { openServerShadow, type ShadowTarget } from './server-shadow';
import type { Shadow } from './shadow';

/** PGlite; PostgreSQL's programs on this machine; or a scratch database on a server the user names. */
export type ShadowChoice = 'embedded' | 'local' | { connection: Connection; password: string | null };

export interface ShadowOptions {
  assets: PgliteAssets;
  /** Where to look for PostgreSQL's programs. */
  binaries?: BinarySearch;
  /** The major version to rehearse on; the newest found unless said. `local` only. */
  major?: number;
  /** Where no major version is asked for: the one to take, or the nearest newer, or the newest there is. `local` only. */
  preferredMajor?: number;
  /** The database the migrations are for: never used as a shadow. */
  target?: ShadowTarget;
  /** What the shadow database is called, for migrations that name theirs. `local` only. */
  databaseName?: string;
  /**
   * False: the shadow is the database `postgres` of a server of our own, called otherwise, and there a fifth of a second sooner
   * than a new one; other programs may look for `postgres`. `local` only.
   */
  leavesPostgres?: boolean;
  /** A statement that runs longer is stopped; 0 means none. */
  statementLimitMilliseconds?: number;
  /** Whether few scripts are to be run in it, or many; few unless said. `embedded` only. */
  pace?: Pace;
  /** Rows are to come in that memory may not hold: its data lies on the disk. `local` only. */
  mayBeLarge?: boolean;
  /** Further server settings. `local` only. */
  settings?: Record<string, string | number | boolean>;
  /** fsync on, for measurements. `local` only. */
  durable?: boolean;
  log?: (line: string) => void;
  signal?: AbortSignal;
}

export const defaultStatementLimitMilliseconds = 60_000;

/** Opens a throw-away database with nothing of the user's in it. Throws `no-shadow`, or what connecting throws. */
export async function openShadow(choice: ShadowChoice, options: ShadowOptions): Promise<Shadow> {
  await sweepPasswordFiles();
  const limit = options.statementLimitMilliseconds ?? defaultStatementLimitMilliseconds;
  if (choice === 'embedded')
    return await openEmbeddedShadow({
      assets: options.assets,
      limitMilliseconds: limit,
      pace: options.pace,
      signal: options.signal,
    });
  if (choice === 'local') return await openLocalShadow(options, limit);
  return await openServerShadow({
    kind: 'server',
    maintenance: choice.connection,
    password: choice.password,
    target: options.target,
    limitMilliseconds: limit,
    signal: options.signal,
    log: options.log,
  });
}

async function openLocalShadow(options: ShadowOptions, limitMilliseconds: number): Promise<Shadow> {
  const lines: string[] = [];
  const log = (line: string): void => {
    lines.push(line);
    options.log?.(line);
  };
  const found = await findPostgresBinaries({ ...options.binaries, log });
  const newest = Math.max(0, ...found.map(({ major }) => major));
  const preferred = Math.min(options.preferredMajor ?? newest, newest);
  const binaries = chooseBinaries(found, options.major ?? preferred);
  if (!binaries)
    throw noBinaries(
      options.major,
      found.map(({ version }) => version),
      lines,
    );
  if (options.major !== undefined && binaries.major !== options.major) {
    log(`PostgreSQL ${options.major} was not found; the shadow database is PostgreSQL ${binaries.version}.`);
  }
  const { settings, durable, mayBeLarge, signal, log: report } = options;
  const inMemory = !durable && !mayBeLarge;
  const server = await startLocalServer({ binaries, settings, durable, inMemory, signal, log: report });
  try {
    const shadow = await openServerShadow({
      kind: 'local',
      maintenance: server.connection('template1'),
      password: server.password,
      databaseName: options.databaseName,
      takesPostgres: options.leavesPostgres === false || options.databaseName === 'postgres',
      limitMilliseconds,
      signal,
      log: options.log,
    });
    return { ...shadow, dispose: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function noBinaries(major: number | undefined, versions: string[], lines: string[]): SwitchbackError {
  const sentence =
    versions.length === 0
      ? t(
          'No PostgreSQL programs (postgres, initdb) were found on this machine. Install PostgreSQL, name its bin folder, or choose the embedded shadow database.',
        )
      : t(
          'No PostgreSQL {0} or newer was found on this machine, only {1}. Install it, name its bin folder, or choose the embedded shadow database.',
          major ?? '',
          versions.join(', '),
        );
  return new SwitchbackError('no-shadow', sentence, { cause: new Error(lines.join('\n')) });
}

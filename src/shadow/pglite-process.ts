import { fork, type ChildProcess } from 'node:child_process';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { errorText, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { FromPglite, PgliteStart, ToPglite } from './pglite-protocol';

/** Where the built files lie and what may be cached. */
export interface PgliteAssets {
  /** The folder with pglite-host.js, pglite.wasm, the template and contrib/. */
  distFolder: string;
  /** A folder for kept states; without it none is kept. */
  cacheFolder?: string;
  /** Of a program that lives on: the next shadow database finds its process forked already. */
  spare?: PgliteSpare;
}

/** The place of one process that waits to be used; whoever made it kills what it holds at its end. */
export interface PgliteSpare {
  held: PgliteProcess | null;
}

/** One forked process with one PGlite in it. */
export interface PgliteProcess {
  readonly pid: number;
  /** False once it has ended. */
  readonly alive: boolean;
  /** Null until it is started. */
  readonly begun: Begun | null;
  /** Starts PGlite in it, once; gives the note of the state it started from, null where empty. Throws `no-shadow`, or the signal's reason. */
  start(options: PgliteStartOptions): Promise<string | null>;
  /** Writes the present state to a file from which `start` can begin. */
  keep(file: string, note: string): Promise<void>;
  /** Sends protocol bytes and gives the answer's. Rejects when the process ends meanwhile. */
  exchange(bytes: Uint8Array): Promise<Uint8Array>;
  /** Ends it with SIGKILL, the only way to stop a statement; what waits rejects with `reason`. */
  kill(reason?: Error): Promise<void>;
  /** Aborted when the process has ended. */
  readonly ended: AbortSignal;
  /** This program may end while it waits, and no longer. */
  unref(): void;
  ref(): void;
}

/** What a process was started from. */
export interface Begun {
  stateFiles: readonly string[];
  /** What `start` gives. */
  note: Promise<string | null>;
}

/**
 * How a process compiles PGlite: `quick` starts and answers its first statements in a third of the time, `lasting` does
 * a long series of them in half the time.
 */
export type Pace = 'quick' | 'lasting';

const startMilliseconds = 60_000;

export interface PgliteStartOptions {
  dataFolder?: string;
  /** Files of kept states, of which the first that is whole is started from. */
  stateFiles?: readonly string[];
  signal?: AbortSignal;
}

/** Forks the process and starts PGlite in it. Throws `no-shadow`, or the signal's reason. */
export async function startPgliteProcess(
  assets: PgliteAssets,
  options: PgliteStartOptions,
): Promise<PgliteProcess> {
  options.signal?.throwIfAborted();
  const process_ = forkPglite(assets, 'lasting');
  await process_.start(options);
  return process_;
}

/** Throws `no-shadow` where what the process is made of is missing. */
export async function requireFiles(assets: PgliteAssets): Promise<void> {
  for (const name of ['pglite-host.js', 'pglite.wasm']) {
    const file = path.join(assets.distFolder, name);
    await access(file).catch((error: unknown) => {
      throw startFailure(errorText(error));
    });
  }
}

/** A process in which PGlite is ready to be started. Failures show when it is. */
export function forkPglite(assets: PgliteAssets, pace: Pace): PgliteProcess {
  const child = fork(path.join(assets.distFolder, 'pglite-host.js'), [String(process.pid), pace], {
    execArgv: [],
    env: { PATH: process.env['PATH'], ELECTRON_RUN_AS_NODE: '1', TZ: 'UTC' },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new ForkedPglite(child, assets);
}

class ForkedPglite implements PgliteProcess {
  readonly #child: ChildProcess;
  readonly #assets: PgliteAssets;
  readonly #exited: Promise<void>;
  readonly #ended = new AbortController();
  readonly #waiting: { resolve: (message: FromPglite) => void; reject: (error: Error) => void }[] = [];
  #reason: Error | null = null;
  begun: Begun | null = null;

  constructor(child: ChildProcess, assets: PgliteAssets) {
    this.#child = child;
    this.#assets = assets;
    child.on('message', (message: FromPglite) => this.#waiting.shift()?.resolve(message));
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) =>
        resolve(this.#gone(t('its process ended ({0})', signal ?? code ?? '?'))),
      );
      child.once('error', (error) => resolve(this.#gone(error.message)));
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get alive(): boolean {
    return !this.#ended.signal.aborted;
  }

  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  async start(options: PgliteStartOptions): Promise<string | null> {
    const note = this.#start(options);
    this.begun = { stateFiles: options.stateFiles ?? [], note };
    return await note;
  }

  async #start(options: PgliteStartOptions): Promise<string | null> {
    const stop = (): void => void this.kill(options.signal?.reason as Error);
    const timer = setTimeout(
      () => void this.kill(startFailure(t('it did not start within {0} s', startMilliseconds / 1000))),
      startMilliseconds,
    );
    options.signal?.addEventListener('abort', stop, { once: true });
    try {
      options.signal?.throwIfAborted();
      const { distFolder } = this.#assets;
      const start: PgliteStart = {
        distFolder,
        dataFolder: options.dataFolder ?? null,
        stateFiles: options.stateFiles ?? [],
      };
      const answer = await this.#ask({ type: 'start', options: start });
      if (answer.type !== 'started') throw startFailure('reason' in answer ? answer.reason : answer.type);
      return answer.note;
    } catch (error) {
      await this.kill();
      throw error;
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', stop);
    }
  }

  async keep(file: string, note: string): Promise<void> {
    const answer = await this.#ask({ type: 'keep', file, note });
    if (answer.type !== 'kept') throw startFailure('reason' in answer ? answer.reason : answer.type);
  }

  unref(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }

  ref(): void {
    this.#child.ref();
    this.#child.channel?.ref();
  }

  #ask(message: ToPglite): Promise<FromPglite> {
    return new Promise((resolve, reject) => {
      if (this.#ended.signal.aborted) return reject(this.#ended.signal.reason as Error);
      this.#waiting.push({ resolve, reject });
      this.#child.send(message, (error) => {
        if (error) reject(error);
      });
    });
  }

  async exchange(bytes: Uint8Array): Promise<Uint8Array> {
    const answer = await this.#ask({ type: 'bytes', bytes });
    if (answer.type === 'bytes') return answer.bytes;
    const reason = 'reason' in answer ? answer.reason : answer.type;
    throw new SwitchbackError(
      'connection-lost',
      t('The embedded database failed: {0}. Start it again, or choose a local PostgreSQL.', reason),
    );
  }

  async kill(reason?: Error): Promise<void> {
    this.#reason ??= reason ?? null;
    // Whoever waits for its end must not end before.
    this.ref();
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  #gone(text: string): void {
    const error = this.#reason ?? startFailure(text);
    this.#ended.abort(error);
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
  }
}

function startFailure(reason: string): SwitchbackError {
  return new SwitchbackError(
    'no-shadow',
    t(
      'The embedded database does not run: {0}. Choose a local PostgreSQL or a server as the shadow database.',
      reason,
    ),
  );
}

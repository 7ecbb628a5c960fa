import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { FromPglite, PgliteStart, ToPglite } from './pglite-protocol';

/** Where the built files lie and what may be cached. */
export interface PgliteAssets {
  /** The folder with pglite-host.js, pglite.wasm and contrib/. */
  distFolder: string;
  /** A folder for the template of an empty database (30 MB); without it each start takes two seconds longer. */
  cacheFolder?: string;
}

/** One forked process with one PGlite in it. */
export interface PgliteProcess {
  readonly pid: number;
  /** False once it has ended. */
  readonly alive: boolean;
  /** Sends protocol bytes and gives the answer's. Rejects when the process ends meanwhile. */
  exchange(bytes: Uint8Array): Promise<Uint8Array>;
  /** Ends it with SIGKILL, the only way to stop a statement; what waits rejects with `reason`. */
  kill(reason?: Error): Promise<void>;
  /** Aborted when the process has ended. */
  readonly ended: AbortSignal;
}

const startMilliseconds = 60_000;

/** Forks the process and starts PGlite in it. Throws `no-shadow`, or the signal's reason. */
export async function startPgliteProcess(
  assets: PgliteAssets,
  options: { dataFolder?: string; signal?: AbortSignal; version: string },
): Promise<PgliteProcess> {
  options.signal?.throwIfAborted();
  const child = fork(path.join(assets.distFolder, 'pglite-host.js'), [], {
    execArgv: [],
    env: { PATH: process.env['PATH'], ELECTRON_RUN_AS_NODE: '1', TZ: 'UTC' },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const process_ = new ForkedPglite(child);
  const stop = (): void => void process_.kill(options.signal?.reason as Error);
  const timer = setTimeout(
    () => void process_.kill(startFailure(t('it did not start within {0} s', startMilliseconds / 1000))),
    startMilliseconds,
  );
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    const start: PgliteStart = {
      distFolder: assets.distFolder,
      templateFile: assets.cacheFolder
        ? path.join(assets.cacheFolder, `pglite-${options.version}.tar`)
        : null,
      dataFolder: options.dataFolder ?? null,
    };
    const answer = await process_.ask({ type: 'start', options: start });
    if (answer.type !== 'started') throw startFailure('reason' in answer ? answer.reason : answer.type);
    return process_;
  } catch (error) {
    await process_.kill();
    throw error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', stop);
  }
}

class ForkedPglite implements PgliteProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #ended = new AbortController();
  readonly #waiting: { resolve: (message: FromPglite) => void; reject: (error: Error) => void }[] = [];
  #reason: Error | null = null;

  constructor(child: ChildProcess) {
    this.#child = child;
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

  ask(message: ToPglite): Promise<FromPglite> {
    return new Promise((resolve, reject) => {
      if (this.#ended.signal.aborted) return reject(this.#ended.signal.reason as Error);
      this.#waiting.push({ resolve, reject });
      this.#child.send(message, (error) => {
        if (error) reject(error);
      });
    });
  }

  async exchange(bytes: Uint8Array): Promise<Uint8Array> {
    const answer = await this.ask({ type: 'bytes', bytes });
    if (answer.type === 'bytes') return answer.bytes;
    const reason = 'reason' in answer ? answer.reason : answer.type;
    throw new SwitchbackError(
      'connection-lost',
      t('The embedded database failed: {0}. Start it again, or choose a local PostgreSQL.', reason),
    );
  }

  async kill(reason?: Error): Promise<void> {
    this.#reason ??= reason ?? null;
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

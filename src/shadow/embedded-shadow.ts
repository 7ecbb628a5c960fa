import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Session } from '../database/session';
import { startPgliteProcess, type PgliteAssets, type PgliteProcess } from './pglite-process';
import { embeddedLabel, openPgliteSession } from './pglite-session';
import type { Shadow } from './shadow';

export interface EmbeddedShadowOptions {
  assets: PgliteAssets;
  /** A statement that runs longer ends the process; 0 means none. */
  limitMilliseconds: number;
  signal?: AbortSignal;
}

/** Part of the cached template's file name: raise it when pglite-host's start parameters change. */
const templateVersion = '0.5.16-1';

/** PGlite in a process of its own. One session at a time; each reset is a new process. */
export async function openEmbeddedShadow(options: EmbeddedShadowOptions): Promise<Shadow> {
  const shadow = new EmbeddedShadow(options, await startProcess(options, options.signal));
  try {
    await (await shadow.open()).close();
    return shadow;
  } catch (error) {
    await shadow.dispose();
    throw error;
  }
}

function startProcess(options: EmbeddedShadowOptions, signal?: AbortSignal): Promise<PgliteProcess> {
  return startPgliteProcess(options.assets, { signal, version: templateVersion });
}

class EmbeddedShadow implements Shadow {
  readonly kind = 'embedded';
  readonly engine = 'pglite';
  readonly label = embeddedLabel();
  version = '';
  readonly #options: EmbeddedShadowOptions;
  #process: PgliteProcess;
  #spare: Promise<PgliteProcess> | null = null;
  #session: Session | null = null;
  #disposed = false;

  constructor(options: EmbeddedShadowOptions, process: PgliteProcess) {
    this.#options = options;
    this.#process = process;
  }

  reach(): null {
    return null;
  }

  async open(options: { applicationName?: string; signal?: AbortSignal } = {}): Promise<Session> {
    options.signal?.throwIfAborted();
    this.#refuseWhenDisposed();
    if (this.#session && !this.#session.lost.aborted) {
      throw new SwitchbackError(
        'no-shadow',
        t(
          'The embedded database has one session only, and it is in use. Close it first, or choose a local PostgreSQL.',
        ),
      );
    }
    const session = await openPgliteSession(this.#process, this.#options.limitMilliseconds);
    this.version = session.facts.version;
    this.#session = session;
    const close = session.close.bind(session);
    session.close = async () => {
      if (this.#session === session) this.#session = null;
      await close();
    };
    return session;
  }

  async reset(signal?: AbortSignal): Promise<Session> {
    this.#refuseWhenDisposed();
    await this.#session?.close();
    await this.#process.kill();
    this.#process = await this.#nextProcess(signal);
    // Who resets once will reset again: the next one is ready by then.
    this.#spare = startProcess(this.#options);
    this.#spare.catch(() => undefined);
    return await this.open({ signal });
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const spare = this.#spare;
    this.#spare = null;
    await this.#process.kill();
    await spare?.then(
      (process) => process.kill(),
      () => undefined,
    );
  }

  async #nextProcess(signal?: AbortSignal): Promise<PgliteProcess> {
    const spare = await this.#spare?.catch(() => null);
    this.#spare = null;
    return spare?.alive ? spare : await startProcess(this.#options, signal);
  }

  #refuseWhenDisposed(): void {
    if (this.#disposed)
      throw new SwitchbackError('no-shadow', t('The shadow database was closed. Start the rehearsal again.'));
  }
}

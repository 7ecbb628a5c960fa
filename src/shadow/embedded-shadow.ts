import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Session } from '../database/session';
import {
  markUsed,
  prepareStates,
  presentStates,
  pruneStates,
  removeUnfinished,
  stateFile,
} from './kept-states';
import {
  forkPglite,
  requireFiles,
  type Begun,
  type Pace,
  type PgliteAssets,
  type PgliteProcess,
} from './pglite-process';
import { embeddedLabel, openPgliteSession } from './pglite-session';
import type { KeptStates, ResumedState, Shadow } from './shadow';

export interface EmbeddedShadowOptions {
  assets: PgliteAssets;
  /** A statement that runs longer ends the process; 0 means none. */
  limitMilliseconds: number;
  /** Whether few scripts are to be run in it, or many; few unless said. */
  pace?: Pace;
  signal?: AbortSignal;
}

/** Part of the kept files' names: raise it when pglite-host's start parameters or the form of kept states change. */
const stateVersion = '0.5.16-1';
/** What this PGlite says of itself when it is asked. */
const serverVersion = '18.3';

/** A spare process that nobody has used for so long gives its memory back. */
const idleMilliseconds = 10 * 60 * 1000;

/** PGlite in a process of its own, started when it is first used. One session at a time; each reset is a new process. */
export async function openEmbeddedShadow(options: EmbeddedShadowOptions): Promise<Shadow> {
  options.signal?.throwIfAborted();
  await requireFiles(options.assets);
  const { cacheFolder } = options.assets;
  if (cacheFolder !== undefined) {
    // One that cannot be made costs time, nothing else.
    await mkdir(cacheFolder, { recursive: true, mode: 0o700 }).catch(() => undefined);
    await removeUnfinished(cacheFolder);
  }
  return new EmbeddedShadow(options);
}

class EmbeddedShadow implements Shadow {
  readonly kind = 'embedded';
  readonly engine = 'pglite';
  readonly label = embeddedLabel();
  readonly kept: KeptStates | null;
  version = serverVersion;
  readonly #options: EmbeddedShadowOptions;
  readonly #pace: Pace;
  /** Forked and not started; one that was the spare may be started, empty or from a kept state. */
  #next: PgliteProcess | null;
  /** The file of the kept state that was last begun from or kept. */
  #lastState: string | null = null;
  #running: PgliteProcess | null = null;
  /** Nobody had a session on what runs now. */
  #untouched = true;
  #starts = 0;
  #session: Session | null = null;
  #disposed = false;

  constructor(options: EmbeddedShadowOptions) {
    this.#options = options;
    this.#pace = options.pace ?? 'quick';
    this.#next = this.#take();
    this.kept =
      options.assets.cacheFolder === undefined
        ? null
        : {
            resume: (keys, signal) => this.#resume(options.assets.cacheFolder!, keys, signal),
            keep: (key, note) => this.#keep(options.assets.cacheFolder!, key, note),
          };
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
    if (!this.#running) await this.#start([], options.signal);
    this.#untouched = false;
    const session = await openPgliteSession(this.#running!, this.#options.limitMilliseconds);
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
    if (!this.#running?.alive || !this.#untouched) {
      await this.#stop();
      await this.#start([], signal);
    }
    return await this.open({ signal });
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#running?.kill();
    const { assets } = this.#options;
    const { spare } = assets;
    if (!spare || spare.held?.alive || this.#pace === 'lasting') await this.#next?.kill();
    if (!spare || spare.held?.alive) return;
    const held = this.#next?.alive ? this.#next : forkPglite(assets, 'quick');
    held.unref();
    spare.held = held;
    if (held.begun === null) void warmUp(held, this.#lastState === null ? [] : [this.#lastState]);
    setTimeout(() => {
      if (spare.held !== held) return;
      spare.held = null;
      void held.kill();
    }, idleMilliseconds).unref();
  }

  async #resume(
    cacheFolder: string,
    keys: readonly string[],
    signal?: AbortSignal,
  ): Promise<ResumedState | null> {
    this.#refuseWhenDisposed();
    const names = await Promise.all(keys.map((key) => this.#stateName(key)));
    const files = await presentStates(cacheFolder, names);
    if (files.length === 0) return null;
    await this.#stop();
    const note = await this.#start(files, signal);
    if (note === null) return null;
    const { key, rest } = JSON.parse(note) as { key: string; rest: string };
    this.#lastState = stateFile(cacheFolder, await this.#stateName(key));
    await markUsed(this.#lastState);
    return { key, note: rest, session: await this.open({ signal }) };
  }

  async #keep(cacheFolder: string, key: string, note: string): Promise<void> {
    const session = this.#session;
    if (!session || !this.#running || session.inTransaction) return;
    if (!(await survivesCrash(session))) return;
    // Sequences and all else are in the files then as they are in memory.
    await session.script('checkpoint');
    const file = stateFile(cacheFolder, await this.#stateName(key));
    try {
      await prepareStates(cacheFolder);
      await this.#running.keep(file, JSON.stringify({ key, rest: note }));
      this.#lastState = file;
      await pruneStates(cacheFolder);
    } catch (error) {
      // A folder that cannot be written to costs the next rehearsal its time, nothing else.
      if (!this.#running.alive) throw error;
    }
  }

  /** The same migrations make another state with another engine, or with extensions it did not have. */
  async #stateName(key: string): Promise<string> {
    const contrib = path.join(this.#options.assets.distFolder, 'contrib');
    const extensions = (await readdir(contrib).catch(() => [] as string[])).sort();
    return createHash('sha256')
      .update(JSON.stringify([stateVersion, extensions, key]))
      .digest('hex');
  }

  async #stop(): Promise<void> {
    await this.#session?.close();
    await this.#running?.kill();
    this.#running = null;
  }

  async #start(stateFiles: readonly string[], signal?: AbortSignal): Promise<string | null> {
    const next = this.#next?.alive ? this.#next : this.#take();
    this.#next = null;
    this.#untouched = true;
    this.#starts += 1;
    const process = (this.#running = await this.#fitting(next, stateFiles));
    const note = await (process.begun?.note ?? process.start({ stateFiles, signal }));
    // Who starts twice will start again: the next process is there by then.
    if (this.#starts > 1) this.#next = this.#take();
    return note;
  }

  /** A process that waits may have been started from the very state that is wanted; from another it is of no use. */
  async #fitting(process: PgliteProcess, stateFiles: readonly string[]): Promise<PgliteProcess> {
    const { begun } = process;
    if (begun === null) return process;
    const started = begun.stateFiles[0] === stateFiles[0] && (await hasBegun(begun));
    if (started) return process;
    await process.kill();
    return forkPglite(this.#options.assets, this.#pace);
  }

  #take(): PgliteProcess {
    const { spare } = this.#options.assets;
    const held = spare?.held;
    if (!spare || !held?.alive || this.#pace === 'lasting')
      return forkPglite(this.#options.assets, this.#pace);
    spare.held = null;
    held.ref();
    return held;
  }

  #refuseWhenDisposed(): void {
    if (this.#disposed)
      throw new SwitchbackError('no-shadow', t('The shadow database was closed. Start the rehearsal again.'));
  }
}

/** Starts a process that waits from what is likely to be wanted next. One that cannot has ended, and is not used. */
async function warmUp(process: PgliteProcess, stateFiles: readonly string[]): Promise<void> {
  await process.start({ stateFiles }).catch(() => undefined);
}

/** Whether it is in the state it was started for: one that is damaged leaves it empty. */
async function hasBegun({ stateFiles, note }: Begun): Promise<boolean> {
  const begun = await note.catch(() => undefined);
  return begun !== undefined && (stateFiles.length === 0 || begun !== null);
}

/**
 * A state is read again as after a crash, by a new session: unlogged tables are empty then
 * (https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-UNLOGGED), and settings of the database
 * and of roles hold that did not yet for the session that made them.
 */
async function survivesCrash(session: Session): Promise<boolean> {
  const { rows } = await session.query<{ whole: boolean }>(
    `select not exists (select from pg_catalog.pg_class where relpersistence = 'u')
        and not exists (select from pg_catalog.pg_db_role_setting) as whole`,
  );
  return rows[0]!.whole;
}

import type { Catalog } from '../catalog/catalog';
import { compareCatalogs, type Difference } from '../catalog/compare';
import { followCatalog, type FollowedCatalog } from '../catalog/follow-catalog';
import type { Session } from '../database/session';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Shadow, ShadowKind } from '../shadow/shadow';
import { runInside, type InsideOutcome } from './run-inside';
import { lacksExtension, missingExtension } from './missing-extension';
import { historyKeys } from './history-keys';
import { runScript, type RehearsedScript, type ScriptLimits, type ScriptOutcome } from './run-script';
import { readStateNote, writeStateNote } from './state-note';
import { readData, type ShadowData } from './table-data';

/** Something that brings the shadow forward: a migration of the history, or a step. */
export interface ReplayedScript extends RehearsedScript {
  /** How messages name it. */
  label: string;
}

/** Schema and data of the shadow at one moment. */
export interface Snapshot {
  catalog: Catalog;
  /** The same with the numbers of what it holds. */
  followed: FollowedCatalog;
  data: ShadowData;
}

/** The shadow database in a transaction that is rolled back. */
export interface Inside {
  session: Session;
  signal: AbortSignal;
  run(script: RehearsedScript): Promise<InsideOutcome>;
}

/** Fewer scripts are as soon run again as their state is kept. */
const replaysWorthKeeping = 8;

/** The shadow database while it is rehearsed in: what was run, in what state it is, and the way back to it. */
export class ShadowRun {
  readonly #shadow: Shadow;
  readonly #limits: Omit<ScriptLimits, 'ground'>;
  readonly #prepare: readonly string[];
  #session: Session | null = null;
  #ignoredObjects: string[] = [];
  /** Of the database the shadow has now. */
  #followed: FollowedCatalog | null = null;
  /** What brings an empty shadow to the present state. */
  readonly #history: ReplayedScript[] = [];

  /** `prepare` makes what the tool makes for itself: its history table comes first. */
  constructor(shadow: Shadow, prepare: readonly string[], limits: Omit<ScriptLimits, 'ground'>) {
    this.#shadow = shadow;
    this.#prepare = prepare;
    this.#limits = limits;
  }

  /** Empties the shadow and brings it to the state after `history`. Throws `verification-failed` when it cannot. */
  async start(
    history: readonly ReplayedScript[],
    report: (script: ReplayedScript, index: number) => void = () => undefined,
  ): Promise<void> {
    this.#followed = null;
    this.#history.length = 0;
    const keys = historyKeys(this.#prepare, history);
    const done = (await this.#resume(keys)) ?? (await this.#prepareEmpty());
    this.#history.push(...history.slice(0, done));
    for (const [index, script] of history.entries()) {
      if (index < done) continue;
      report(script, index);
      await this.goOn(script);
    }
    if (history.length - done >= replaysWorthKeeping && keys.length > history.length)
      await this.#keepState(keys[history.length]!);
  }

  async #keepState(key: string): Promise<void> {
    const { kept } = this.#shadow;
    if (kept === null) return;
    const session = this.#require();
    const followed = (this.#followed = await this.#follow(session));
    const note = { ignoredObjects: this.#ignoredObjects, followed };
    await kept.keep(key, writeStateNote(note, session.facts.major));
  }

  #follow(session: Session): Promise<FollowedCatalog> {
    return followCatalog(session, this.#followed, { signal: this.#limits.signal });
  }

  /** How much of the history the state has that is begun with; null where none is kept. */
  async #resume(keys: readonly string[]): Promise<number | null> {
    // The state before the first is as soon made as read.
    const asked = keys.slice(1).reverse();
    if (asked.length === 0) return null;
    const resumed = await this.#shadow.kept?.resume(asked, this.#limits.signal);
    if (!resumed) return null;
    this.#session = resumed.session;
    const note = readStateNote(resumed.note, resumed.session.facts.major);
    this.#ignoredObjects = note.ignoredObjects;
    this.#followed = note.followed;
    return keys.indexOf(resumed.key);
  }

  async #prepareEmpty(): Promise<number> {
    const session = (this.#session = await this.#shadow.reset(this.#limits.signal));
    if (this.#prepare.length === 0) return 0;
    const empty = await this.#follow(session);
    for (const sql of this.#prepare) await session.script(sql);
    this.#followed = await followCatalog(session, empty, { signal: this.#limits.signal });
    this.#ignoredObjects = newObjects(empty.catalog, this.#followed.catalog);
    return 0;
  }

  /** Runs a script in the present state; the state is not taken as the new one until `keep`. */
  async run(script: RehearsedScript): Promise<ScriptOutcome> {
    this.#limits.signal.throwIfAborted();
    return runScript(this.#require(), script, { ...this.#limits, ground: this.#shadow.kind });
  }

  /** Runs a script that belongs to the state from now on. Throws `verification-failed` where it fails. */
  async goOn(script: ReplayedScript): Promise<void> {
    const outcome = await this.run(script);
    if (outcome.kind !== 'ok') throw cannotReplay(script, outcome.error);
    this.keep(script);
  }

  /** The script just run belongs to the state from now on. */
  keep(script: ReplayedScript): void {
    this.#history.push(script);
  }

  /** Goes back to the state after everything kept, and after `more`: empties the shadow and replays what no kept state has. */
  async restore(more: readonly ReplayedScript[] = []): Promise<void> {
    const history = [...this.#history, ...more];
    await this.#closeQuietly();
    await this.start(history);
  }

  /** Goes back to the state after the first `count` kept scripts; the later ones stay kept. */
  async restoreTo(count: number): Promise<void> {
    const history = [...this.#history];
    await this.#closeQuietly();
    await this.start(history.slice(0, count));
    this.#history.push(...history.slice(count));
  }

  /**
   * Tries something out in the present state and rolls it back. null where it ran too long and was stopped; then the state has
   * been made anew.
   */
  async tryOut<T>(work: (inside: Inside) => Promise<T>): Promise<T | null> {
    const session = this.#require();
    const { signal: cancelled, watchdogMilliseconds } = this.#limits;
    cancelled.throwIfAborted();
    const watchdog = AbortSignal.timeout(watchdogMilliseconds);
    const signal = AbortSignal.any([cancelled, watchdog]);
    const run = (script: RehearsedScript): Promise<InsideOutcome> => runInside(session, script, signal);
    try {
      return await session.transaction(() => work({ session, signal, run }), { rollback: true, signal });
    } catch (error) {
      cancelled.throwIfAborted();
      if (!watchdog.aborted && !session.lost.aborted) throw error;
      await this.restore();
      return null;
    }
  }

  get ground(): ShadowKind {
    return this.#shadow.kind;
  }

  async snapshot(): Promise<Snapshot> {
    const session = this.#require();
    const { signal } = this.#limits;
    this.#followed = await this.#follow(session);
    const { catalog, relations } = this.#followed;
    const own = new Set(this.#ignoredObjects);
    const others = relations.filter(({ object }) => !own.has(object));
    return { catalog, followed: this.#followed, data: await readData(session, others, signal) };
  }

  /** What the tool keeps for itself, as the catalog names it. */
  get ownObjects(): readonly string[] {
    return this.#ignoredObjects;
  }

  /** Without what the tool keeps for itself. */
  compare(before: Snapshot, after: Snapshot): Difference[] {
    return compareCatalogs(before.catalog, after.catalog, { ignoredObjects: this.#ignoredObjects });
  }

  async close(): Promise<void> {
    await this.#closeQuietly();
  }

  #require(): Session {
    if (this.#session) return this.#session;
    throw new SwitchbackError('no-shadow', t('The shadow database was closed. Start the rehearsal again.'));
  }

  /** A session that is lost already has nothing left to close. */
  async #closeQuietly(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.close().catch((error: unknown) => {
      if (!isSwitchbackError(error)) throw error;
    });
  }
}

function newObjects(before: Catalog, after: Catalog): string[] {
  return Object.keys(after.objects).filter((object) => !(object in before.objects));
}

function cannotReplay(script: ReplayedScript, error: string): SwitchbackError {
  const extension = missingExtension(error);
  if (extension !== null)
    return new SwitchbackError('verification-failed', lacksExtension(script.label, extension, error), {
      details: { script: script.label, extension },
    });
  return new SwitchbackError(
    'verification-failed',
    t(
      'The shadow database cannot be brought to the state before: {0} fails there: {1}. Rehearse that one first.',
      script.label,
      error,
    ),
    { details: { script: script.label } },
  );
}

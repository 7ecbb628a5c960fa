import type { Connection } from '../database/connection';
import type { Session, SessionFactory } from '../database/session';

export interface ShadowReach {
  connection: Connection;
  password: string | null;
}

export type ShadowKind = 'embedded' | 'local' | 'server';

/** States of a shadow database that were kept, also by programs that ran before. Keys are digests of what led there. */
export interface KeptStates {
  /**
   * Empties the shadow and goes to the first of these states that is kept and whole. null: there is none; the shadow is
   * to be reset then.
   */
  resume(keys: readonly string[], signal?: AbortSignal): Promise<ResumedState | null>;
  /** Keeps the present state, with a note, where it can be kept whole. No transaction may be open. */
  keep(key: string, note: string): Promise<void>;
}

export interface ResumedState {
  key: string;
  note: string;
  session: Session;
}

/** A throw-away database for rehearsals and dry runs. */
export interface Shadow extends SessionFactory {
  kind: ShadowKind;
  engine: 'pglite' | 'postgres';
  /** server_version */
  version: string;
  /** How other programs reach the database it has now; null where they cannot. */
  reach(): ShadowReach | null;
  /** Empties it: a fresh database with nothing of the user's in it. Returns a new session. */
  reset(signal?: AbortSignal): Promise<Session>;
  /** null where running the history again is as fast. */
  readonly kept: KeptStates | null;
  /** Stops and removes everything it started. Safe to call twice. */
  dispose(): Promise<void>;
}

import type { Connection } from '../database/connection';
import type { Session, SessionFactory } from '../database/session';

export interface ShadowReach {
  connection: Connection;
  password: string | null;
}

export type ShadowKind = 'embedded' | 'local' | 'server';

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
  /** Stops and removes everything it started. Safe to call twice. */
  dispose(): Promise<void>;
}

import type { Connection } from '../database/connection';
import type { Session, SessionFactory } from '../database/session';
import { sessionFactory } from '../database/connect';

/** A database one is connected to: a session for reading, and a factory for those that work. */
export interface Database {
  connection: Connection;
  sessions: SessionFactory;
  session: Session;
  secret: Secret;
  close(): Promise<void>;
}

/** Gives a connection's password when a session is opened; null where it needs none. */
export type Secret = () => Promise<string | null>;

/** Connects. Test and Connect both use it. Throws `unreachable`, `authentication`, `tls-refused`, `server-too-old`. */
export async function openDatabase(
  connection: Connection,
  secret: Secret,
  signal?: AbortSignal,
): Promise<Database> {
  const sessions = sessionFactory(connection, secret);
  const session = await sessions.open({ signal });
  return { connection, sessions, session, secret, close: () => session.close() };
}

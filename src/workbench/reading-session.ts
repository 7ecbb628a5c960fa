import type { Session, SessionFactory } from '../database/session';

/** The session for readings beside a running action: of one database alone, so that a switch leaves it to that one. */
export class ReadingSession {
  private session: Session | null = null;
  private readings: Promise<unknown> = Promise.resolve();
  private readonly closed = new AbortController();

  constructor(private readonly sessions: SessionFactory) {}

  /** Reads when the reading before has ended; null stands for a session once this was closed. */
  read<T>(work: (session: Session | null) => Promise<T>): Promise<T> {
    const result = this.readings.then(async () => work(await this.opened()));
    this.readings = result.catch(() => undefined);
    return result;
  }

  /** Closes the session, also one that is still being opened. */
  async close(): Promise<void> {
    const { session } = this;
    this.session = null;
    this.closed.abort();
    await session?.close();
  }

  private async opened(): Promise<Session | null> {
    const { signal } = this.closed;
    if (signal.aborted) return null;
    if (this.session && !this.session.lost.aborted) return this.session;
    try {
      const session = await this.sessions.open({ applicationName: 'switchback status', signal });
      // Set only while it is wanted: nobody would close it after.
      if (!signal.aborted) return (this.session = session);
      await session.close();
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return null;
  }
}

import assert from 'node:assert/strict';
import type { Session, SessionFactory } from '../../src/database/session';
import type { Database } from '../../src/journey/database';
import { DatabaseActions } from '../../src/workbench/database-actions';
import { ReadingSession } from '../../src/workbench/reading-session';

interface Opened {
  session: Session;
  closed: boolean;
  lost: AbortController;
}

/** Sessions that are opened when the test says so. */
function slowSessions(): { factory: SessionFactory; opened: Opened[]; answer: () => Promise<void> } {
  const opened: Opened[] = [];
  const waiting: (() => void)[] = [];
  const factory: SessionFactory = {
    label: 'shop on staging',
    open: () =>
      new Promise((resolve) => {
        waiting.push(() => {
          const lost = new AbortController();
          const one: Opened = { session: undefined as never, closed: false, lost };
          const close = async (): Promise<void> => void (one.closed = true);
          one.session = { lost: lost.signal, close } as unknown as Session;
          opened.push(one);
          resolve(one.session);
        });
      }),
  };
  const answer = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    waiting.shift()?.();
  };
  return { factory, opened, answer };
}

describe('reading beside a running action', () => {
  const itself = async (session: Session | null): Promise<Session | null> => session;

  it('keeps one session for all readings, and opens another when it was lost', async () => {
    const { factory, opened, answer } = slowSessions();
    const reader = new ReadingSession(factory);
    const readings = [reader.read(itself), reader.read(itself)];
    await answer();
    assert.deepEqual(await Promise.all(readings), [opened[0]!.session, opened[0]!.session]);
    opened[0]!.lost.abort();
    const again = reader.read(itself);
    await answer();
    assert.equal(await again, opened[1]!.session);
    await reader.close();
    assert.ok(opened[1]!.closed);
  });

  it('closes a session that was still being opened when the window went to another database', async () => {
    const { factory, opened, answer } = slowSessions();
    const reader = new ReadingSession(factory);
    const reading = reader.read(itself);
    const next = reader.read(itself);
    await new Promise((resolve) => setImmediate(resolve));
    await reader.close();
    await answer();
    assert.deepEqual(await Promise.all([reading, next]), [null, null]);
    assert.deepEqual(
      opened.map(({ closed }) => closed),
      [true],
    );
  });

  it('passes on why no session was opened, and tries again', async () => {
    let tries = 0;
    const reader = new ReadingSession({
      label: 'shop on staging',
      open: () => Promise.reject(new Error(`try ${(tries += 1)}`)),
    });
    await assert.rejects(reader.read(itself), /try 1/);
    await assert.rejects(reader.read(itself), /try 2/);
  });
});

describe('actions on the connected database', () => {
  const databaseOf = (label: string): Database => ({ sessions: { label } }) as Database;

  it('never runs on another database than the one it was asked for', async () => {
    const [staging, production] = [databaseOf('staging'), databaseOf('production')];
    let current: Database | null = staging;
    const actions = new DatabaseActions(() => current);
    let end = (): void => undefined;
    const running = actions.on(staging, () => new Promise<void>((resolve) => (end = resolve)));
    const ran: Database[] = [];
    const record = async (database: Database): Promise<void> => void ran.push(database);
    const queued = actions.on(staging, record);
    await new Promise((resolve) => setImmediate(resolve));
    current = production;
    const meant = actions.on(production, record);
    end();
    await running;
    await assert.rejects(queued, /staging is no longer connected, so this was not done/);
    await meant;
    assert.deepEqual(ran, [production]);
  });
});

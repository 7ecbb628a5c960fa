import * as vscode from 'vscode';
import type { Connection } from '../database/connection';
import type { Session } from '../database/session';
import type { Database, Secret } from '../journey/database';
import { SwitchbackError, isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { DatabaseActions } from './database-actions';
import type { Log } from './log';
import { ReadingSession } from './reading-session';

/** The database the window is connected to: one at a time, one action at a time. */
export class ActiveDatabase implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private database: Database | null = null;
  private stop: (() => Promise<void>) | null = null;
  private reader: ReadingSession | null = null;
  private readonly actions = new DatabaseActions(() => this.database);

  constructor(private readonly log: Log) {}

  get current(): Database | null {
    return this.database;
  }

  /** Connects and, once that worked, leaves the database before. Throws what `openDatabase` throws. */
  async connect(connection: Connection, secret: Secret, signal?: AbortSignal): Promise<Database> {
    const { openDatabase } = await import('../journey/database');
    const database = await openDatabase(connection, secret, signal);
    await this.replace(database, () => database.close());
    return database;
  }

  /** Takes a database that was opened elsewhere; `stop` closes it and what serves it. */
  async adopt(database: Database, stop: () => Promise<void>): Promise<void> {
    await this.replace(database, stop);
  }

  async disconnect(): Promise<void> {
    await this.replace(null, null);
  }

  /** The database, or `not-found` with the way to one. */
  require(): Database {
    if (this.database) return this.database;
    throw new SwitchbackError(
      'not-found',
      t(
        'No database is connected. Run "Switchback: Connect…" or "Switchback: Use the Embedded Database" first.',
      ),
    );
  }

  /**
   * Runs actions one after the other: a session has one transaction at a time. `of` is the database that was spoken of,
   * else the one of now. Throws `not-found` where the window has left it when its turn comes.
   */
  async exclusive<T>(work: (database: Database) => Promise<T>, of?: Database | null): Promise<T> {
    return this.actions.on(of ?? this.require(), work);
  }

  /** Reads beside a running action, in a session of its own where the server has more than one. */
  read<T>(work: (session: Session | null) => Promise<T>): Promise<T> {
    const { database, reader } = this;
    if (!database || !reader) return work(null);
    if (database.session.facts.engine !== 'pglite') return reader.read(work);
    return this.actions.inTurn(() => work(this.database === database ? database.session : null));
  }

  private async replace(database: Database | null, stop: (() => Promise<void>) | null): Promise<void> {
    const before = { stop: this.stop, reader: this.reader };
    this.database = database;
    this.stop = stop;
    this.reader = database && new ReadingSession(database.sessions);
    database?.session.lost.addEventListener('abort', () => this.lost(database), { once: true });
    await this.closeQuietly(async () => {
      await before.reader?.close();
      await before.stop?.();
    });
    this.changed.fire();
  }

  private lost(database: Database): void {
    if (this.database !== database) return;
    const reason: unknown = database.session.lost.reason;
    const sentence = isSwitchbackError(reason)
      ? reason.sentence
      : t('The connection to {0} was lost. Connect again.', database.sessions.label);
    this.log.error(database.sessions.label, reason);
    void vscode.window.showWarningMessage(sentence);
    void this.replace(null, null);
  }

  private async closeQuietly(close: () => Promise<void>): Promise<void> {
    try {
      await close();
    } catch (error) {
      this.log.error('closing a connection', error);
    }
  }

  /** Closes without waiting: VS Code gives deactivation only moments. */
  dispose(): void {
    void this.replace(null, null).finally(() => this.changed.dispose());
  }
}

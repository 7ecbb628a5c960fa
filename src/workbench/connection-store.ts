import * as vscode from 'vscode';
import type { Connection } from '../database/connection';

const listKey = 'connections';
const secretKey = (id: string): string => `switchback.password.${id}`;

/** Saved connections: everything but passwords in globalState, passwords in SecretStorage. */
export class ConnectionStore implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly state: vscode.Memento,
    private readonly secrets: vscode.SecretStorage,
  ) {}

  list(): Connection[] {
    return this.state.get<Connection[]>(listKey, []);
  }

  /** Adds or replaces a connection; `password` null keeps the one that is stored. */
  async save(connection: Connection, password: string | null): Promise<void> {
    const others = this.list().filter((item) => item.id !== connection.id);
    await this.state.update(listKey, [...others, connection]);
    if (password !== null) await this.secrets.store(secretKey(connection.id), password);
    this.changed.fire();
  }

  async password(id: string): Promise<string | null> {
    return (await this.secrets.get(secretKey(id))) ?? null;
  }

  /** Removes a connection and its password: only here is a password ever erased. */
  async forget(id: string): Promise<void> {
    await this.state.update(
      listKey,
      this.list().filter((item) => item.id !== id),
    );
    await this.secrets.delete(secretKey(id));
    this.changed.fire();
  }

  dispose(): void {
    this.changed.dispose();
  }
}

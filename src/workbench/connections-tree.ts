import * as vscode from 'vscode';
import type { Connection } from '../database/connection';
import { t } from '../messages/translate';
import type { ActiveDatabase } from './active-database';
import type { ConnectionStore } from './connection-store';
import { environmentWord } from './format';
import { treeItemContexts } from './ids';

export interface ConnectionNode {
  connection: Connection;
}

/** The Connections view: the saved ones, and which of them is in use. */
export class ConnectionsTree implements vscode.TreeDataProvider<ConnectionNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly listeners: vscode.Disposable[];

  constructor(
    private readonly store: ConnectionStore,
    private readonly database: ActiveDatabase,
  ) {
    this.listeners = [
      store.onDidChange(() => this.changed.fire()),
      database.onDidChange(() => this.changed.fire()),
    ];
  }

  getChildren(node?: ConnectionNode): ConnectionNode[] {
    if (node) return [];
    const saved = this.store.list();
    const active = this.database.current?.connection;
    const unsaved = active && !saved.some((item) => item.id === active.id) ? [active] : [];
    return [...unsaved, ...saved].map((connection) => ({ connection }));
  }

  getTreeItem({ connection }: ConnectionNode): vscode.TreeItem {
    const active = this.database.current?.connection.id === connection.id;
    const item = new vscode.TreeItem(connection.name);
    const environment = environmentWord(connection.environment);
    item.id = `connection:${connection.id}`;
    item.description = active ? t('{0}, connected', environment) : environment;
    item.iconPath = new vscode.ThemeIcon(
      'database',
      active ? new vscode.ThemeColor('testing.iconPassed') : undefined,
    );
    item.tooltip =
      connection.kind === 'embedded'
        ? t('Embedded database')
        : `${connection.user}@${connection.host}:${connection.port}/${connection.database}\nsslmode ${connection.sslmode}`;
    item.contextValue = `${treeItemContexts.connection}.${active ? 'active' : 'idle'}`;
    item.accessibilityInformation = {
      label: t('Connection {0}, {1}', connection.name, String(item.description)),
    };
    return item;
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
    this.changed.dispose();
  }
}

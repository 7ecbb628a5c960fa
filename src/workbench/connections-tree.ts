import * as vscode from 'vscode';
import type { Connection } from '../database/connection';
import { t } from '../messages/translate';
import type { ActiveDatabase } from './active-database';
import type { ConnectionStore } from './connection-store';
import { databaseItem, partNodes, tableNodes, type DatabaseNode } from './database-tree';
import { environmentWord } from './format';
import { treeItemContexts } from './ids';
import type { WorkspaceModel } from './workspace-model';

export interface ConnectionNode {
  kind: 'connection';
  connection: Connection;
}

type Node = ConnectionNode | DatabaseNode;

/** The Connections view: the saved ones, and below the one in use its tables and views with their parts. */
export class ConnectionsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly listeners: vscode.Disposable[];

  constructor(
    private readonly store: ConnectionStore,
    private readonly database: ActiveDatabase,
    model: WorkspaceModel,
  ) {
    this.listeners = [
      store.onDidChange(() => this.changed.fire()),
      database.onDidChange(() => this.changed.fire()),
      // Read again with the states of migrations: what was applied changed the tables.
      model.onDidChange(() => this.changed.fire()),
    ];
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) return this.connections();
    switch (node.kind) {
      case 'connection':
        return this.isActive(node) ? tableNodes(this.database) : [];
      case 'table':
        return partNodes(this.database, node);
      case 'part':
        return [];
    }
  }

  private connections(): ConnectionNode[] {
    const saved = this.store.list();
    const active = this.database.current?.connection;
    const unsaved = active && !saved.some((item) => item.id === active.id) ? [active] : [];
    return [...unsaved, ...saved].map((connection) => ({ kind: 'connection', connection }));
  }

  private isActive({ connection }: ConnectionNode): boolean {
    return this.database.current?.connection.id === connection.id;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === 'connection' ? this.connectionItem(node) : databaseItem(node);
  }

  private connectionItem(node: ConnectionNode): vscode.TreeItem {
    const { connection } = node;
    const active = this.isActive(node);
    const { Collapsed, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(connection.name, active ? Collapsed : None);
    const environment = environmentWord(connection.environment);
    // One that becomes active is another item: it can be opened then.
    item.id = `connection:${connection.id}:${active}`;
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

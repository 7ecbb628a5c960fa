import * as vscode from 'vscode';
import { ConnectionsTree } from './connections-tree';
import { viewIds } from './ids';
import { registerMigrationsView } from './migrations-view';
import { PlansTree } from './plans-tree';
import type { Services } from './services';

/** The three views of the side bar. */
export function registerViews(services: Services): vscode.Disposable[] {
  const { model, connections, database } = services;
  const connectionsTree = new ConnectionsTree(connections, database, model);
  return [
    ...registerMigrationsView(services),
    vscode.window.createTreeView(viewIds.plans, { treeDataProvider: new PlansTree(model) }),
    vscode.window.createTreeView(viewIds.connections, { treeDataProvider: connectionsTree }),
    connectionsTree,
  ];
}

/** Keeps the context keys of menus and welcome texts true. */
export function followState({ model, connections, database, keys }: Services): vscode.Disposable[] {
  const update = (): void => {
    keys.set('connected', database.current !== null);
    keys.set('hasConnections', database.current !== null || connections.list().length > 0);
  };
  const updateEditor = (): void => {
    const file = vscode.window.activeTextEditor?.document.uri;
    keys.set('migrationFile', file !== undefined && model.migrationOf(file.fsPath) !== undefined);
  };
  update();
  return [
    connections.onDidChange(update),
    database.onDidChange(update),
    model.onDidChange(updateEditor),
    vscode.window.onDidChangeActiveTextEditor(updateEditor),
  ];
}

import * as vscode from 'vscode';
import { t } from '../messages/translate';
import { ConnectionsTree } from './connections-tree';
import { commandIds, viewIds } from './ids';
import { MigrationsTree, pendingCount } from './migrations-tree';
import { PlansTree } from './plans-tree';
import { registerCommand } from './register-command';
import type { Services } from './services';

/** The three views of the side bar; Migrations carries the count of pending ones. */
export function registerViews({ model, connections, database, log }: Services): vscode.Disposable[] {
  const migrations = vscode.window.createTreeView(viewIds.migrations, {
    treeDataProvider: new MigrationsTree(model),
    showCollapseAll: false,
  });
  const reveal = async (): Promise<void> => {
    const file = vscode.window.activeTextEditor?.document.uri.fsPath;
    const found = file === undefined ? undefined : model.migrationOf(file);
    if (found) await migrations.reveal({ kind: 'migration', ...found }, { select: true, focus: true });
  };
  const connectionsTree = new ConnectionsTree(connections, database);
  return [
    migrations,
    registerCommand(commandIds.revealMigration, log, reveal),
    model.onDidChange(() => {
      const pending = pendingCount(model);
      const connected = database.current !== null;
      migrations.badge =
        connected && pending > 0
          ? { value: pending, tooltip: t('{0} pending migrations', pending) }
          : undefined;
      migrations.message =
        model.ready && !connected && pending > 0 ? t('Not connected: applied or not is unknown.') : undefined;
    }),
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

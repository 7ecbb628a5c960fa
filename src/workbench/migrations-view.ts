import * as vscode from 'vscode';
import { t } from '../messages/translate';
import { askFilter } from './filter-migrations';
import { commandIds, viewIds } from './ids';
import { filterDescription, isFiltering, noFilter, type MigrationFilter } from './migration-filter';
import { MigrationsTree, pendingCount } from './migrations-tree';
import { registerCommand } from './register-command';
import type { Services } from './services';

/** The Migrations view with its filter; it carries the count of pending ones. */
export function registerMigrationsView({ model, database, keys, log }: Services): vscode.Disposable[] {
  const tree = new MigrationsTree(model);
  const view = vscode.window.createTreeView(viewIds.migrations, {
    treeDataProvider: tree,
    showCollapseAll: false,
  });
  const say = (): void => {
    const pending = pendingCount(model);
    const connected = database.current !== null;
    view.badge =
      connected && pending > 0
        ? {
            value: pending,
            tooltip: pending === 1 ? t('1 pending migration') : t('{0} pending migrations', pending),
          }
        : undefined;
    const nothing = model.ready && isFiltering(tree.filter) && tree.count(tree.filter) === 0;
    const unknown = model.ready && !connected && pending > 0;
    view.message = nothing
      ? t('No migration matches the filter.')
      : unknown
        ? t('Not connected: applied or not is unknown.')
        : undefined;
  };
  const setFilter = (filter: MigrationFilter): void => {
    tree.setFilter(filter);
    view.description = filterDescription(filter);
    keys.set('migrationsFiltered', isFiltering(filter));
    say();
  };
  const reveal = async (): Promise<void> => {
    const file = vscode.window.activeTextEditor?.document.uri.fsPath;
    const found = file === undefined ? undefined : model.migrationOf(file);
    if (!found) return;
    // What the filter hides cannot be shown.
    if (!tree.shows(found.status)) setFilter(noFilter);
    await view.reveal({ kind: 'migration', ...found }, { select: true, focus: true });
  };
  return [
    tree,
    view,
    model.onDidChange(say),
    registerCommand(commandIds.revealMigration, log, reveal),
    registerCommand(commandIds.filterMigrations, log, async () => {
      const filter = await askFilter(tree.filter, (each) => tree.count(each));
      if (filter) setFilter(filter);
    }),
    registerCommand(commandIds.clearMigrationFilter, log, () => setFilter(noFilter)),
  ];
}

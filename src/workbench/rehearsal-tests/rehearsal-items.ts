import * as vscode from 'vscode';
import type { FolderStatus } from '../../journey/migrations';
import type { Migration } from '../../layouts/layout';
import { migrationAddress } from '../../layouts/migration-address';
import { migrationLabel } from '../migrations-tree';
import type { WorkspaceModel } from '../workspace-model';

/** A migration as a test. */
export interface RehearsalItem {
  item: vscode.TestItem;
  folder: FolderStatus;
  migration: Migration;
}

/** The migration folders as tests, with their migrations where somebody looked; what is there already stays the same item. */
export class RehearsalItems implements vscode.Disposable {
  private readonly listeners: vscode.Disposable[];
  /** Folders whose migrations are listed. */
  private readonly opened = new Set<string>();
  private readonly known = new WeakMap<vscode.TestItem, RehearsalItem>();

  constructor(
    private readonly controller: vscode.TestController,
    private readonly model: Pick<WorkspaceModel, 'folders' | 'onDidChange' | 'migrationOf'>,
    /** Told of the tests whose file is open in an editor. */
    private readonly onSeen: (items: readonly RehearsalItem[]) => void,
  ) {
    controller.resolveHandler = (item) => {
      if (item) this.open(item.id);
      else this.show();
    };
    this.listeners = [
      model.onDidChange(() => this.show()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.showEditors()),
    ];
  }

  /** The tests of these items and below, in the order of the migrations; of all where none is named. */
  below(items: readonly vscode.TestItem[] | undefined, without: readonly vscode.TestItem[]): RehearsalItem[] {
    const excluded = new Set(without.map(({ id }) => id));
    const roots = (items ?? itemsOf(this.controller.items)).filter(({ id }) => !excluded.has(id));
    return roots.flatMap((item) => {
      const own = this.known.get(item);
      if (own) return [own];
      this.open(item.id);
      return itemsOf(item.children).flatMap((child) =>
        excluded.has(child.id) ? [] : (this.known.get(child) ?? []),
      );
    });
  }

  /** The tests of a file. */
  ofFile(file: string): RehearsalItem[] {
    const found = this.model.migrationOf(file);
    if (!found) return [];
    this.open(folderId(found.folder));
    const parent = this.controller.items.get(folderId(found.folder));
    return this.below(parent && [parent], []).filter(
      ({ migration }) => migration.upPath === file || migration.downPath === file,
    );
  }

  private folders(): FolderStatus[] {
    return this.model.folders
      .flatMap(({ folders }) => folders)
      .filter(({ statuses }) => statuses.some(({ migration }) => migration !== null));
  }

  private show(): void {
    const folders = this.folders();
    keepOnly(this.controller.items, new Set(folders.map(folderId)));
    for (const folder of folders) {
      const item = this.controller.items.get(folderId(folder)) ?? this.newFolder(folder);
      update(item, folder.label);
      if (this.opened.has(item.id)) this.showMigrations(item, folder);
    }
    this.showEditors();
  }

  /** Their gutters show the tests of the files that are open. */
  private showEditors(): void {
    for (const { document } of vscode.window.visibleTextEditors) {
      const own = this.ofFile(document.uri.fsPath);
      if (own.length > 0) this.onSeen(own);
    }
  }

  private open(id: string): void {
    const folder = this.folders().find((each) => folderId(each) === id);
    if (!folder || this.opened.has(id)) return;
    this.opened.add(id);
    this.showMigrations(this.controller.items.get(id) ?? this.newFolder(folder), folder);
  }

  private newFolder(folder: FolderStatus): vscode.TestItem {
    const item = this.controller.createTestItem(
      folderId(folder),
      folder.label,
      vscode.Uri.file(folder.folder),
    );
    item.canResolveChildren = true;
    this.controller.items.add(item);
    return item;
  }

  private showMigrations(parent: vscode.TestItem, folder: FolderStatus): void {
    const statuses = folder.statuses.filter(({ migration }) => migration !== null);
    const idOf = ({ version }: { version: string }): string => `migration:${folder.folder}:${version}`;
    keepOnly(parent.children, new Set(statuses.map(idOf)));
    for (const [index, status] of statuses.entries()) {
      const migration = status.migration!;
      const file = vscode.Uri.file(migration.upPath);
      const there = parent.children.get(idOf(status));
      const isSame = there?.uri?.toString() === file.toString();
      const item = isSame
        ? there
        : this.controller.createTestItem(idOf(status), migrationLabel(status), file);
      const sortText = String(index).padStart(6, '0');
      if (item.sortText !== sortText) item.sortText = sortText;
      update(item, migrationLabel(status));
      // Of several in one file, the line of each is looked up when it is seen or run.
      const isWhole = migrationAddress(migration) === migration.upPath;
      if (isWhole && item.range === undefined) item.range = new vscode.Range(0, 0, 0, 0);
      this.known.set(item, { item, folder, migration });
      if (!isSame) parent.children.add(item);
    }
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
  }
}

function folderId({ folder }: { folder: string }): string {
  return `folder:${folder}`;
}

function itemsOf(collection: vscode.TestItemCollection): vscode.TestItem[] {
  const items: vscode.TestItem[] = [];
  collection.forEach((item) => items.push(item));
  return items.sort((one, other) => ((one.sortText ?? one.id) < (other.sortText ?? other.id) ? -1 : 1));
}

/** Each assignment is sent to the window. A description would be read aloud in place of the label. */
function update(item: vscode.TestItem, label: string): void {
  if (item.label !== label) item.label = label;
}

function keepOnly(collection: vscode.TestItemCollection, ids: ReadonlySet<string>): void {
  for (const { id } of itemsOf(collection)) if (!ids.has(id)) collection.delete(id);
}

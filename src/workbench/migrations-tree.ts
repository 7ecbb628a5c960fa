import path from 'node:path';
import * as vscode from 'vscode';
import type { FolderStatus } from '../journey/migrations';
import type { MigrationFlag, MigrationState, MigrationStatus } from '../layouts/layout';
import { t } from '../messages/translate';
import { moment } from './format';
import { treeItemContexts } from './ids';
import type { WorkspaceModel } from './workspace-model';
import { migrationTitle } from '../layouts/migration-title';

export type MigrationNode =
  | { kind: 'folder'; folder: FolderStatus }
  | { kind: 'migration'; folder: FolderStatus; status: MigrationStatus }
  | { kind: 'problem'; sentence: string };

/** The Migrations view: pending first, then the rest, newest first. */
export class MigrationsTree implements vscode.TreeDataProvider<MigrationNode> {
  readonly onDidChangeTreeData: vscode.Event<void>;

  constructor(private readonly model: WorkspaceModel) {
    this.onDidChangeTreeData = model.onDidChange;
  }

  getChildren(node?: MigrationNode): MigrationNode[] {
    if (node === undefined) {
      const folders = this.model.folders
        .flatMap((item) => item.folders)
        .filter((folder) => folder.statuses.length > 0);
      const problems = this.model.folders.flatMap((item) => (item.problem === null ? [] : [item.problem]));
      const roots: MigrationNode[] =
        folders.length === 1
          ? this.getChildren({ kind: 'folder', folder: folders[0]! })
          : folders.map((folder) => ({ kind: 'folder', folder }));
      return [...problems.map((sentence): MigrationNode => ({ kind: 'problem', sentence })), ...roots];
    }
    if (node.kind !== 'folder') return [];
    return inViewOrder(node.folder.statuses).map((status) => ({
      kind: 'migration',
      folder: node.folder,
      status,
    }));
  }

  /** For showing a migration: with one folder only, it has no parent in the view. */
  getParent(node: MigrationNode): MigrationNode | undefined {
    if (node.kind !== 'migration') return undefined;
    const roots = this.getChildren();
    return roots.find((root) => root.kind === 'folder' && root.folder.folder === node.folder.folder);
  }

  getTreeItem(node: MigrationNode): vscode.TreeItem {
    switch (node.kind) {
      case 'folder':
        return folderItem(node.folder);
      case 'migration':
        return migrationItem(node.folder, node.status);
      case 'problem':
        return problemItem(node.sentence);
    }
  }
}

/** Failed, then pending in the order they will run, then missing, then applied with the newest first. */
export function inViewOrder(statuses: readonly MigrationStatus[]): MigrationStatus[] {
  const of = (state: MigrationState): MigrationStatus[] =>
    statuses.filter((status) => status.state === state);
  return [...of('failed'), ...of('pending'), ...of('missing'), ...of('applied').reverse()];
}

/** How many migrations wait to be applied, for the view's badge. */
export function pendingCount(model: WorkspaceModel): number {
  return model.folders
    .flatMap((item) => item.folders)
    .flatMap((folder) => folder.statuses)
    .filter((status) => status.state === 'pending').length;
}

function folderItem(folder: FolderStatus): vscode.TreeItem {
  const item = new vscode.TreeItem(folder.label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `folder:${folder.folder}`;
  item.iconPath = vscode.ThemeIcon.Folder;
  item.resourceUri = vscode.Uri.file(folder.folder);
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  const owner = several ? vscode.workspace.getWorkspaceFolder(item.resourceUri)?.name : undefined;
  item.description = owner === undefined ? folder.title : t('{0} of {1}', folder.title, owner);
  item.accessibilityInformation = { label: `${folder.label}, ${item.description}` };
  item.tooltip = [folder.title, ...folder.evidence, ...folder.problems].join('\n');
  item.contextValue = treeItemContexts.folder;
  return item;
}

function problemItem(sentence: string): vscode.TreeItem {
  const item = new vscode.TreeItem(sentence);
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  item.tooltip = sentence;
  return item;
}

function migrationItem(folder: FolderStatus, status: MigrationStatus): vscode.TreeItem {
  const known = folder.historyTable !== null;
  const words = [...(known ? [stateWord(status.state)] : []), ...status.flags.map(flagWord)].join(', ');
  const label = migrationLabel(status);
  const item = new vscode.TreeItem(label);
  item.id = `migration:${folder.folder}:${status.version}`;
  item.description = words;
  item.iconPath = known ? stateIcon(status) : new vscode.ThemeIcon('file-code');
  item.tooltip = tooltip(folder, status, words);
  item.contextValue = [treeItemContexts.migration, status.state, ...status.flags].join('.');
  item.accessibilityInformation = {
    label: words === '' ? t('Migration {0}', label) : t('Migration {0}, {1}', label, words),
  };
  if (status.migration) {
    item.command = {
      command: 'vscode.open',
      title: t('Open'),
      arguments: [vscode.Uri.file(status.migration.upPath)],
    };
  }
  return item;
}

/** A migration as its file names it, or its folder where each has one: `001_create_customers`. */
export function migrationLabel({ migration, version, name }: MigrationStatus): string {
  if (!migration) return migrationTitle({ version, name });
  const stem = path.basename(migration.upPath).replace(/(\.up)?\.sql$/, '');
  return stem === 'up' || stem === 'migration' ? path.basename(path.dirname(migration.upPath)) : stem;
}

/** The state of a migration in a word. */
export function stateWord(state: MigrationState): string {
  switch (state) {
    case 'applied':
      return t('applied');
    case 'pending':
      return t('pending');
    case 'failed':
      return t('failed');
    case 'missing':
      return t('missing');
  }
}

/** What is unusual about a migration, in words. */
export function flagWord(flag: MigrationFlag): string {
  switch (flag) {
    case 'out-of-order':
      return t('out of order');
    case 'edited':
      return t('edited since');
    case 'no-down':
      return t('no rollback');
    case 'irreversible':
      return t('irreversible');
  }
}

function stateIcon({ state, flags }: MigrationStatus): vscode.ThemeIcon {
  switch (state) {
    case 'applied':
      return flags.includes('edited')
        ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
        : new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
    case 'pending':
      return new vscode.ThemeIcon('circle-large-outline');
    case 'failed':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
    case 'missing':
      return new vscode.ThemeIcon('question', new vscode.ThemeColor('list.warningForeground'));
  }
}

function tooltip(folder: FolderStatus, status: MigrationStatus, words: string): string {
  const lines = [words === '' ? migrationLabel(status) : `${migrationLabel(status)}: ${words}`];
  if (status.applied?.appliedAt) {
    lines.push(
      status.applied.appliedBy
        ? t('Applied {0} by {1}', moment(status.applied.appliedAt), status.applied.appliedBy)
        : t('Applied {0}', moment(status.applied.appliedAt)),
    );
  }
  if (folder.historyTable) lines.push(t('History: {0}', folder.historyTable));
  else lines.push(t('No database is connected: the state is not known.'));
  if (status.state === 'missing') lines.push(t('The database has it, the folder has not.'));
  return lines.join('\n');
}

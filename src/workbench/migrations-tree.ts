import path from 'node:path';
import * as vscode from 'vscode';
import type { FolderStatus } from '../journey/migrations';
import type { VersionClash } from '../journey/version-clashes';
import type { MigrationState, MigrationStatus } from '../layouts/layout';
import { t } from '../messages/translate';
import { escapeMarkdown } from './forecast/markdown';
import { treeItemContexts } from './ids';
import { isFiltering, matchesFilter, noFilter, type MigrationFilter } from './migration-filter';
import { appliedWords, flagIcon, flagSentence, flagWord, stateSentence, stateWord } from './migration-words';
import type { WorkspaceModel } from './workspace-model';
import { migrationAddress } from '../layouts/migration-address';
import { migrationTitle } from '../layouts/migration-title';

export type MigrationNode =
  | { kind: 'folder'; folder: FolderStatus }
  | { kind: 'migration'; folder: FolderStatus; status: MigrationStatus }
  | { kind: 'problem'; sentence: string; clash?: VersionClash };

/** The Migrations view: pending first, then the rest, newest first. It is drawn anew only where it would look otherwise. */
export class MigrationsTree implements vscode.TreeDataProvider<MigrationNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly listener: vscode.Disposable;
  private drawn = '';
  private shown: MigrationFilter = noFilter;

  constructor(private readonly model: Pick<WorkspaceModel, 'folders' | 'onDidChange'>) {
    this.listener = model.onDidChange(() => this.draw());
  }

  get filter(): MigrationFilter {
    return this.shown;
  }

  setFilter(filter: MigrationFilter): void {
    this.shown = filter;
    this.draw();
  }

  /** How many migrations of the workspace a filter lets through. */
  count(filter: MigrationFilter): number {
    return this.model.folders
      .flatMap((item) => item.folders)
      .flatMap((folder) => folder.statuses)
      .filter((status) => matchesFilter(filter, status, migrationLabel(status))).length;
  }

  private draw(): void {
    const { folders } = this.model;
    const drawn = JSON.stringify([
      this.shown,
      folders.map((item) => [item.workspaceFolder.name, item.problem, item.folders.map(withoutFiles)]),
    ]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.changed.fire();
  }

  dispose(): void {
    this.listener.dispose();
    this.changed.dispose();
  }

  getChildren(node?: MigrationNode): MigrationNode[] {
    if (node === undefined) {
      const folders = this.model.folders
        .flatMap((item) => item.folders)
        .filter((folder) => this.shownOf(folder).length > 0);
      const problems = this.model.folders.flatMap((item) => (item.problem === null ? [] : [item.problem]));
      const several = this.model.folders.flatMap((item) => item.folders).filter(hasMigrations).length > 1;
      const roots: MigrationNode[] =
        !several && folders[0]
          ? this.getChildren({ kind: 'folder', folder: folders[0] })
          : folders.map((folder) => ({ kind: 'folder', folder }));
      return [...problems.map((sentence): MigrationNode => ({ kind: 'problem', sentence })), ...roots];
    }
    if (node.kind !== 'folder') return [];
    const clashes = node.folder.clashes.map((clash): MigrationNode => ({
      kind: 'problem',
      sentence: clash.sentence,
      clash,
    }));
    const shown = inViewOrder(this.shownOf(node.folder)).map((status): MigrationNode => ({
      kind: 'migration',
      folder: node.folder,
      status,
    }));
    return [...clashes, ...shown];
  }

  /** Whether the filter lets a migration through. */
  shows(status: MigrationStatus): boolean {
    return matchesFilter(this.shown, status, migrationLabel(status));
  }

  private shownOf({ statuses }: FolderStatus): MigrationStatus[] {
    if (!isFiltering(this.shown)) return statuses;
    return statuses.filter((status) => this.shows(status));
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
        return problemItem(node.sentence, node.clash);
    }
  }
}

/** Failed, then pending in the order they will run, then missing and passed over, then applied with the newest first. */
export function inViewOrder(statuses: readonly MigrationStatus[]): MigrationStatus[] {
  const of = (state: MigrationState): MigrationStatus[] =>
    statuses.filter((status) => status.state === state);
  return [...of('failed'), ...of('pending'), ...of('missing'), ...of('skipped'), ...of('applied').reverse()];
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

function problemItem(sentence: string, clash?: VersionClash): vscode.TreeItem {
  const item = new vscode.TreeItem(sentence);
  item.iconPath = clash
    ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
    : new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  item.tooltip = sentence;
  if (clash && clash.renumber.length > 0) item.contextValue = treeItemContexts.clash;
  return item;
}

function hasMigrations({ statuses }: FolderStatus): boolean {
  return statuses.length > 0;
}

/** What the view shows of a folder: not its list of files, which says the same once more. */
function withoutFiles({ migrations: _, ...shown }: FolderStatus): Omit<FolderStatus, 'migrations'> {
  return shown;
}

function migrationItem(folder: FolderStatus, status: MigrationStatus): vscode.TreeItem {
  const known = folder.historyTable !== null;
  const words = [...(known ? [stateWord(status.state)] : []), ...status.flags.map(flagWord)].join(', ');
  const when = appliedWords(status.applied);
  const label = migrationLabel(status);
  const item = new vscode.TreeItem(label);
  item.id = `migration:${folder.folder}:${status.version}`;
  item.description = when === null ? words : t('{0} · {1}', words, when);
  item.iconPath = known ? stateIcon(status) : new vscode.ThemeIcon('file-code');
  item.tooltip = tooltip(folder, status, label);
  item.contextValue = [treeItemContexts.migration, status.state, ...status.flags].join('.');
  item.accessibilityInformation = {
    label: [t('Migration {0}', label), ...[words, when ?? ''].filter((text) => text !== '')].join(', '),
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
  const stem = path.basename(migration.upPath).replace(/(?:\.up)?\.(?:sql|[cm]?[jt]s|py|rb)$/, '');
  if (stem === 'up' || stem === 'migration') return path.basename(path.dirname(migration.upPath));
  // Of several in one file, each by its own name too.
  return migrationAddress(migration) === migration.upPath ? stem : `${stem} ${name}`;
}

/** What asks to be looked at first decides: a failure, then a file that is missing or another, then the order. */
function stateIcon({ state, flags }: MigrationStatus): vscode.ThemeIcon {
  const notice = new vscode.ThemeColor('list.warningForeground');
  switch (state) {
    case 'applied':
      return flags.includes('edited')
        ? new vscode.ThemeIcon(flagIcon('edited'), notice)
        : new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
    case 'pending':
      if (flags.includes('out-of-order')) return new vscode.ThemeIcon(flagIcon('out-of-order'), notice);
      return new vscode.ThemeIcon(
        flags.includes('irreversible') ? flagIcon('irreversible') : 'circle-large-outline',
      );
    case 'failed':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
    case 'missing':
      return new vscode.ThemeIcon('question', notice);
    case 'skipped':
      return new vscode.ThemeIcon('debug-step-over');
  }
}

/** The state, then each flag, with its icon, its word and what it means. */
function tooltip(folder: FolderStatus, status: MigrationStatus, label: string): vscode.MarkdownString {
  const { state, flags, applied, migration } = status;
  const lines = [`**${escapeMarkdown(label)}**`];
  if (folder.historyTable === null) {
    lines.push(
      `$(debug-disconnect) ${escapeMarkdown(t('No database is connected: the state is not known.'))}`,
    );
  } else {
    const said = [appliedWords(applied), stateSentence(state)].filter((text) => text !== null);
    lines.push(`$(${stateIcon({ ...status, flags: [] }).id}) ${line(stateWord(state), said.join('. '))}`);
  }
  for (const flag of flags) lines.push(`$(${flagIcon(flag)}) ${line(flagWord(flag), flagSentence(flag))}`);
  for (const problem of migration?.problems ?? []) lines.push(`$(warning) ${escapeMarkdown(problem)}`);
  if (folder.historyTable !== null) {
    lines.push(`$(history) ${escapeMarkdown(t('History: {0}', folder.historyTable))}`);
  }
  const text = new vscode.MarkdownString(lines.join('\n\n'));
  text.supportThemeIcons = true;
  return text;
}

function line(word: string, said: string): string {
  return escapeMarkdown(said === '' ? word : t('{0}: {1}', word, said));
}

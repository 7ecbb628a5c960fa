import * as vscode from 'vscode';
import type { SingleChange } from '../assess/change';
import type { LintedFile } from '../journey/outcomes';
import type { Assets } from '../journey/workspace';
import type { Forecast } from '../safety/forecast';
import type { ActiveDatabase } from './active-database';
import { FolderLint } from './folder-lint';
import { workspaceFolder } from './journey-context';
import type { Log } from './log';
import type { WorkspaceModel } from './workspace-model';

/** After the last key: short enough not to be felt, long enough not to judge half a word. */
const debounceMilliseconds = 120;
/** Files that were not edited themselves, but may come after one that was. */
const lazyMilliseconds = 1_000;

/** Forecasts and findings of the migration files that are open, fresh after each pause in typing. */
export class FileLint implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly results = new Map<string, LintedFile>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly folders = new Map<string, FolderLint>();
  private readonly listeners: vscode.Disposable[];
  private applied = '';

  constructor(
    private readonly model: WorkspaceModel,
    private readonly database: ActiveDatabase,
    private readonly assets: Assets,
    private readonly log: Log,
  ) {
    this.listeners = [
      model.onDidChange(() => this.workspaceChanged()),
      database.onDidChange(() => {
        for (const folder of this.folders.values()) folder.forgetConnection();
        this.lintOpen();
      }),
      vscode.workspace.onDidOpenTextDocument((document) => this.lintSoon(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.edited(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.closed(document)),
    ];
  }

  /** The newest result for a file; undefined until there is one. */
  resultOf(file: vscode.Uri): LintedFile | undefined {
    return this.results.get(file.fsPath);
  }

  /** The result for a document as it stands now, from the connected database's catalog where there is one. */
  async freshResult(document: vscode.TextDocument): Promise<LintedFile> {
    const folder = this.folderOf(document);
    const migrations = this.migrationsOf(document) ?? '';
    await folder.readCatalog(document, migrations);
    return folder.lint(document, migrations);
  }

  /** The result for a document as it stands now, from what is known of the database already. */
  async currentResult(document: vscode.TextDocument): Promise<LintedFile> {
    return this.folderOf(document).lint(document, this.migrationsOf(document) ?? '');
  }

  /** What a recipe could do in phases of a statement, after all that runs before it; null where there is none. */
  async plannableChange(document: vscode.TextDocument, forecast: Forecast): Promise<SingleChange | null> {
    return this.folderOf(document).plannableChange(document, this.migrationsOf(document) ?? '', forecast);
  }

  /** The same for a document that has a result: where the text went on since, its places would be others. */
  async resultNow(document: vscode.TextDocument): Promise<LintedFile | undefined> {
    if (!this.results.has(document.uri.fsPath)) return undefined;
    try {
      return await this.currentResult(document);
    } catch (error) {
      this.log.error(`checking ${document.uri.fsPath}`, error);
      return undefined;
    }
  }

  /** Reads the connected database's catalog again. */
  forgetCatalog(): void {
    for (const folder of this.folders.values()) folder.forgetCatalog();
    this.lintOpen();
  }

  private workspaceChanged(): void {
    for (const folder of this.folders.values()) folder.forgetFiles();
    const applied = JSON.stringify(
      this.model.folders.map((item) =>
        item.folders.map((folder) => folder.statuses.map(({ version, state }) => [version, state])),
      ),
    );
    // What was applied since changed the catalog; the watcher of files speaks much more often.
    if (applied !== this.applied) for (const folder of this.folders.values()) folder.forgetCatalog();
    this.applied = applied;
    this.lintOpen();
  }

  private lintOpen(): void {
    const shown = new Set(vscode.window.visibleTextEditors.map((editor) => editor.document));
    for (const document of vscode.workspace.textDocuments)
      this.lintSoon(document, shown.has(document) ? debounceMilliseconds : lazyMilliseconds);
  }

  private edited(document: vscode.TextDocument): void {
    if (this.migrationsOf(document) === null) return;
    this.folderOf(document).forgetText(document.uri.fsPath);
    this.lintSoon(document, debounceMilliseconds);
    for (const other of vscode.workspace.textDocuments)
      if (other !== document) this.lintSoon(other, lazyMilliseconds);
  }

  private lintSoon(document: vscode.TextDocument, milliseconds: number): void {
    const path = document.uri.fsPath;
    clearTimeout(this.timers.get(path));
    if (this.migrationsOf(document) === null) return this.forget(document.uri);
    this.timers.set(
      path,
      setTimeout(() => {
        this.timers.delete(path);
        void this.lint(document);
      }, milliseconds),
    );
  }

  private async lint(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const migrations = this.migrationsOf(document);
    if (migrations === null) return;
    try {
      const folder = this.folderOf(document);
      const linted = await folder.lint(document, migrations);
      if (document.isClosed || document.version !== version || this.migrationsOf(document) === null) return;
      if (this.results.get(document.uri.fsPath) !== linted) {
        this.results.set(document.uri.fsPath, linted);
        this.changed.fire(document.uri);
      }
      // The first look at a database may take its time: the text alone has spoken meanwhile.
      if (await folder.readCatalog(document, migrations)) this.lintSoon(document, 0);
    } catch (error) {
      this.log.error(`checking ${document.uri.fsPath}`, error);
    }
  }

  /** The migrations folder a document belongs to; null for other documents. */
  private migrationsOf({ uri }: vscode.TextDocument): string | null {
    return uri.scheme === 'file' ? (this.model.migrationOf(uri.fsPath)?.folder.folder ?? null) : null;
  }

  private folderOf(document: vscode.TextDocument): FolderLint {
    const folder = workspaceFolder(document.uri);
    const key = folder.uri.toString();
    let known = this.folders.get(key);
    if (!known) {
      known = new FolderLint(folder, this.database, this.assets, this.log);
      this.folders.set(key, known);
    }
    return known;
  }

  private closed(document: vscode.TextDocument): void {
    const path = document.uri.fsPath;
    clearTimeout(this.timers.get(path));
    for (const folder of this.folders.values()) folder.forgetText(path);
    this.forget(document.uri);
  }

  /** The file is closed, or no migration any more: deleted, moved away, or of a folder that settings left out. */
  private forget(file: vscode.Uri): void {
    this.timers.delete(file.fsPath);
    if (this.results.delete(file.fsPath)) this.changed.fire(file);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const listener of this.listeners) listener.dispose();
    this.changed.dispose();
  }
}

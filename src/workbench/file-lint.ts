import * as vscode from 'vscode';
import type { LintedFile } from '../journey/outcomes';
import type { Assets } from '../journey/workspace';
import { editorFiles } from './editor-files';
import { journeyContext, workspaceFolder } from './journey-context';
import type { Log } from './log';
import type { WorkspaceModel } from './workspace-model';

const debounceMilliseconds = 300;

/** Forecasts and findings of the migration files that are open, fresh after each pause in typing. */
export class FileLint implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly results = new Map<string, LintedFile>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly listeners: vscode.Disposable[];

  constructor(
    private readonly model: WorkspaceModel,
    private readonly assets: Assets,
    private readonly log: Log,
  ) {
    this.listeners = [
      model.onDidChange(() => vscode.workspace.textDocuments.forEach((document) => this.lintSoon(document))),
      vscode.workspace.onDidOpenTextDocument((document) => this.lintSoon(document)),
      vscode.workspace.onDidChangeTextDocument((event) => this.lintSoon(event.document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)),
    ];
  }

  /** The newest result for a file; undefined until there is one. */
  resultOf(file: vscode.Uri): LintedFile | undefined {
    return this.results.get(file.fsPath);
  }

  private lintSoon(document: vscode.TextDocument): void {
    if (document.uri.scheme !== 'file') return;
    const path = document.uri.fsPath;
    if (!this.model.migrationOf(path)) return;
    clearTimeout(this.timers.get(path));
    this.timers.set(
      path,
      setTimeout(() => {
        this.timers.delete(path);
        void this.lint(document);
      }, debounceMilliseconds),
    );
  }

  private async lint(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    try {
      const { lintFiles } = await import('../journey/lint');
      const context = await journeyContext(workspaceFolder(document.uri), this.assets);
      const result = await lintFiles(
        { ...context, files: editorFiles(context.files) },
        [document.uri.fsPath],
        {
          database: null,
          serverMajor: context.workspace.configuration.serverMajor,
        },
      );
      const linted = result.files.find((file) => file.path === document.uri.fsPath);
      if (!linted || document.isClosed || document.version !== version) return;
      this.results.set(document.uri.fsPath, linted);
      this.changed.fire(document.uri);
    } catch (error) {
      this.log.error(`checking ${document.uri.fsPath}`, error);
    }
  }

  private forget(document: vscode.TextDocument): void {
    const path = document.uri.fsPath;
    clearTimeout(this.timers.get(path));
    this.timers.delete(path);
    if (this.results.delete(path)) this.changed.fire(document.uri);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const listener of this.listeners) listener.dispose();
    this.changed.dispose();
  }
}

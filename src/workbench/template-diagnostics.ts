import path from 'node:path';
import * as vscode from 'vscode';
import type { TemplateMistake } from '../templates/mistake';
import { templateDiagnosticsName } from './ids';
import { journeyContext } from './journey-context';
import type { Services } from './services';

/** Marks mistakes in the workspace's own templates when one of them is opened, saved or removed. */
export class TemplateDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection(templateDiagnosticsName);
  private readonly parts: vscode.Disposable[];

  constructor(private readonly services: Services) {
    const watcher = vscode.workspace.createFileSystemWatcher('**/.switchback/templates/**/*.hbs');
    this.parts = [
      this.collection,
      watcher,
      watcher.onDidCreate((file) => this.look(file)),
      watcher.onDidDelete((file) => this.look(file)),
      vscode.workspace.onDidOpenTextDocument((document) => this.look(document.uri)),
      vscode.workspace.onDidSaveTextDocument((document) => this.look(document.uri)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.lookAtOpen()),
    ];
    this.lookAtOpen();
  }

  private lookAtOpen(): void {
    for (const document of vscode.workspace.textDocuments) this.look(document.uri);
  }

  /** All of a folder's templates: a partial that is gone is a mistake of those that include it. */
  private look(file: vscode.Uri): void {
    const folder = vscode.workspace.getWorkspaceFolder(file);
    if (!folder || !vscode.workspace.isTrusted || !isOwnTemplate(folder, file)) return;
    void this.check(folder).catch((error: unknown) => this.services.log.error('checking templates', error));
  }

  private async check(folder: vscode.WorkspaceFolder): Promise<void> {
    const { templateMistakes } = await import('../journey/customize-templates');
    const found = await templateMistakes(await journeyContext(folder, this.services.assets));
    const uris = new Set(found.map(({ file }) => vscode.Uri.file(file).toString()));
    this.collection.forEach((uri) => {
      if (vscode.workspace.getWorkspaceFolder(uri) === folder && !uris.has(uri.toString())) {
        this.collection.delete(uri);
      }
    });
    for (const { file, mistake } of found) {
      this.collection.set(vscode.Uri.file(file), mistake ? [diagnosticOf(mistake)] : []);
    }
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }
}

function isOwnTemplate(folder: vscode.WorkspaceFolder, file: vscode.Uri): boolean {
  const own = path.join(folder.uri.fsPath, '.switchback', 'templates') + path.sep;
  return file.scheme === 'file' && file.fsPath.startsWith(own) && file.fsPath.endsWith('.hbs');
}

function diagnosticOf({ line, column, reason }: TemplateMistake): vscode.Diagnostic {
  const start = new vscode.Position(Math.max(0, (line ?? 1) - 1), Math.max(0, (column ?? 1) - 1));
  // To the end of the line, whose length is not known here: the editor cuts it.
  const range = new vscode.Range(start, new vscode.Position(start.line, Number.MAX_SAFE_INTEGER));
  const diagnostic = new vscode.Diagnostic(range, reason, vscode.DiagnosticSeverity.Error);
  diagnostic.source = 'Switchback';
  diagnostic.code = 'template';
  return diagnostic;
}

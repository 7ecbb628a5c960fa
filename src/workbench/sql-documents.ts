import * as vscode from 'vscode';
import { sqlDocumentScheme } from './ids';

const maximumDocuments = 50;

/** Read-only documents for generated SQL, so that it is read in a real editor. */
export class SqlDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(
    sqlDocumentScheme,
    this,
  );
  private counter = 0;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? '';
  }

  /** Opens a text as SQL, beside the wizard; `line` (from 0) is where it is read first. */
  async open(title: string, sql: string, line = 0): Promise<void> {
    this.counter += 1;
    const path = `/${this.counter}/${title.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}.sql`;
    this.texts.set(path, sql);
    const oldest = this.texts.keys().next().value;
    if (this.texts.size > maximumDocuments && oldest !== undefined) this.texts.delete(oldest);
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.from({ scheme: sqlDocumentScheme, path }),
    );
    await vscode.languages.setTextDocumentLanguage(document, 'sql');
    const start = new vscode.Position(line, 0);
    const editor = await vscode.window.showTextDocument(document, {
      preview: true,
      viewColumn: vscode.ViewColumn.Beside,
      selection: new vscode.Range(start, start),
    });
    editor.revealRange(new vscode.Range(start, start), vscode.TextEditorRevealType.AtTop);
  }

  dispose(): void {
    this.registration.dispose();
    this.texts.clear();
  }
}

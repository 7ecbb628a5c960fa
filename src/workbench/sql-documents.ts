import * as vscode from 'vscode';
import { pageScheme, sqlDocumentScheme } from './ids';

const maximumDocuments = 50;

/** Two texts side by side, as long as their tab is there. */
export interface OpenDifference {
  isShown(): boolean;
  close(): Promise<void>;
}

/** Read-only documents for generated SQL and pages of Markdown, so that they are read in a real editor. */
export class SqlDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registrations = [sqlDocumentScheme, pageScheme].map((scheme) =>
    vscode.workspace.registerTextDocumentContentProvider(scheme, this),
  );
  private counter = 0;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? '';
  }

  /** Opens a text as SQL, beside the wizard; `line` (from 0) is where it is read first. */
  async open(title: string, sql: string, line = 0): Promise<void> {
    const path = this.keep(`${fileName(title)}.sql`, sql);
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

  /** Opens two texts of SQL side by side: as it is, and as it would be. */
  async openDifference(title: string, present: string, proposed: string): Promise<OpenDifference> {
    const [left, right] = [present, proposed].map((text) =>
      vscode.Uri.from({ scheme: sqlDocumentScheme, path: this.keep(`${fileName(title)}.sql`, text) }),
    );
    await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: false });
    const tabs = (): vscode.Tab[] =>
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .filter(
          ({ input }) =>
            input instanceof vscode.TabInputTextDiff && input.modified.toString() === right!.toString(),
        );
    return {
      isShown: () => tabs().length > 0,
      close: async () => void (await vscode.window.tabGroups.close(tabs())),
    };
  }

  /** Opens a page of Markdown, rendered: package.json names the editor of its scheme. */
  async openPage(title: string, markdown: string): Promise<void> {
    const path = this.keep(`${fileName(title)}.md`, markdown);
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.from({ scheme: pageScheme, path }), {
      preview: false,
    });
  }

  private keep(name: string, text: string): string {
    this.counter += 1;
    const path = `/${this.counter}/${name}`;
    this.texts.set(path, text);
    const oldest = this.texts.keys().next().value;
    if (this.texts.size > maximumDocuments && oldest !== undefined) this.texts.delete(oldest);
    return path;
  }

  dispose(): void {
    for (const registration of this.registrations) registration.dispose();
    this.texts.clear();
  }
}

/** A title as the name of a file, which its tab shows. */
function fileName(title: string): string {
  return title.replaceAll(/[^\p{L}\p{N} ._-]+/gu, '-');
}

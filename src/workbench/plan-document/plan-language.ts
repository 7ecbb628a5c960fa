import * as vscode from 'vscode';
import { markdownText } from '../../templates/markdown';
import { planDiagnosticsName } from '../ids';
import type { Services } from '../services';
import type { FrontMatterMistake } from './front-matter-mistakes';
import type { Explanation, Proposal, Proposals } from './front-matter-help';
import type { PlanFiles } from './plan-files';
import { planFormat } from './plan-format';

const debounceMilliseconds = 300;

/** Completion, hovers and diagnostics in the front matter of plan.md, of Markdown files in plan folders only. */
export class PlanLanguage implements vscode.Disposable, vscode.CompletionItemProvider, vscode.HoverProvider {
  private readonly collection = vscode.languages.createDiagnosticCollection(planDiagnosticsName);
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly parts: vscode.Disposable[];
  private providers: vscode.Disposable[] = [];

  constructor(
    private readonly services: Services,
    private readonly files: PlanFiles,
  ) {
    this.parts = [
      this.collection,
      files.onDidChange(() => this.register()),
      vscode.workspace.onDidOpenTextDocument((document) => this.lookSoon(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) =>
        this.lookSoon(document, debounceMilliseconds),
      ),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.collection.delete(uri)),
    ];
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[] | undefined> {
    const { proposalsAt } = await import('./front-matter-help');
    const schema = await planFormat(this.services);
    const found = await proposalsAt(schema, document.getText(), document.offsetAt(position));
    return found?.proposals.map((proposal, index) => completionItem(document, found, proposal, index));
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const { explanationAt } = await import('./front-matter-help');
    const schema = await planFormat(this.services);
    const found = await explanationAt(schema, document.getText(), document.offsetAt(position));
    return found ? new vscode.Hover(explanationText(found), rangeOf(document, found)) : undefined;
  }

  /** Anew for the folders plans lie in now. */
  private register(): void {
    for (const provider of this.providers) provider.dispose();
    const selector = this.files.patterns.map((pattern): vscode.DocumentFilter => ({
      scheme: 'file',
      language: 'markdown',
      pattern,
    }));
    this.providers = [
      vscode.languages.registerCompletionItemProvider(selector, this, ' ', '-', '['),
      vscode.languages.registerHoverProvider(selector, this),
    ];
    this.collection.clear();
    for (const document of vscode.workspace.textDocuments) this.lookSoon(document, 0);
  }

  private lookSoon(document: vscode.TextDocument, milliseconds: number): void {
    if (this.files.planFolder(document.uri) === null) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    const look = (): void => {
      this.timers.delete(key);
      void this.look(document).catch((error: unknown) => this.services.log.error('reading plan.md', error));
    };
    this.timers.set(key, setTimeout(look, milliseconds));
  }

  private async look(document: vscode.TextDocument): Promise<void> {
    const { frontMatterMistakes } = await import('./front-matter-mistakes');
    const { version } = document;
    const found = await frontMatterMistakes(await planFormat(this.services), document.getText());
    if (document.isClosed || document.version !== version) return;
    this.collection.set(
      document.uri,
      found.map((mistake) => diagnosticOf(document, mistake)),
    );
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const part of [...this.parts, ...this.providers]) part.dispose();
  }
}

function completionItem(
  document: vscode.TextDocument,
  { place }: Proposals,
  { label, text, kind, detail, meaning, isRequired, asksNext }: Proposal,
  index: number,
): vscode.CompletionItem {
  const item = new vscode.CompletionItem(
    label,
    kind === 'key' ? vscode.CompletionItemKind.Property : vscode.CompletionItemKind.EnumMember,
  );
  item.insertText = text;
  item.range = rangeOf(document, place);
  if (detail !== null) item.detail = detail;
  if (meaning !== null) item.documentation = plainMarkdown(meaning);
  // As the format lists them, what it asks for first.
  item.sortText = `${isRequired ? 0 : 1}${String(index).padStart(3, '0')}`;
  if (asksNext) item.command = { command: 'editor.action.triggerSuggest', title: '' };
  return item;
}

function explanationText({ key, meaning, detail }: Explanation): vscode.MarkdownString[] {
  const name = new vscode.MarkdownString();
  name.appendCodeblock(detail === null ? key : `${key}: ${detail}`, 'yaml');
  return meaning === null ? [name] : [name, plainMarkdown(meaning)];
}

function plainMarkdown(text: string): vscode.MarkdownString {
  return new vscode.MarkdownString(markdownText(text));
}

function diagnosticOf(document: vscode.TextDocument, mistake: FrontMatterMistake): vscode.Diagnostic {
  const severity =
    mistake.severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Hint;
  const diagnostic = new vscode.Diagnostic(rangeOf(document, mistake), mistake.message, severity);
  diagnostic.source = 'Switchback';
  diagnostic.code = 'plan';
  return diagnostic;
}

function rangeOf(
  document: vscode.TextDocument,
  { start, end }: { start: number; end: number },
): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

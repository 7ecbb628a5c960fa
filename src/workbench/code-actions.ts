import * as vscode from 'vscode';
import { documentGlob, isProgramFile } from '../layouts/migration-files';
import type { LintedFile } from '../journey/outcomes';
import { t } from '../messages/translate';
import type { Finding } from '../safety/finding';
import type { Forecast } from '../safety/forecast';
import type { ActiveDatabase } from './active-database';
import { appliedReason } from './applied-reason';
import { findingRange } from './diagnostics';
import { editorPosition, editorRange } from './editor-range';
import type { FileLint } from './file-lint';
import { fixEdit } from './fix-edit';
import { commandIds } from './ids';
import { rulePageUri } from './rule-pages';
import type { WorkspaceModel } from './workspace-model';

/** Quick fixes, a plan instead, a suppression with its reason, and the rule's page: for the statement at the cursor. */
export class CodeActions implements vscode.CodeActionProvider, vscode.Disposable {
  private readonly registration: vscode.Disposable;

  constructor(
    private readonly model: WorkspaceModel,
    private readonly lint: FileLint,
    private readonly database: ActiveDatabase,
  ) {
    this.registration = vscode.languages.registerCodeActionsProvider(
      { scheme: 'file', pattern: documentGlob },
      this,
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.RefactorRewrite] },
    );
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    const linted = await this.current(document);
    if (!linted) return [];
    const here = linted.statements.filter((each) => editorRange(each).intersection(range));
    const found = linted.findings.filter((finding) =>
      finding.statement === null
        ? editorRange(finding).intersection(range)
        : here.some((each) => each.index === finding.statement) || editorRange(finding).intersection(range),
    );
    const marks = (finding: Finding): vscode.Diagnostic[] =>
      diagnostics.filter(
        (mark) => mark.message === finding.message && mark.range.isEqual(findingRange(finding, linted)),
      );
    const fixes = this.fixes(document.uri, found, marks);
    const plans = await this.plans(document, here, found.flatMap(marks));
    return [
      ...fixes,
      ...plans,
      // A line more would break most strings of a program.
      ...(isProgramFile(document.uri.fsPath)
        ? []
        : found.flatMap((finding) => ignoreHere(document, linted, finding, marks(finding)))),
      ...explanations(found, marks),
    ];
  }

  /** The result for the text as it is now: an edit at places of an older text would hit others. */
  private async current(document: vscode.TextDocument): Promise<LintedFile | undefined> {
    if (!this.model.migrationOf(document.uri.fsPath)) return undefined;
    return this.lint.currentResult(document);
  }

  private fixes(
    file: vscode.Uri,
    found: readonly Finding[],
    marks: (finding: Finding) => vscode.Diagnostic[],
  ): vscode.CodeAction[] {
    const reason = appliedReason(file, this.model, this.database);
    const fixable = found.filter((finding) => finding.fix !== null);
    return fixable.map((finding) => {
      const action = new vscode.CodeAction(finding.fix!.title, vscode.CodeActionKind.QuickFix);
      action.diagnostics = marks(finding);
      if (reason !== null) {
        action.disabled = { reason };
      } else {
        action.edit = fixEdit(finding.fix!, file);
        action.isPreferred = fixable.length === 1;
      }
      return action;
    });
  }

  private async plans(
    document: vscode.TextDocument,
    here: readonly Forecast[],
    marks: vscode.Diagnostic[],
  ): Promise<vscode.CodeAction[]> {
    if (!vscode.workspace.isTrusted || appliedReason(document.uri, this.model, this.database) !== null)
      return [];
    const [forecast] = here;
    if (!forecast || !(await this.lint.plannableChange(document, forecast))) return [];
    const action = new vscode.CodeAction(
      t('Plan This Safely…'),
      marks.length > 0 ? vscode.CodeActionKind.QuickFix : vscode.CodeActionKind.RefactorRewrite,
    );
    if (marks.length > 0) action.diagnostics = marks;
    action.command = {
      title: t('Plan This Safely…'),
      command: commandIds.planThisSafely,
      arguments: [{ file: document.uri.fsPath, statement: forecast.index }],
    };
    return [action];
  }

  dispose(): void {
    this.registration.dispose();
  }
}

/** The comment above the statement, with the cursor where the reason goes. */
function ignoreHere(
  document: vscode.TextDocument,
  linted: LintedFile,
  finding: Finding,
  marks: vscode.Diagnostic[],
): vscode.CodeAction[] {
  const statement = linted.statements.find((each) => each.index === finding.statement);
  if (!statement || rulePageUri(finding.rule) === null) return [];
  const start = editorPosition(statement.start);
  const before = document.lineAt(start.line).text.slice(0, start.character);
  const ownLine = before.trim() === '';
  const snippet = new vscode.SnippetString()
    .appendText(`${ownLine ? before : '\n'}-- switchback:ignore ${finding.rule} `)
    .appendTabstop(0)
    .appendText('\n');
  const edit = new vscode.WorkspaceEdit();
  const place = ownLine ? start.with(undefined, 0) : start;
  const inserted = vscode.SnippetTextEdit.insert(place, snippet);
  // The indentation is in the text already.
  inserted.keepWhitespace = true;
  edit.set(document.uri, [inserted]);
  const action = new vscode.CodeAction(
    t('Ignore Here with a Reason… ({0})', finding.rule),
    vscode.CodeActionKind.QuickFix,
  );
  action.diagnostics = marks;
  action.edit = edit;
  return [action];
}

function explanations(
  found: readonly Finding[],
  marks: (finding: Finding) => vscode.Diagnostic[],
): vscode.CodeAction[] {
  const rules = new Map(found.map((finding) => [finding.rule, finding]));
  return [...rules].flatMap(([rule, finding]) => {
    if (rulePageUri(rule) === null) return [];
    const action = new vscode.CodeAction(t('Explain {0}', rule), vscode.CodeActionKind.QuickFix);
    action.diagnostics = marks(finding);
    action.command = { title: t('Explain {0}', rule), command: commandIds.explainRule, arguments: [rule] };
    return [action];
  });
}

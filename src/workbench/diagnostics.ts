import * as vscode from 'vscode';
import type { LintedFile } from '../journey/outcomes';
import { t } from '../messages/translate';
import type { Finding, Severity } from '../safety/finding';
import { editorRange } from './editor-range';
import type { FileLint } from './file-lint';
import { diagnosticsName } from './ids';
import { rulePageUri } from './rule-pages';

/** Shows findings in the files they are about. */
export class Diagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection(diagnosticsName);
  private readonly listener: vscode.Disposable;

  constructor(lint: FileLint) {
    this.listener = lint.onDidChange((file) => {
      const result = lint.resultOf(file);
      this.collection.set(
        file,
        result?.findings.map((finding) => diagnosticOf(finding, result, file)),
      );
    });
  }

  dispose(): void {
    this.listener.dispose();
    this.collection.dispose();
  }
}

function diagnosticOf(finding: Finding, linted: LintedFile, file: vscode.Uri): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    findingRange(finding, linted),
    finding.message,
    severityOf(finding.severity),
  );
  const target = rulePageUri(finding.rule);
  diagnostic.source = 'Switchback';
  diagnostic.code = target ? { value: finding.rule, target } : finding.rule;
  if (finding.rule === 'unused-suppression') diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  const holder = earlierHolder(finding, linted);
  if (holder) {
    diagnostic.relatedInformation = [
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(file, editorRange(holder)),
        t('This statement took the lock.'),
      ),
    ];
  }
  return diagnostic;
}

/** Where a finding is marked. One about a whole statement of many lines is marked on its first: that is enough to see. */
export function findingRange(finding: Finding, { statements }: LintedFile): vscode.Range {
  const range = editorRange(finding);
  const isWhole = statements.some(
    (each) => each.start.offset === finding.start.offset && each.end.offset === finding.end.offset,
  );
  // The editor moves an end past the line to the line's end.
  return isWhole && !range.isSingleLine
    ? range.with(undefined, new vscode.Position(range.start.line, Number.MAX_SAFE_INTEGER))
    : range;
}

/** The statement whose lock the one with this finding extends. */
function earlierHolder(finding: Finding, { statements, transactions }: LintedFile): Place | undefined {
  if (finding.rule !== 'statement-after-access-exclusive' || finding.statement === null) return undefined;
  const place = statements.findIndex((each) => each.index === finding.statement);
  return statements
    .slice(0, place)
    .find(
      (each, index) =>
        transactions[index] === transactions[place] &&
        each.locks.some((lock) => lock.mode === 'AccessExclusiveLock'),
    );
}

type Place = LintedFile['statements'][number];

function severityOf(severity: Severity): vscode.DiagnosticSeverity {
  switch (severity) {
    case 'error':
      return vscode.DiagnosticSeverity.Error;
    case 'warning':
      return vscode.DiagnosticSeverity.Warning;
    case 'info':
      return vscode.DiagnosticSeverity.Information;
  }
}

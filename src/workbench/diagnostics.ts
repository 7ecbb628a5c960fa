import * as vscode from 'vscode';
import type { Finding, Severity } from '../safety/finding';
import type { Position } from '../sql/statement';
import type { FileLint } from './file-lint';
import { diagnosticsName } from './ids';

/** Shows findings in the files they are about. */
export class Diagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection(diagnosticsName);
  private readonly listener: vscode.Disposable;

  constructor(lint: FileLint) {
    this.listener = lint.onDidChange((file) => {
      const result = lint.resultOf(file);
      this.collection.set(file, result?.findings.map(diagnosticOf));
    });
  }

  dispose(): void {
    this.listener.dispose();
    this.collection.dispose();
  }
}

function diagnosticOf(finding: Finding): vscode.Diagnostic {
  const range = new vscode.Range(place(finding.start), place(finding.end));
  const diagnostic = new vscode.Diagnostic(range, finding.message, severityOf(finding.severity));
  diagnostic.source = 'Switchback';
  diagnostic.code = finding.rule;
  return diagnostic;
}

function place(position: Position): vscode.Position {
  return new vscode.Position(Math.max(0, position.line - 1), Math.max(0, position.column - 1));
}

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

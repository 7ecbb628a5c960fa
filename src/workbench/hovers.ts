import * as vscode from 'vscode';
import { documentGlob } from '../layouts/migration-files';
import type { Finding } from '../safety/finding';
import type { ActiveDatabase } from './active-database';
import { appliedReason } from './applied-reason';
import { editorRange } from './editor-range';
import type { FileLint } from './file-lint';
import { hoverText } from './forecast/hover-text';
import { rowsOf } from '../safety/forecast/rows-of';
import { commandIds } from './ids';
import { hoversEnabled } from './settings';
import type { WorkspaceModel } from './workspace-model';

/** Explains a statement of a migration where the pointer rests. Everything it says is known already. */
export class Hovers implements vscode.HoverProvider, vscode.Disposable {
  private readonly registration: vscode.Disposable;

  constructor(
    private readonly lint: FileLint,
    private readonly model: WorkspaceModel,
    private readonly database: ActiveDatabase,
  ) {
    this.registration = vscode.languages.registerHoverProvider(
      { scheme: 'file', pattern: documentGlob },
      this,
    );
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    if (!hoversEnabled(document.uri)) return undefined;
    const linted = await this.lint.resultNow(document);
    if (!linted) return undefined;
    const forecast = linted.statements.find((each) => editorRange(each).contains(position));
    if (!forecast) return undefined;
    const findings = linted.findings.filter((finding) => finding.statement === forecast.index);
    const text = new vscode.MarkdownString(
      hoverText({
        forecast,
        findings,
        rows: rowsOf(forecast, linted.rows),
        rightVersions: await rightVersions(findings),
        database: this.database.current?.connection.name ?? null,
        applied: appliedReason(document.uri, this.model, this.database),
        file: document.uri.fsPath,
      }),
    );
    // Text of files is escaped; only these commands may be linked to.
    text.isTrusted = { enabledCommands: [commandIds.explainRule, commandIds.forecast] };
    return new vscode.Hover(text, editorRange(forecast));
  }

  dispose(): void {
    this.registration.dispose();
  }
}

async function rightVersions(findings: readonly Finding[]): Promise<Map<string, string>> {
  const { findRule } = await import('../journey/rules');
  const found = new Map<string, string>();
  for (const { rule, fix } of findings) {
    const right = fix === null ? findRule(rule)?.good.sql : undefined;
    if (right !== undefined) found.set(rule, right);
  }
  return found;
}

import * as vscode from 'vscode';
import { documentGlob } from '../layouts/migration-files';
import type { ActiveDatabase } from './active-database';
import { editorPosition } from './editor-range';
import type { FileLint } from './file-lint';
import { depthWord, lockSentence } from './forecast/statement-facts';
import { strongestLocks } from '../safety/forecast/strength';
import { settingIds, settingsSection } from './ids';
import { inlayHintsEnabled } from './settings';
import { lockName } from '../safety/forecast/describe-forecast';

/** The strongest lock of each statement, before its first word; only where the setting says so. */
export class InlayHints implements vscode.InlayHintsProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeInlayHints = this.changed.event;
  private readonly listeners: vscode.Disposable[];

  constructor(
    private readonly lint: FileLint,
    private readonly database: ActiveDatabase,
  ) {
    this.listeners = [
      vscode.languages.registerInlayHintsProvider({ scheme: 'file', pattern: documentGlob }, this),
      lint.onDidChange(() => this.changed.fire()),
      vscode.workspace.onDidChangeConfiguration(
        (event) =>
          event.affectsConfiguration(`${settingsSection}.${settingIds.inlayHintsEnabled}`) &&
          this.changed.fire(),
      ),
    ];
  }

  async provideInlayHints(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.InlayHint[]> {
    if (!inlayHintsEnabled(document.uri)) return [];
    const linted = await this.lint.resultNow(document);
    if (!linted) return [];
    return linted.statements.flatMap((forecast) => {
      const [strongest] = strongestLocks(forecast.locks);
      const position = editorPosition(forecast.start);
      if (!strongest || !range.contains(position)) return [];
      const hint = new vscode.InlayHint(position, lockName(strongest.mode));
      hint.paddingRight = true;
      hint.tooltip = [
        ...forecast.locks.map(lockSentence),
        depthWord(forecast.depth, this.database.current?.connection.name ?? null),
      ].join('\n');
      return [hint];
    });
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
    this.changed.dispose();
  }
}

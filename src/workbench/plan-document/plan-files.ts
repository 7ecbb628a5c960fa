import path from 'node:path';
import * as vscode from 'vscode';
import { journeyContext } from '../journey-context';
import type { Services } from '../services';

/** Which files are plan.md of a plan folder: as the settings and `.switchback/config.json` of each workspace folder say. */
export class PlanFiles implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  /** For providers; empty until the workspace was looked at. */
  patterns: vscode.RelativePattern[] = [];
  private readonly following: vscode.Disposable[];

  constructor(private readonly services: Services) {
    const setKey = (): void => {
      const file = vscode.window.activeTextEditor?.document.uri;
      services.keys.set('planFile', file !== undefined && this.planFolder(file) !== null);
    };
    this.following = [
      services.model.onDidChange(() => void this.read()),
      vscode.window.onDidChangeActiveTextEditor(setKey),
      this.onDidChange(setKey),
    ];
  }

  /** The folder of the plan whose plan.md this is; null for any other file. */
  planFolder(file: vscode.Uri): string | null {
    if (file.scheme !== 'file' || path.basename(file.fsPath) !== 'plan.md') return null;
    const folder = path.dirname(file.fsPath);
    return this.patterns.some(({ baseUri }) => baseUri.fsPath === path.dirname(folder)) ? folder : null;
  }

  private async read(): Promise<void> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const patterns = (await Promise.all(folders.map((folder) => this.patternOf(folder)))).flat();
    const text = (list: vscode.RelativePattern[]): string =>
      list.map(({ baseUri }) => baseUri.toString()).join('\n');
    if (text(patterns) === text(this.patterns)) return;
    this.patterns = patterns;
    this.changed.fire();
  }

  private async patternOf(folder: vscode.WorkspaceFolder): Promise<vscode.RelativePattern[]> {
    try {
      const { workspace } = await journeyContext(folder, this.services.assets);
      const plans = vscode.Uri.joinPath(folder.uri, ...workspace.configuration.plansFolder.split(/[\\/]/));
      return [new vscode.RelativePattern(plans, '*/plan.md')];
    } catch (error) {
      // The view of plans says what is wrong with the configuration.
      this.services.log.error(`looking for plans in ${folder.name}`, error);
      return [];
    }
  }

  dispose(): void {
    for (const part of this.following) part.dispose();
    this.changed.dispose();
  }
}

import * as vscode from 'vscode';
import { documentGlob, isProgramFile } from '../layouts/migration-files';
import type { FolderStatus } from '../journey/migrations';
import type { MigrationStatus } from '../layouts/layout';
import { t } from '../messages/translate';
import type { ActiveDatabase } from './active-database';
import { editorPosition } from './editor-range';
import type { FileLint } from './file-lint';
import { depthWord } from './forecast/statement-facts';
import { statementGroups, strongestGroup, type StatementGroup } from './forecast/statement-groups';
import { nodeFiles } from '../ports/node-files';
import { ago, moment } from './format';
import { editorFiles } from './editor-files';
import { commandIds, settingIds, settingsSection } from './ids';
import { engineName, flagWord, stateWord } from './migration-words';
import type { RehearsalMemory } from './rehearsal-memory';
import { lensesEnabled, statementLenses } from './settings';
import { verdictWord } from './wizard/report-view';
import type { WorkspaceModel } from './workspace-model';

const minute = 60_000;

/** Lenses above a migration file. They read no database; the text and the files are known. */
export class CodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly listeners: vscode.Disposable[];
  /** Minutes pass: what was said a while ago is said anew. */
  private drawAgain: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly model: WorkspaceModel,
    private readonly lint: FileLint,
    private readonly database: ActiveDatabase,
    private readonly rehearsals: RehearsalMemory,
  ) {
    const fire = (): void => this.changed.fire();
    this.listeners = [
      vscode.languages.registerCodeLensProvider({ scheme: 'file', pattern: documentGlob }, this),
      model.onDidChange(fire),
      lint.onDidChange(fire),
      rehearsals.onDidChange(fire),
      vscode.workspace.onDidChangeConfiguration(
        (event) =>
          [settingIds.codeLensEnabled, settingIds.codeLensStatements].some((name) =>
            event.affectsConfiguration(`${settingsSection}.${name}`),
          ) && fire(),
      ),
    ];
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!lensesEnabled(document.uri)) return [];
    const found = this.model.migrationOf(document.uri.fsPath);
    if (!found) return [];
    const linted = await this.lint.resultNow(document);
    const groups = linted ? statementGroups(linted) : [];
    const [state, ...others] = await this.fileLenses(document.uri, found, groups);
    return [
      ...(state ? [state] : []),
      // Early in the line: what is beyond the window's edge is not seen.
      ...(await this.rehearsalLens(found.status)),
      ...others,
      ...this.statementLenses(document.uri, groups),
    ];
  }

  /** The first says the migration's state. */
  private async fileLenses(
    file: vscode.Uri,
    { folder, status }: { folder: FolderStatus; status: MigrationStatus },
    groups: readonly StatementGroup[],
  ): Promise<vscode.CodeLens[]> {
    const top = new vscode.Range(0, 0, 0, 0);
    const lens = (
      title: string,
      command: string,
      tooltip: string,
      argument: unknown = file,
    ): vscode.CodeLens => new vscode.CodeLens(top, { title, command, tooltip, arguments: [argument] });
    const lenses = [
      lens(this.stateTitle(folder, status), commandIds.refresh, t('Read the state again')),
      lens(
        plain(strongestGroup(groups)?.phrase ?? t('Show Forecast')),
        commandIds.forecast,
        t('What each statement locks and rewrites'),
      ),
    ];
    if (!vscode.workspace.isTrusted) return lenses;
    if (status.state === 'pending') {
      // Of a program only the SQL in its text could be tried.
      if (!isProgramFile(file.fsPath))
        lenses.push(lens(t('Dry Run'), commandIds.dryRun, t('Try it and take it back')));
      if (this.database.current) {
        lenses.push(
          lens(
            t('Apply'),
            commandIds.apply,
            t('Run it on {0} as {1} would', this.database.current.connection.name, folder.title),
          ),
        );
      }
    }
    lenses.push(
      lens(t('Rehearse Rollback'), commandIds.rehearse, t('Up, down and up again in a shadow database')),
    );
    if (await wantsRollback(folder, status))
      lenses.push(
        lens(
          t('Generate the Rollback…'),
          commandIds.generateRollback,
          t('Written from the schemas before and after it, and rehearsed'),
        ),
      );
    const plan = this.model.planOf(file.fsPath);
    if (plan) lenses.push(lens(t('Open Plan'), commandIds.openPlan, plan.title, { plan }));
    return lenses;
  }

  /** The last verdict, for as long as the files are those it was given for. */
  private async rehearsalLens({ migration }: MigrationStatus): Promise<vscode.CodeLens[]> {
    const last = migration && (await this.rehearsals.of(migration));
    if (!last) return [];
    this.drawAgain ??= setTimeout(() => {
      this.drawAgain = null;
      this.changed.fire();
    }, minute);
    return [
      new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
        title: t('Rehearsed {0}: {1}', ago(Date.now() - last.at), verdictWord(last.verdict)),
        command: 'workbench.view.testing.focus',
        tooltip: t(
          'On {0} {1}, {2}. Show it in the Test Explorer',
          engineName(last.engine),
          last.version,
          moment(new Date(last.at).toISOString()),
        ),
      }),
    ];
  }

  /** One line above each group; the only group of a file speaks in the line above the file where that is the same line. */
  private statementLenses(file: vscode.Uri, groups: readonly StatementGroup[]): vscode.CodeLens[] {
    const wanted = statementLenses(file);
    if (wanted === 'off') return [];
    return groups.flatMap(({ forecast, statements, phrase, loud }) => {
      const position = editorPosition(forecast.start);
      if ((wanted === 'loud' && !loud) || (groups.length === 1 && position.line === 0)) return [];
      const target = { file: file.fsPath, statement: forecast.index };
      return [
        new vscode.CodeLens(new vscode.Range(position, position), {
          title: plain(statements.length > 1 ? t('{0} · {1} statements', phrase, statements.length) : phrase),
          command: commandIds.forecast,
          tooltip: t(
            'Forecast: {0}',
            depthWord(forecast.depth, this.database.current?.connection.name ?? null),
          ),
          arguments: [target],
        }),
      ];
    });
  }

  private stateTitle(folder: FolderStatus, status: MigrationStatus): string {
    const flags = status.flags.map((flag) => `, ${flagWord(flag)}`).join('');
    const { current } = this.database;
    return current
      ? t('{0} on {1}{2}', capital(stateWord(status.state)), current.connection.name, flags)
      : t('{0} migration, no database{1}', folder.title, flags);
  }

  dispose(): void {
    if (this.drawAgain !== null) clearTimeout(this.drawAgain);
    for (const listener of this.listeners) listener.dispose();
    this.changed.dispose();
  }
}

/** Whether a way back is to be written for it: there is none, or none with a statement, and none was ruled out. */
async function wantsRollback(folder: FolderStatus, { migration }: MigrationStatus): Promise<boolean> {
  if (!migration || migration.isCode) return false;
  const { lacksRollback } = await import('../journey/missing-rollback');
  // A file that cannot be read now is listed anew in a moment.
  return lacksRollback(folder, migration, editorFiles(nodeFiles())).catch(() => false);
}

/** A title without icons: a table may be called `$(zap)`, which the editor would draw. */
function plain(title: string): string {
  return title.replaceAll('$(', '\\$(');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

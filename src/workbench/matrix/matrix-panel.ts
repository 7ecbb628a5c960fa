import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { MatrixTarget } from '../../journey/read-matrix';
import type { MigrationMatrix } from '../../journey/migration-matrix';
import { t } from '../../messages/translate';
import { commandIds, matrixPanelType } from '../ids';
import { moment } from '../format';
import { journeyContext, requireTrust } from '../journey-context';
import { registerCommand, withProgress } from '../register-command';
import type { Services } from '../services';
import { matrixHtml } from './matrix-html';
import { shownLanguage } from '../translations';

/** The matrix of migrations and saved connections: one page, without scripts, read again on demand. */
export function registerMatrix(services: Services): vscode.Disposable[] {
  const { log } = services;
  const panel = new MatrixPanel(services);
  return [
    panel,
    registerCommand(commandIds.showMigrationMatrix, log, () => panel.show()),
    registerCommand(commandIds.refreshMigrationMatrix, log, () => panel.show()),
  ];
}

class MatrixPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | null = null;

  constructor(private readonly services: Services) {}

  /** Opens the page, or brings it to the front, and reads every connection again. */
  async show(): Promise<void> {
    requireTrust();
    const panel = this.panel ?? this.open();
    panel.reveal();
    const matrices = await withProgress(t('Reading every connection'), (progress, signal) =>
      this.read(progress, signal),
    );
    if (this.panel === panel) panel.webview.html = page(matrices);
  }

  private open(): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel(
      matrixPanelType,
      t('Migration Matrix'),
      vscode.ViewColumn.Active,
      { enableScripts: false, enableFindWidget: true, localResourceRoots: [] },
    );
    panel.iconPath = vscode.Uri.joinPath(this.services.extensionUri, 'media', 'icon.png');
    panel.onDidDispose(() => {
      if (this.panel === panel) this.panel = null;
    });
    panel.webview.html = page(null);
    this.panel = panel;
    return panel;
  }

  private async read(
    progress: Parameters<typeof journeyContext>[2],
    signal: AbortSignal,
  ): Promise<MigrationMatrix[]> {
    const { readMatrices } = await import('../../journey/read-matrix');
    const targets = this.targets();
    const matrices: MigrationMatrix[] = [];
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const context = await journeyContext(folder, this.services.assets, progress, signal);
      matrices.push(...(await readMatrices(context, targets)));
    }
    return matrices;
  }

  /** The saved connections, and the one that is open where it is not among them (the embedded database). */
  private targets(): MatrixTarget[] {
    const { connections, database } = this.services;
    const saved = connections.list();
    const targets = saved.map((connection): MatrixTarget => ({
      kind: 'saved',
      connection,
      secret: () => connections.password(connection.id),
    }));
    const current = database.current?.connection;
    if (!current || saved.some(({ id }) => id === current.id)) return targets;
    const { name, environment } = current;
    return [
      ...targets,
      {
        kind: 'open',
        connection: { name, environment },
        read: (work) => database.exclusive(({ session }) => work(session)),
      },
    ];
  }

  dispose(): void {
    this.panel?.dispose();
  }
}

function page(matrices: readonly MigrationMatrix[] | null): string {
  return matrixHtml({
    matrices,
    readAt: moment(new Date().toISOString()),
    language: shownLanguage(),
    nonce: randomBytes(18).toString('base64'),
  });
}

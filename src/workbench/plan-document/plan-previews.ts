import { randomBytes } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { isInside } from './is-inside';
import type { PlanStanding } from '../../journey/outcomes';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { nodeFiles } from '../../ports/node-files';
import {
  parsePreviewRequest,
  parsePreviewState,
  type PreviewContent,
  type PreviewRequest,
} from '../../protocol/preview-messages';
import { previewPanelType } from '../ids';
import { journeyContext, workspaceFolder } from '../journey-context';
import type { Services } from '../services';
import { previewPage } from './preview-page';
import { shownLanguage } from '../translations';

const debounceMilliseconds = 200;

interface OpenPreview {
  panel: vscode.WebviewPanel;
  planFolder: string;
  /** On the connected database, as it was read last. */
  standing: PlanStanding | null;
  timer: ReturnType<typeof setTimeout> | null;
}

/**
 * plan.md rendered beside its source: one page per plan, which follows typing and where the plan stands. VS Code restores
 * them with the next window.
 */
export class PlanPreviews implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly open = new Map<string, OpenPreview>();
  private readonly parts: vscode.Disposable[];

  constructor(private readonly services: Services) {
    const standingSoon = (): void => {
      for (const preview of this.open.values()) void this.readStanding(preview);
    };
    this.parts = [
      vscode.window.registerWebviewPanelSerializer(previewPanelType, this),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        const preview = this.open.get(path.dirname(document.uri.fsPath));
        if (preview && path.basename(document.uri.fsPath) === 'plan.md') this.showSoon(preview);
      }),
      services.model.onDidChange(standingSoon),
      services.database.onDidChange(standingSoon),
    ];
  }

  /** Opens the page of a plan beside the editor, or brings it to the front. */
  async show(planFolder: string): Promise<void> {
    const known = this.open.get(planFolder);
    if (known) return known.panel.reveal(undefined, true);
    const panel = vscode.window.createWebviewPanel(
      previewPanelType,
      t('Preview of {0}', path.basename(planFolder)),
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { ...this.webviewOptions(), enableFindWidget: true },
    );
    await this.fill(panel, planFolder);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const state = parsePreviewState(kept);
    const folder = state && vscode.Uri.parse(state.planUri);
    const isThere =
      folder !== null &&
      !this.open.has(folder.fsPath) &&
      vscode.workspace.getWorkspaceFolder(folder) !== undefined &&
      (await nodeFiles().exists(path.join(folder.fsPath, 'plan.md')));
    if (!isThere) {
      panel.dispose();
      return;
    }
    panel.webview.options = this.webviewOptions();
    await this.fill(panel, folder.fsPath);
  }

  private webviewOptions(): vscode.WebviewOptions {
    return {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.services.extensionUri, 'dist')],
    };
  }

  /** Makes a panel the page of a plan. */
  private async fill(panel: vscode.WebviewPanel, planFolder: string): Promise<void> {
    const { extensionUri } = this.services;
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
    const preview: OpenPreview = { panel, planFolder, standing: null, timer: null };
    this.open.set(planFolder, preview);
    panel.onDidDispose(() => {
      if (preview.timer !== null) clearTimeout(preview.timer);
      this.open.delete(planFolder);
    });
    panel.webview.onDidReceiveMessage((message: unknown) => {
      const request = parsePreviewRequest(message);
      if (request) this.answer(preview, request);
    });
    panel.webview.html = previewPage({
      script: panel.webview
        .asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'plan-preview.js'))
        .toString(),
      language: shownLanguage(),
      nonce: randomBytes(18).toString('base64'),
    });
    await this.readStanding(preview);
  }

  private answer(preview: OpenPreview, request: PreviewRequest): void {
    const work = request.kind === 'ready' ? this.send(preview) : openLinked(preview.planFolder, request.path);
    work.catch((error: unknown) => this.services.log.error('the preview of a plan', error));
  }

  private async readStanding(preview: OpenPreview): Promise<void> {
    const { current } = this.services.database;
    const standing = await this.standingOf(preview.planFolder).catch((error: unknown) => {
      this.services.log.error('reading where a plan stands', error);
      // Without it the record of plan.md says where the plan stands.
      return null;
    });
    // Of a database that was left meanwhile; the one there is now is read as well.
    if (current !== this.services.database.current) return;
    preview.standing = standing;
    this.showSoon(preview);
  }

  private async standingOf(planFolder: string): Promise<PlanStanding | null> {
    const { database, assets } = this.services;
    if (!vscode.workspace.isTrusted || !database.current) return null;
    const { planStanding } = await import('../../journey/progress');
    const context = await journeyContext(workspaceFolder(vscode.Uri.file(planFolder)), assets);
    return database.exclusive((current) => planStanding(context, current, planFolder));
  }

  private showSoon(preview: OpenPreview): void {
    if (preview.timer !== null) clearTimeout(preview.timer);
    preview.timer = setTimeout(() => {
      preview.timer = null;
      this.send(preview).catch((error: unknown) => this.services.log.error('the preview of a plan', error));
    }, debounceMilliseconds);
  }

  private async send({ panel, planFolder, standing }: OpenPreview): Promise<void> {
    const file = path.join(planFolder, 'plan.md');
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === file);
    const text = document?.getText() ?? (await nodeFiles().readIfExists(file));
    if (text === null || !this.open.has(planFolder)) return;
    const { planPreview } = await import('../../journey/export-plan');
    const context = await journeyContext(workspaceFolder(vscode.Uri.file(planFolder)), this.services.assets);
    const { html } = await planPreview(context, planFolder, text, standing);
    if (!this.open.has(planFolder)) return;
    const state = { planUri: vscode.Uri.file(planFolder).toString() };
    const content: PreviewContent = { kind: 'content', html, state };
    await panel.webview.postMessage(content);
  }

  /** Leaves the panels, which VS Code restores. */
  dispose(): void {
    for (const { timer } of this.open.values()) if (timer !== null) clearTimeout(timer);
    this.open.clear();
    for (const part of this.parts) part.dispose();
  }
}

/** Opens a file that a plan links to, of its workspace folder only. */
async function openLinked(planFolder: string, link: string): Promise<void> {
  const { root, name } = rootOf(planFolder);
  const file = path.resolve(planFolder, decodeURI(link.split('#')[0]!));
  if (!isInside(root, file))
    throw new SwitchbackError(
      'not-found',
      t('{0} is not in the folder {1}, so it is not opened.', link, name),
    );
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file), vscode.ViewColumn.One);
}

function rootOf(planFolder: string): { root: string; name: string } {
  const { uri, name } = workspaceFolder(vscode.Uri.file(planFolder));
  return { root: uri.fsPath, name };
}

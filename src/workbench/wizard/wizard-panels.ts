import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { noPlanAnswers } from '../../assess/plan-answers';
import { t } from '../../messages/translate';
import { parsePageRequest, type PageRequest } from '../../protocol/messages';
import { panelStateSchema, type ChangeDraft, type PanelState } from '../../protocol/wizard-state';
import { askRows } from '../ask-rows';
import { commandIds, wizardPanelType } from '../ids';
import { journeyContext, requireTrust, workspaceFolder } from '../journey-context';
import { isCancelled, sentenceOf } from '../register-command';
import type { Services } from '../services';
import { askConfirmation } from './ask-confirmation';
import { emptyDraft } from './empty-draft';
import { pageHtml } from './page-html';
import type { WizardSession } from './wizard-session';
import type { WizardSurroundings } from './wizard-surroundings';

/** The open wizards: one panel per plan or draft, restored by VS Code after a restart. */
export class WizardPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly panels = new Map<string, Wizard>();
  private readonly listeners: vscode.Disposable[];

  constructor(private readonly services: Services) {
    this.listeners = [
      vscode.window.registerWebviewPanelSerializer(wizardPanelType, this),
      services.database.onDidChange(() => this.refreshAll()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.refreshAll()),
    ];
  }

  /** Opens a wizard for a new change. */
  async openDraft(draft: ChangeDraft = emptyDraft(), folder = workspaceFolder()): Promise<WizardSession> {
    requireTrust();
    const draftId = randomUUID();
    const sessions = await import('./wizard-session');
    await this.services.drafts.save(draftId, folder.uri.toString(), draft, noPlanAnswers);
    return this.show(sessions, { draftId, station: 'change' }, this.createPanel(t('Plan a Change')));
  }

  /** Opens the wizard of a plan, or reveals it where it is open. */
  async openPlan(planFolder: string, station: PanelState['station'] = 'implement'): Promise<WizardSession> {
    requireTrust();
    const sessions = await import('./wizard-session');
    const planUri = vscode.Uri.file(planFolder).toString();
    const open = this.panels.get(planUri);
    if (open) {
      open.panel.reveal();
      return open.session;
    }
    return this.show(sessions, { planUri, station }, this.createPanel(path.basename(planFolder)));
  }

  /** Reads a plan again where its wizard is open: something else than the wizard went on with it. */
  async refreshPlan(planFolder: string): Promise<void> {
    await this.panels.get(vscode.Uri.file(planFolder).toString())?.session.refresh();
  }

  /** The wizard in front, else the only open one. */
  active(): WizardSession | undefined {
    const wizards = [...new Set(this.panels.values())];
    const front =
      wizards.find((wizard) => wizard.panel.active) ?? (wizards.length === 1 ? wizards[0] : undefined);
    return front?.session;
  }

  /** Sends a request to every wizard, for example to pause a backfill. */
  async broadcast(request: PageRequest): Promise<void> {
    await Promise.all([...new Set(this.panels.values())].map((wizard) => wizard.session.handle(request)));
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, saved: unknown): Promise<void> {
    const sessions = await import('./wizard-session');
    const state = v.safeParse(panelStateSchema, saved);
    const key = state.success ? (state.output.planUri ?? state.output.draftId) : undefined;
    if (!state.success || key === undefined || this.panels.has(key) || !this.isThere(state.output)) {
      panel.dispose();
      return;
    }
    panel.webview.options = this.webviewOptions();
    this.show(sessions, state.output, panel);
  }

  private isThere(state: PanelState): boolean {
    if (!vscode.workspace.workspaceFolders) return false;
    return (
      state.planUri !== undefined ||
      (state.draftId !== undefined && this.services.drafts.read(state.draftId) !== null)
    );
  }

  private createPanel(title: string): vscode.WebviewPanel {
    return vscode.window.createWebviewPanel(
      wizardPanelType,
      title,
      vscode.ViewColumn.Active,
      this.webviewOptions(),
    );
  }

  private webviewOptions(): vscode.WebviewPanelOptions & vscode.WebviewOptions {
    return {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.services.extensionUri, 'dist')],
    };
  }

  private show(sessions: Sessions, state: PanelState, panel: vscode.WebviewPanel): WizardSession {
    const wizard = new Wizard(this.services, sessions, state, panel, {
      moved: (before, after) => {
        this.panels.delete(before);
        this.panels.set(after, wizard);
      },
      closed: (key) => this.panels.delete(key),
    });
    this.panels.set(wizard.key, wizard);
    return wizard.session;
  }

  private refreshAll(): void {
    for (const wizard of new Set(this.panels.values())) void wizard.session.refresh();
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
    for (const wizard of new Set(this.panels.values())) wizard.dispose();
    this.panels.clear();
  }
}

/** Read when the first wizard opens: activation does without. */
type Sessions = typeof import('./wizard-session');

interface WizardOwner {
  moved(before: string, after: string): void;
  closed(key: string): void;
}

/** One panel with its session. */
class Wizard implements vscode.Disposable {
  readonly session: WizardSession;
  private planUri: string | undefined;
  private readonly draftId: string | undefined;
  private readonly listeners: vscode.Disposable[];

  constructor(
    private readonly services: Services,
    { WizardSession }: Sessions,
    state: PanelState,
    readonly panel: vscode.WebviewPanel,
    private readonly owner: WizardOwner,
  ) {
    this.planUri = state.planUri;
    this.draftId = state.draftId;
    const saved = state.draftId === undefined ? null : services.drafts.read(state.draftId);
    const planFolder = state.planUri === undefined ? null : vscode.Uri.parse(state.planUri).fsPath;
    const folder = workspaceFolder(
      saved ? vscode.Uri.parse(saved.folder) : planFolder ? vscode.Uri.file(planFolder) : undefined,
    );
    this.session = new WizardSession(this.surroundings(folder), {
      draft: saved?.draft ?? emptyDraft(),
      answers: saved?.answers,
      station: state.station,
      planFolder,
    });
    panel.iconPath = vscode.Uri.joinPath(services.extensionUri, 'media', 'icon.png');
    this.listeners = [
      panel.onDidDispose(() => this.close()),
      panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message)),
    ];
    panel.webview.html = pageHtml(panel.webview, services.extensionUri);
  }

  get key(): string {
    return this.planUri ?? this.draftId ?? '';
  }

  private receive(message: unknown): void {
    const request = parsePageRequest(message);
    if (request) void this.session.handle(request);
    else this.services.log.warn('The wizard page sent a message that is not a request; it was ignored.');
  }

  private surroundings(folder: vscode.WorkspaceFolder): WizardSurroundings {
    const { services, panel } = this;
    return {
      root: folder.uri.fsPath,
      trusted: () => vscode.workspace.isTrusted,
      database: () => services.database.current,
      exclusive: (work, of) => services.database.exclusive(work, of),
      context: (progress, signal) => {
        requireTrust();
        return journeyContext(folder, services.assets, progress, signal);
      },
      post: (message) => {
        if (message.kind === 'state') panel.title = message.state.title;
        void panel.webview.postMessage(message);
      },
      pickConnection: async () => void (await vscode.commands.executeCommand(commandIds.connect)),
      useEmbedded: async () => void (await vscode.commands.executeCommand(commandIds.useEmbedded)),
      openFile: openFile,
      openSql: (title, sql) => services.sqlDocuments.open(title, sql),
      openLink: async (address) => void (await vscode.env.openExternal(vscode.Uri.parse(address))),
      copy: async (text) => vscode.env.clipboard.writeText(text),
      askReason: async (title, prompt) =>
        (await vscode.window.showInputBox({ title, prompt, ignoreFocusOut: true })) ?? null,
      askRows: (context) => askRows(context, services.database.current?.sessions.label ?? null),
      askConfirmation,
      stagingDatabases: () =>
        services.connections
          .list()
          .filter((connection) => connection.environment === 'staging')
          .map((connection) => connection.name),
      showLog: () => services.log.show(),
      manageTrust: async () => void (await vscode.commands.executeCommand('workbench.trust.manage')),
      report: (what, error) => {
        if (isCancelled(error)) return null;
        services.log.error(what, error);
        return sentenceOf(error);
      },
      saveDraft: async (draft, answers) => {
        if (this.draftId !== undefined && this.planUri === undefined) {
          await services.drafts.save(this.draftId, folder.uri.toString(), draft, answers);
        }
      },
      scaffolded: async (planFolder) => this.becomePlan(planFolder),
      changed: () => services.model.refreshSoon(),
      backfillState: (state) => {
        services.keys.set('backfillRunning', state === 'running');
        services.keys.set('backfillPaused', state === 'paused');
      },
      identity: () => (this.planUri === undefined ? { draftId: this.draftId } : { planUri: this.planUri }),
    };
  }

  private async becomePlan(planFolder: string): Promise<void> {
    const before = this.key;
    this.planUri = vscode.Uri.file(planFolder).toString();
    this.owner.moved(before, this.key);
    if (this.draftId !== undefined) await this.services.drafts.remove(this.draftId);
    this.services.model.refreshSoon();
  }

  private close(): void {
    this.owner.closed(this.key);
    for (const listener of this.listeners) listener.dispose();
    this.session.dispose();
  }

  /** Ends what runs and leaves the panel: VS Code restores it with the next window. */
  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
    this.session.dispose();
  }
}

async function openFile(file: string, line: number | null): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  const position = new vscode.Position(Math.max(0, (line ?? 1) - 1), 0);
  await vscode.window.showTextDocument(document, {
    preview: true,
    viewColumn: vscode.ViewColumn.Beside,
    selection: new vscode.Range(position, position),
  });
}

import * as vscode from 'vscode';
import { isInMigrations, programGlob } from '../layouts/migration-files';
import type { FolderStatus } from '../journey/migrations';
import type { PlanSummary } from '../journey/plans';
import {
  forgetMigrationFolders,
  forgetScript,
  newStatusMemory,
  type StatusMemory,
} from '../journey/status-memory';
import type { Assets, JourneyContext } from '../journey/workspace';
import type { MigrationStatus } from '../layouts/layout';
import type { ActiveDatabase } from './active-database';
import type { ContextKeys } from './context-keys';
import { eachOnce } from './each-once';
import { journeyContext } from './journey-context';
import type { Log } from './log';
import { sentenceOf } from './register-command';

/** What was found in one workspace folder. */
export interface FolderModel {
  workspaceFolder: vscode.WorkspaceFolder;
  folders: FolderStatus[];
  plans: PlanSummary[];
  /** Of each released migration file, by its absolute path, the plan it belongs to. */
  planOfFile: ReadonlyMap<string, PlanSummary>;
  /** Why it could not be read, as a sentence. */
  problem: string | null;
}

const debounceMilliseconds = 200;

/** Migrations and plans of the workspace with their states; views, lenses and keys follow it. */
export class WorkspaceModel implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  folders: readonly FolderModel[] = [];
  ready = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private reading: Promise<void> | null = null;
  private again = false;
  /** By workspace folder: what the watcher has not said to be another now. */
  private readonly memories = new Map<string, StatusMemory>();
  private readonly watchers: vscode.Disposable[] = [];

  constructor(
    private readonly assets: Assets,
    private readonly database: ActiveDatabase,
    private readonly keys: ContextKeys,
    private readonly log: Log,
  ) {}

  /** Begins to watch files, settings and the connection; the first reading starts by itself. */
  start(): void {
    const watcher = vscode.workspace.createFileSystemWatcher('**/{*.sql,plan.md,.switchback/config.json}');
    const programs = vscode.workspace.createFileSystemWatcher(programGlob);
    const soon = (): void => this.refreshSoon();
    const changed = (file: vscode.Uri): void => {
      for (const memory of this.memories.values()) forgetScript(memory, file.fsPath);
      soon();
    };
    const moved = (file: vscode.Uri): void => {
      this.forgetFolders();
      changed(file);
    };
    const ofMigrations =
      (told: (file: vscode.Uri) => void) =>
      (file: vscode.Uri): void => {
        if (isInMigrations(file.path)) told(file);
      };
    this.watchers.push(
      watcher,
      watcher.onDidChange(changed),
      watcher.onDidCreate(moved),
      watcher.onDidDelete(moved),
      programs,
      programs.onDidChange(ofMigrations(changed)),
      programs.onDidCreate(ofMigrations(moved)),
      programs.onDidDelete(ofMigrations(moved)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.forgetFolders();
        soon();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration('switchback')) return;
        this.forgetFolders();
        soon();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(soon),
      this.database.onDidChange(soon),
    );
    this.refreshSoon();
  }

  /** Reads again after a moment; many calls give one reading. */
  refreshSoon(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.refresh();
    }, debounceMilliseconds);
  }

  /** Reads everything from the disk again, whatever is known. Never throws. */
  async reload(): Promise<void> {
    this.memories.clear();
    await this.refresh();
  }

  private forgetFolders(): void {
    for (const memory of this.memories.values()) forgetMigrationFolders(memory);
  }

  /** Reads again what is not known. A call during a reading leads to one more after it. Never throws. */
  async refresh(): Promise<void> {
    if (this.reading) {
      this.again = true;
      return this.reading;
    }
    this.reading = this.read();
    await this.reading;
    this.reading = null;
    if (this.again) {
      this.again = false;
      await this.refresh();
    }
  }

  /** The migration a file belongs to, of several the first that is pending, from what is known; undefined for other files. */
  migrationOf(file: string): { folder: FolderStatus; status: MigrationStatus } | undefined {
    for (const folder of this.folders.flatMap((item) => item.folders)) {
      const found = folder.statuses.filter(
        (item) => item.migration?.upPath === file || item.migration?.downPath === file,
      );
      const status = found.find(({ state }) => state === 'pending') ?? found[0];
      if (status) return { folder, status };
    }
    return undefined;
  }

  /** The plan that wrote a migration file, if any. */
  planOf(file: string): PlanSummary | undefined {
    const status = this.migrationOf(file)?.status;
    const upPath = status?.migration?.upPath;
    if (upPath === undefined) return undefined;
    for (const folder of this.folders) {
      const plan = folder.planOfFile.get(upPath);
      if (plan) return plan;
    }
    return undefined;
  }

  plans(): PlanSummary[] {
    return this.folders.flatMap((folder) => folder.plans);
  }

  private async read(): Promise<void> {
    const workspaceFolders = vscode.workspace.workspaceFolders ?? [];
    const isFirst = !this.ready;
    this.folders = eachOnce(
      await Promise.all(workspaceFolders.map((folder) => this.readFolder(folder, isFirst))),
    );
    this.publish();
    if (!isFirst) return;
    // A long history is listed at once; what only its texts tell follows.
    this.folders = eachOnce(await Promise.all(this.folders.map((model) => this.withTexts(model))));
    this.publish();
  }

  private publish(): void {
    this.ready = true;
    this.keys.set('ready', true);
    this.keys.set(
      'hasMigrations',
      this.folders.some(
        (folder) => folder.problem !== null || folder.folders.some((item) => item.statuses.length > 0),
      ),
    );
    this.keys.set('hasPlans', this.plans().length > 0);
    this.changed.fire();
  }

  private readFolder(workspaceFolder: vscode.WorkspaceFolder, knownTextsOnly: boolean): Promise<FolderModel> {
    return this.orProblem(workspaceFolder, async () => {
      const { listReleasedPlans } = await import('../journey/plans');
      const context = await journeyContext(workspaceFolder, this.assets);
      const folders = await this.statuses(context, workspaceFolder, knownTextsOnly);
      const listed = await listReleasedPlans(context);
      const { plansOfMigrations } = await import('../journey/plans-of-migrations');
      const planOfFile = plansOfMigrations(context.workspace.root, listed);
      const plans = listed.map(({ summary }) => summary);
      return { workspaceFolder, folders, plans, planOfFile, problem: null };
    });
  }

  /** The same with what only the texts of migrations tell; plans have all of theirs. */
  private async withTexts(model: FolderModel): Promise<FolderModel> {
    const { workspaceFolder } = model;
    if (model.problem !== null) return model;
    return this.orProblem(workspaceFolder, async () => {
      const context = await journeyContext(workspaceFolder, this.assets);
      return { ...model, folders: await this.statuses(context, workspaceFolder, false) };
    });
  }

  private async statuses(
    context: JourneyContext,
    workspaceFolder: vscode.WorkspaceFolder,
    knownTextsOnly: boolean,
  ): Promise<FolderStatus[]> {
    const { readStatus } = await import('../journey/migrations');
    const memory = this.memoryOf(workspaceFolder);
    const folders = await this.database.read((session) =>
      readStatus(context, session, { memory, knownTextsOnly }),
    );
    for (const problem of folders.flatMap((folder) => folder.problems)) this.log.warn(problem);
    return folders;
  }

  private async orProblem(
    workspaceFolder: vscode.WorkspaceFolder,
    read: () => Promise<FolderModel>,
  ): Promise<FolderModel> {
    try {
      return await read();
    } catch (error) {
      this.log.error(`reading ${workspaceFolder.name}`, error);
      return { workspaceFolder, folders: [], plans: [], planOfFile: new Map(), problem: sentenceOf(error) };
    }
  }

  private memoryOf({ uri }: vscode.WorkspaceFolder): StatusMemory {
    const key = uri.toString();
    const memory = this.memories.get(key) ?? newStatusMemory();
    this.memories.set(key, memory);
    return memory;
  }

  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    for (const watcher of this.watchers) watcher.dispose();
    this.changed.dispose();
  }
}

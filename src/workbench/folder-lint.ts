import type * as vscode from 'vscode';
import type { SingleChange } from '../assess/change';
import type { Database } from '../journey/database';
import { forgetFolders, forgetText, newLintMemory, type LintMemory } from '../journey/lint-memory';
import type { LintedFile } from '../journey/outcomes';
import type { Assets, JourneyContext } from '../journey/workspace';
import type { Forecast } from '../safety/forecast';
import type { ActiveDatabase } from './active-database';
import { editorFiles } from './editor-files';
import { journeyContext } from './journey-context';
import type { Log } from './log';

/** What is kept between two looks at one workspace folder, so that a look reads only what was typed. */
export class FolderLint {
  private context: Promise<JourneyContext> | null = null;
  private memory: LintMemory | null = null;
  private catalog: ReadCatalog | null = null;
  private stale = false;
  private reading: Promise<boolean> = Promise.resolve(false);
  /** Migration folders whose catalog was asked for, in vain too: not again before something changed. */
  private readonly asked = new Set<string>();

  constructor(
    private readonly folder: vscode.WorkspaceFolder,
    private readonly database: ActiveDatabase,
    private readonly assets: Assets,
    private readonly log: Log,
  ) {}

  /** Forecasts and findings of a document as it stands. Reads no database: the catalog is known, or not used. */
  async lint(document: vscode.TextDocument, migrations: string): Promise<LintedFile> {
    const { lintText } = await import('../journey/lint');
    const context = await this.journey();
    return lintText(context, document.uri.fsPath, document.getText(), this.known(migrations));
  }

  /** The change that a statement makes at once and a recipe could make in phases; from what is known, as `lint` is. */
  async plannableChange(
    document: vscode.TextDocument,
    migrations: string,
    forecast: Forecast,
  ): Promise<SingleChange | null> {
    const { plannableChange } = await import('../journey/plannable-change');
    const context = await this.journey();
    const known = this.known(migrations);
    return plannableChange(context, document.uri.fsPath, document.getText(), forecast, known);
  }

  private known(migrations: string): { database: Database | null; memory: LintMemory } {
    const catalog = this.catalogFor(migrations);
    const memory = catalog ? catalog.memory : (this.memory ??= newLintMemory({ watched: true }));
    return { database: catalog?.database ?? null, memory };
  }

  /**
   * Reads the connected database's catalog, where that was not done since something changed.
   * True when it was read. Never throws: a database that does not answer deepens nothing.
   */
  readCatalog(document: vscode.TextDocument, migrations: string): Promise<boolean> {
    const { current } = this.database;
    if (!current || this.asked.has(migrations)) return this.reading;
    this.asked.add(migrations);
    const reading = this.reading.then(() => this.read(document, current, migrations));
    this.reading = reading.then(() => false);
    return reading;
  }

  private async read(document: vscode.TextDocument, current: Database, migrations: string): Promise<boolean> {
    try {
      const { lintText } = await import('../journey/lint');
      const context = await this.journey();
      const fresh = newLintMemory({ watched: true });
      return await this.database.read(async (session) => {
        if (!session || this.database.current !== current) return false;
        const known = this.stale || this.catalog?.database.session !== session ? null : this.catalog;
        this.stale = false;
        const memory = known?.memory ?? fresh;
        const database = known?.database ?? { ...current, session };
        await lintText(context, document.uri.fsPath, document.getText(), { database, memory });
        const folders = new Set([...(known?.folders ?? []), migrations]);
        this.catalog = { of: current, database, memory, folders };
        return true;
      });
    } catch (error) {
      this.log.error(`reading the catalog for ${document.uri.fsPath}`, error);
      return false;
    }
  }

  private catalogFor(migrations: string): ReadCatalog | null {
    const { catalog } = this;
    if (!catalog || catalog.of !== this.database.current || catalog.database.session.lost.aborted)
      return null;
    return catalog.folders.has(migrations) ? catalog : null;
  }

  /** Another database, or none. */
  forgetConnection(): void {
    this.catalog = null;
    this.asked.clear();
  }

  /** The database was changed. What was known of it is used until it has been read again. */
  forgetCatalog(): void {
    this.stale = true;
    this.asked.clear();
  }

  /** A text changed in an editor. */
  forgetText(file: string): void {
    for (const memory of this.memories()) forgetText(memory, file);
  }

  /** Files or settings changed. */
  forgetFiles(): void {
    this.context = null;
    for (const memory of this.memories()) forgetFolders(memory);
  }

  private memories(): LintMemory[] {
    return [this.memory, this.catalog?.memory].filter((memory) => memory !== null && memory !== undefined);
  }

  private journey(): Promise<JourneyContext> {
    this.context ??= journeyContext(this.folder, this.assets).then((context) => ({
      ...context,
      files: editorFiles(context.files),
    }));
    return this.context;
  }
}

interface ReadCatalog {
  /** The connection it was read through. */
  of: Database;
  /** The same, with the session that reads beside running actions. */
  database: Database;
  memory: LintMemory;
  /** Migration folders whose state it knows. */
  folders: ReadonlySet<string>;
}

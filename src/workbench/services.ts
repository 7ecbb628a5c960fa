import type * as vscode from 'vscode';
import type { Assets } from '../journey/workspace';
import type { ActiveDatabase } from './active-database';
import type { ConnectionStore } from './connection-store';
import type { ContextKeys } from './context-keys';
import type { FileLint } from './file-lint';
import type { Log } from './log';
import type { RehearsalMemory } from './rehearsal-memory';
import type { SqlDocuments } from './sql-documents';
import type { Drafts } from './wizard/drafts';
import type { WorkspaceModel } from './workspace-model';

/** What commands and views are made of; built once in activate(). */
export interface Services {
  extensionUri: vscode.Uri;
  assets: Assets;
  log: Log;
  keys: ContextKeys;
  connections: ConnectionStore;
  database: ActiveDatabase;
  model: WorkspaceModel;
  lint: FileLint;
  sqlDocuments: SqlDocuments;
  drafts: Drafts;
  rehearsals: RehearsalMemory;
}

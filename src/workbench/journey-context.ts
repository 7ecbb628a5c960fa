import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Assets, JourneyContext } from '../journey/workspace';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { systemClock } from '../ports/clock';
import { nodeFiles } from '../ports/node-files';
import { silentProgress, type Progress } from '../ports/progress';
import { workbenchPrompt } from './prompt';
import { taskPrograms } from './task-programs';
import { configuredSettings } from './settings';

/** What an action of the journey is given, for one workspace folder. */
export async function journeyContext(
  folder: vscode.WorkspaceFolder,
  assets: Assets,
  progress: Progress = silentProgress(),
  signal: AbortSignal = new AbortController().signal,
): Promise<JourneyContext> {
  const { readConfiguration } = await import('../journey/configuration');
  const root = folder.uri.fsPath;
  const files = { ...nodeFiles(), root };
  const trusted = vscode.workspace.isTrusted;
  return {
    workspace: {
      root,
      configuration: await readConfiguration(root, files, trusted, configuredSettings(folder.uri)),
      assets,
      trusted,
    },
    files,
    clock: systemClock(),
    prompt: workbenchPrompt(),
    programs: taskPrograms(folder),
    progress,
    signal,
    user: os.userInfo().username,
  };
}

/** Where the product's own files lie. */
export function extensionAssets(context: vscode.ExtensionContext): Assets {
  const spare: NonNullable<Assets['spare']> = { held: null };
  context.subscriptions.push({ dispose: () => void spare.held?.kill() });
  return {
    templates: path.join(context.extensionPath, 'templates'),
    dist: path.join(context.extensionPath, 'dist'),
    cache: context.globalStorageUri.fsPath,
    spare,
  };
}

/** The folder a file lies in, else the only or first one. Throws `not-found` without an open folder. */
export function workspaceFolder(file?: vscode.Uri): vscode.WorkspaceFolder {
  const own = file ? vscode.workspace.getWorkspaceFolder(file) : undefined;
  const folder = own ?? vscode.workspace.workspaceFolders?.[0];
  if (folder) return folder;
  throw new SwitchbackError(
    'not-found',
    t('No folder is open. Open the folder that holds your migrations first.'),
  );
}

/** Throws `untrusted-workspace`: commands can be called even where they are not shown. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new SwitchbackError(
    'untrusted-workspace',
    t(
      'This workspace is not trusted, so nothing may connect or run. Run "Workspaces: Manage Workspace Trust" first.',
    ),
  );
}

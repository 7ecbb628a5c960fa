import * as vscode from 'vscode';
import type { Database } from '../../journey/database';
import type { JourneyContext } from '../../journey/workspace';
import { isSwitchbackError, SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { Prompt } from '../../ports/prompt';
import { journeyContext, requireTrust, workspaceFolder } from '../journey-context';
import { withProgress } from '../register-command';
import type { Services } from '../services';
import { readWorkspaceDefaults, type WorkspaceDefaults } from './workspace-defaults';

/** What the questions of a new document begin with. */
export interface Preparation {
  context: JourneyContext;
  defaults: WorkspaceDefaults;
  /** The database of this window, which answers what it knows; null without one. */
  database: Database | null;
}

/** Looks at the workspace before asking. Throws `untrusted-workspace`, `not-found` without a folder, `cancelled`. */
export async function prepare(services: Services): Promise<Preparation> {
  requireTrust();
  const context = await journeyContext(await chosenFolder(), services.assets);
  return {
    context,
    defaults: await readWorkspaceDefaults(context),
    database: services.database.current,
  };
}

/** Of several folders the user says which one; the active file's comes first. */
async function chosenFolder(): Promise<vscode.WorkspaceFolder> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length < 2) return workspaceFolder();
  const own = workspaceFolder(vscode.window.activeTextEditor?.document.uri);
  const picked = await vscode.window.showQuickPick(
    [own, ...folders.filter((folder) => folder !== own)].map((folder) => ({
      label: folder.name,
      description: folder.uri.fsPath,
      folder,
    })),
    { placeHolder: t('In which folder?'), ignoreFocusOut: true },
  );
  if (!picked) throw new SwitchbackError('cancelled', t('Cancelled.'));
  return picked.folder;
}

/** Writes with what the connected database knows; reading it can be stopped. `other` is what may be chosen anew. */
export async function write<T>(
  services: Services,
  { context, database }: Preparation,
  title: string,
  work: (context: JourneyContext, database: Database | null) => Promise<T>,
  other = t('Choose Another Title'),
): Promise<T> {
  const given = { ...context, prompt: namingPrompt(context.prompt, other) };
  if (!database || services.database.current !== database) return work(given, null);
  return withProgress(title, (progress, signal) =>
    services.database.exclusive((connected) => work({ ...given, progress, signal }, connected)),
  );
}

/** Thrown where the user wants another name for what is written. */
class AnotherName extends Error {}

/** Where a file is there already, another name is one of the answers. */
function namingPrompt(prompt: Prompt, other: string): Prompt {
  return {
    ...prompt,
    confirm: async (question) => {
      if (question.id !== 'overwrite') return prompt.confirm(question);
      const choices = [
        { label: other, detail: t('All other answers are kept'), another: true },
        { label: question.accept, detail: t('What is there is replaced'), another: false },
      ];
      const chosen = await vscode.window.showQuickPick(choices, {
        title: question.title,
        placeHolder: question.title,
        ignoreFocusOut: true,
      });
      if (chosen?.another) throw new AnotherName();
      return chosen !== undefined;
    },
  };
}

/**
 * Writes, and where a file of that name is there already says so and asks for another name, with all other answers
 * as they were. Throws `cancelled` when the user gives up.
 */
export async function underFreeName<T>(work: () => Promise<T>, askName: () => Promise<unknown>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (isSwitchbackError(error, 'already-done')) void vscode.window.showWarningMessage(error.sentence);
      else if (!(error instanceof AnotherName)) throw error;
      await askName();
    }
  }
}

import * as vscode from 'vscode';
import { t } from '../messages/translate';
import { driftPage } from './drift-page';
import { commandIds } from './ids';
import { requireTrust } from './journey-context';
import { aboutFile } from './migration-commands';
import { registerCommand } from './register-command';
import type { Services } from './services';

/** Compares what the history of a folder makes with what the connected database is. */
export function registerDriftCommand(services: Services): vscode.Disposable {
  return registerCommand(commandIds.showDrift, services.log, async (argument) => {
    requireTrust();
    services.database.require();
    const folder = folderOf(argument) ?? (await pickFolder(services));
    if (folder === null) return;
    const { findDrift } = await import('../journey/drift');
    const drift = await aboutFile(services, t('Comparing'), folder, (context) =>
      services.database.exclusive((database) => findDrift(context, database, { folder })),
    );
    await services.sqlDocuments.openPage(t('Drift of {0}', drift.label), driftPage(drift));
  });
}

function folderOf(argument: unknown): string | null {
  const node = argument as { kind?: unknown; folder?: { folder?: unknown } } | undefined;
  return node?.kind === 'folder' && typeof node.folder?.folder === 'string' ? node.folder.folder : null;
}

async function pickFolder(services: Services): Promise<string | null> {
  const folders = services.model.folders.flatMap((item) => item.folders);
  if (folders.length === 1) return folders[0]!.folder;
  const items = folders.map(({ folder, label, title }) => ({ label, description: title, folder }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: t('Whose history is compared with the database?'),
  });
  return picked?.folder ?? null;
}

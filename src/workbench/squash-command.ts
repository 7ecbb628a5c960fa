import * as vscode from 'vscode';
import { t } from '../messages/translate';
import { commandIds } from './ids';
import { requireTrust } from './journey-context';
import { aboutFile } from './migration-commands';
import { migrationLabel } from './migrations-tree';
import { confirm } from './prompt';
import { registerCommand } from './register-command';
import type { Services } from './services';
import { squashPage } from './squash-page';

/** Makes one migration of all up to a version; shown with its proof first, and written only when agreed to. */
export function registerSquashCommand(services: Services): vscode.Disposable {
  return registerCommand(commandIds.squashMigrations, services.log, async (argument) => {
    requireTrust();
    const chosen = await pickMigration(services, folderOf(argument));
    if (chosen === null) return;
    const { folder, version: to } = chosen;
    const { squashMigrations } = await import('../journey/squash');
    const squash = await aboutFile(services, t('Squashing'), folder, (context) =>
      squashMigrations(context, { folder, to }),
    );
    await services.sqlDocuments.openPage(t('Squashed {0}', squash.label), squashPage(squash));
    if (squash.differences.length > 0) return;
    await services.sqlDocuments.open(t('Squashed {0}', squash.label), squash.text);
    const agreed = await confirm(
      t('Replace {0} migrations by one?', squash.squashed),
      squash.moved.length === 1
        ? t(
            '{0} is written anew. 1 old file or folder moves to .switchback/squashed. No database is touched.',
            squash.path,
          )
        : t(
            '{0} is written anew. {1} old files and folders move to .switchback/squashed. No database is touched.',
            squash.path,
            squash.moved.length,
          ),
      t('Replace Them'),
    );
    if (!agreed) return;
    const written = await aboutFile(services, t('Squashing'), folder, (context) =>
      squashMigrations(context, { folder, to, write: true }),
    );
    // Watchers of some file systems tell late or nothing.
    await services.model.reload();
    void vscode.window.showInformationMessage(
      t('{0} takes the place of {1} migrations.', written.path, written.squashed),
    );
  });
}

interface Chosen {
  folder: string;
  version: string;
}

async function pickMigration(services: Services, folder: string | null): Promise<Chosen | null> {
  const items = services.model.folders
    .flatMap((item) => item.folders)
    .filter((item) => folder === null || item.folder === folder)
    .flatMap((item) =>
      item.statuses
        .filter(({ migration }) => migration !== null)
        .slice(1)
        .map((status) => ({
          label: migrationLabel(status),
          description: item.label,
          chosen: { folder: item.folder, version: status.version },
        })),
    );
  const picked = await vscode.window.showQuickPick(items.reverse(), {
    placeHolder: t('Up to which migration? All up to it, and it, become one.'),
    matchOnDescription: true,
  });
  return picked?.chosen ?? null;
}

function folderOf(argument: unknown): string | null {
  const node = argument as { kind?: unknown; folder?: { folder?: unknown } } | undefined;
  return node?.kind === 'folder' && typeof node.folder?.folder === 'string' ? node.folder.folder : null;
}

import path from 'node:path';
import * as vscode from 'vscode';
import type { VersionClash } from '../journey/version-clashes';
import { fileOfAddress } from '../layouts/migration-address';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { commandIds } from './ids';
import { requireTrust } from './journey-context';
import { aboutFile } from './migration-commands';
import { registerCommand } from './register-command';
import type { Services } from './services';
import { targetOf } from './targets';

/** Gives pending migrations the next versions of their folder, after a rebase or a change of branch. */
export function registerRenumberCommand(services: Services): vscode.Disposable {
  return registerCommand(commandIds.renumberMigration, services.log, async (argument) => {
    requireTrust();
    const files = await filesToRenumber(services, argument);
    if (files.length > 0) await renumber(services, files);
  });
}

async function renumber(services: Services, files: readonly string[]): Promise<void> {
  const { renumberMigrations } = await import('../journey/renumber');
  const { database } = services;
  const outcome = await aboutFile(services, t('Renumbering'), files[0]!, (context) => {
    const inEditor = { ...context, files: renamedInEditor(context.files) };
    return database.current
      ? database.exclusive((connected) => renumberMigrations(inEditor, connected, files))
      : renumberMigrations(inEditor, null, files);
  });
  if (!outcome) return;
  services.model.refreshSoon();
  const names = outcome.renamed.map(({ from, to }) => `${path.basename(from)} -> ${path.basename(to)}`);
  void vscode.window.showInformationMessage(t('Renumbered: {0}.', names.join(', ')));
}

/** Renames as the editor does it: open files follow, unsaved text stays, and it can be undone. */
function renamedInEditor(files: Files): Files {
  return {
    ...files,
    rename: async (from, to) => {
      const edit = new vscode.WorkspaceEdit();
      edit.renameFile(vscode.Uri.file(from), vscode.Uri.file(to), { overwrite: false });
      if (await vscode.workspace.applyEdit(edit)) return;
      throw new SwitchbackError(
        'invalid-file',
        t('{0} cannot be renamed to {1}. Check the folder and its permissions.', from, path.basename(to)),
      );
    },
  };
}

/** Of a clash or a migration of the view, else the editor's, else the ones that are picked; empty for none. */
async function filesToRenumber(services: Services, argument: unknown): Promise<string[]> {
  const clash = clashOf(argument);
  if (clash) return clash.kind === 'late' ? clash.renumber : pick(clash.renumber);
  const target = targetOf(services, argument);
  if (target?.kind === 'migration') return [fileOfAddress(target.file)];
  const folders = services.model.folders.flatMap((item) => item.folders);
  const clashing = folders.flatMap(({ clashes }) => clashes.flatMap((each) => each.renumber));
  const pending = folders.flatMap(({ statuses }) =>
    statuses.flatMap(({ state, migration }) => (state === 'pending' && migration ? [migration.upPath] : [])),
  );
  return pick(clashing.length > 0 ? clashing : pending);
}

function clashOf(argument: unknown): VersionClash | null {
  if (typeof argument !== 'object' || argument === null || !('clash' in argument)) return null;
  return (argument.clash as VersionClash | undefined) ?? null;
}

async function pick(files: readonly string[]): Promise<string[]> {
  const items = [...new Set(files)].map((file) => ({
    label: path.basename(file),
    description: vscode.workspace.asRelativePath(path.dirname(file)),
    file,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: t('Which migration gets the next version?'),
    matchOnDescription: true,
  });
  return picked ? [picked.file] : [];
}

import path from 'node:path';
import * as vscode from 'vscode';
import type { EmittedSql } from '../journey/emitted-sql';
import type { MigrationFolder } from '../journey/migrations';
import type { JourneyContext } from '../journey/workspace';
import type { Direction } from '../layouts/layout';
import { errorText, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { forecastDocument } from './forecast-text';
import { commandIds } from './ids';
import { journeyContext, requireTrust, workspaceFolder } from './journey-context';
import { aboutFile, rehearsedFile } from './migration-commands';
import { showWritten } from './new-document/show-written';
import { registerCommand, withProgress } from './register-command';
import type { Services } from './services';
import { targetOf } from './targets';

/** What the team's own tool is asked for: a new migration, and the SQL that one in code sends. */
export function registerToolCommands(services: Services): vscode.Disposable[] {
  const { log } = services;
  return [
    registerCommand(commandIds.generateMigration, log, () => generate(services)),
    registerCommand(commandIds.showEmittedSql, log, async (argument: unknown) => {
      const target = targetOf(services, argument);
      if (target?.kind === 'migration') await showEmittedSql(services, target.file);
    }),
  ];
}

async function generate(services: Services): Promise<void> {
  requireTrust();
  const { generateMigration } = await import('../journey/generate-migration');
  const folder = workspaceFolder(vscode.window.activeTextEditor?.document.uri);
  const context = await journeyContext(folder, services.assets);
  const chosen = await chooseFolder(context);
  const name = await vscode.window.showInputBox({
    title: t('New Migration by {0}', chosen.title),
    prompt: t('Words for its name'),
    ignoreFocusOut: true,
    validateInput: (text) =>
      /[\p{L}\p{N}]/u.test(text) ? undefined : t('The name of the file needs a letter or a digit.'),
  });
  if (name === undefined) throw new SwitchbackError('cancelled', t('Cancelled.'));
  const written = await withProgress(t('New Migration by {0}', chosen.title), (progress, signal) =>
    generateMigration({ ...context, progress, signal }, services.database.current, chosen, name.trim()),
  );
  services.model.refreshSoon();
  await showWritten(written);
  const rehearsed = await rehearsedWords(services, written[0]!);
  void offerNext(services, written[0]!, rehearsed);
}

/** What a generator wrote was judged by nobody: it goes up, down and up again at once. */
async function rehearsedWords(services: Services, file: string): Promise<string> {
  try {
    const { verdict, shadow } = await rehearsedFile(services, file);
    return t('Its rollback: {0} ({1}).', verdict, shadow);
  } catch (error) {
    services.log.info(errorText(error));
    return t('Its rollback could not be rehearsed: {0}', errorText(error));
  }
}

async function chooseFolder(context: JourneyContext): Promise<MigrationFolder> {
  const { generatingFolders } = await import('../journey/generate-migration');
  const folders = await generatingFolders(context);
  if (folders.length === 0) {
    throw new SwitchbackError(
      'not-found',
      t(
        'No migration tool of this workspace has a generator that Switchback knows. Use "New Migration (Up and Down)…", or name its command under "toolCommands" in .switchback/config.json.',
      ),
    );
  }
  if (folders.length === 1) return folders[0]!;
  const chosen = await vscode.window.showQuickPick(
    folders.map((folder) => ({ label: folder.label, description: folder.title, folder })),
    { placeHolder: t('Into which folder?'), ignoreFocusOut: true },
  );
  if (!chosen) throw new SwitchbackError('cancelled', t('Cancelled.'));
  return chosen.folder;
}

/** Its forecast stands above it in the editor; the whole of it, and a plan, are one key away. */
async function offerNext(services: Services, file: string, rehearsed: string): Promise<void> {
  const forecast = t('Show Forecast');
  const rehearse = t('Rehearse');
  const plan = t('Plan a Change');
  const chosen = await vscode.window.showInformationMessage(
    t(
      '{0} is new. {1} See what it locks before it runs anywhere, or plan the change in safe phases.',
      path.basename(file),
      rehearsed,
    ),
    forecast,
    rehearse,
    plan,
  );
  const uri = vscode.Uri.file(file);
  if (chosen === forecast) await vscode.commands.executeCommand(commandIds.forecast, uri);
  if (chosen === rehearse) await vscode.commands.executeCommand(commandIds.rehearse, uri);
  if (chosen === plan) await vscode.commands.executeCommand(commandIds.planChange);
}

async function showEmittedSql(services: Services, file: string): Promise<void> {
  requireTrust();
  const { emittedSql } = await import('../journey/emitted-sql');
  const { lintText } = await import('../journey/lint');
  const { newLintMemory } = await import('../journey/lint-memory');
  const database = services.database.current;
  const { direction, readOnly } = await chooseEmitted(services, file);
  const { emitted, linted } = await aboutFile(services, t('Reading'), file, async (context) => {
    const own = await emittedSql(context, database, file, direction, readOnly);
    const asFile = path.join(context.workspace.root, `emitted.${direction}.sql`);
    const memory = newLintMemory({ watched: false });
    return { emitted: own, linted: await lintText(context, asFile, own.sql, { database: null, memory }) };
  });
  const { text } = forecastDocument(
    { ...linted, path: emittedLabel(path.basename(file), emitted) },
    emitted.sql,
    null,
  );
  await services.sqlDocuments.open(t('SQL of {0}', path.basename(file)), text);
}

function emittedLabel(name: string, { by, title, because }: EmittedSql): string {
  switch (by) {
    case 'tool':
      return t('{0}, as {1} prints it', name, title);
    case 'captured':
      return t('{0}, as {1} ran it in a shadow database', name, title);
    case 'text':
      return because === null
        ? t('{0}, what can be read in it', name)
        : t('{0}, what can be read in it. {1}', name, because.replace(/\s+/g, ' '));
  }
}

/** Running the project's tool is asked for first: its settings decide what it reaches. Throws `cancelled`. */
async function chooseEmitted(
  services: Services,
  file: string,
): Promise<{ direction: Direction; readOnly: boolean }> {
  const { emittableOf } = await import('../journey/emitted-sql');
  const { by, title, directions } = await aboutFile(services, t('Reading'), file, (context) =>
    emittableOf(context, file),
  );
  const words = { up: t('Up'), down: t('Down') };
  const choices = directions.flatMap((direction) => {
    const read = {
      label: t('{0}: what can be read in the file', words[direction]),
      detail: t('Nothing is run. What calls of a builder make is not in it.'),
      answer: { direction, readOnly: true },
    };
    if (by === 'text') return [read];
    const run =
      by === 'tool'
        ? { label: t('{0}: as {1} prints it', words[direction], title), detail: undefined }
        : {
            label: t('{0}: as {1} runs it in a shadow database', words[direction], title),
            detail: t(
              'In a PostgreSQL of Switchback on this machine, which {0} is led to by DATABASE_URL and the PG* variables.',
              title,
            ),
          };
    return [{ ...run, answer: { direction, readOnly: false } }, ...(by === 'captured' ? [read] : [])];
  });
  if (choices.length === 1) return choices[0]!.answer;
  const chosen = await vscode.window.showQuickPick(choices, {
    title: t('SQL of {0}', path.basename(file)),
    ignoreFocusOut: true,
  });
  if (!chosen) throw new SwitchbackError('cancelled', t('Cancelled.'));
  return chosen.answer;
}

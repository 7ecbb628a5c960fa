import path from 'node:path';
import * as vscode from 'vscode';
import type { Connection, FoundConnection } from '../database/connection';
import type { Secret } from '../journey/database';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { ConnectionNode } from './connections-tree';
import {
  actionAgain,
  blankConnection,
  connectQuestions,
  type ConnectAnswers,
  type ConnectChoices,
} from './connect-steps';
import { commandIds } from './ids';
import { savedOf, weakenedIn } from './known-connection';
import { journeyContext, requireTrust, workspaceFolder } from './journey-context';
import { askQuestions } from './multi-step-input';
import { confirm } from './prompt';
import { isCancelled, registerCommand, sentenceOf, withProgress } from './register-command';
import type { Services } from './services';

/** Connect, use the embedded database, disconnect, forget. */
export function registerConnectionCommands(services: Services): vscode.Disposable[] {
  const { log } = services;
  return [
    registerCommand(commandIds.connect, log, () => connect(services)),
    registerCommand(commandIds.connectSaved, log, (node) =>
      connectSaved(services, (node as ConnectionNode).connection),
    ),
    registerCommand(commandIds.useEmbedded, log, () => useEmbedded(services)),
    registerCommand(commandIds.disconnect, log, () => services.database.disconnect()),
    registerCommand(commandIds.forgetConnection, log, (node) =>
      forget(services, node as ConnectionNode | undefined),
    ),
  ];
}

/** Asks for a connection, tests or opens it, and keeps it once it worked. */
export async function connect(services: Services): Promise<void> {
  requireTrust();
  const title = t('Connect to a Database');
  const choices = { found: await findInWorkspace(services), saved: services.connections.list() };
  const answers = firstAnswers(choices);
  await askQuestions(title, connectQuestions(choices), answers);
  await agreeToWeaken(services, answers);
  for (;;) {
    if (answers.source === 'embedded') return useEmbedded(services);
    if (answers.source === 'saved') return connectSaved(services, answers.connection);
    if (answers.action === 'connect') {
      await open(services, answers.connection, answers.password);
      return services.connections.save(answers.connection, answers.password);
    }
    await test(services, answers);
    await askQuestions(title, actionAgain, answers);
  }
}

/**
 * Asks before a saved connection is replaced by one that guards less: its stored password is sent as the new one says.
 * Enter keeps it as it is saved. Throws `cancelled` when the question is closed.
 */
async function agreeToWeaken(services: Services, answers: ConnectAnswers): Promise<void> {
  const known = savedOf(services.connections.list(), answers.connection);
  if (!known || answers.source === 'embedded') return;
  const weakened = weakenedIn(known, answers.connection);
  if (weakened.length === 0) return;
  const keep = t('Keep It as Saved');
  const weaken = t('Weaken It');
  const chosen = await vscode.window.showWarningMessage(
    t('{0} is saved with more protection than this.', known.name),
    { modal: true, detail: weakened.join('\n') },
    keep,
    weaken,
  );
  if (chosen === undefined) throw new SwitchbackError('cancelled', t('Cancelled.'));
  if (chosen === keep) answers.connection = known;
}

/** What Enter takes at once: a saved connection, else one that was found, else a URL. */
function firstAnswers({ saved, found }: ConnectChoices): ConnectAnswers {
  const [first] = found;
  return {
    source: saved.length > 0 ? 'saved' : first ? 'found' : 'url',
    connection: saved.length === 0 && first ? first.connection : blankConnection(),
    password: saved.length === 0 && first ? first.password : null,
    action: 'connect',
  };
}

async function findInWorkspace(services: Services): Promise<FoundConnection[]> {
  if (!vscode.workspace.workspaceFolders) return [];
  try {
    const { findConnections } = await import('../journey/connections');
    return await findConnections(await journeyContext(workspaceFolder(), services.assets));
  } catch (error) {
    // What cannot be read in the workspace must not keep anybody from typing a connection.
    services.log.error('looking for connections', error);
    return [];
  }
}

/** Test takes the same way as Connect, and closes again. */
async function test(services: Services, { connection, password }: ConnectAnswers): Promise<void> {
  try {
    const version = await withProgress(t('Testing {0}', connection.name), async (_progress, signal) => {
      const { openDatabase } = await import('../journey/database');
      const database = await openDatabase(connection, secretOf(services, connection, password), signal);
      const { facts } = database.session;
      await database.close();
      return facts.version;
    });
    void vscode.window.showInformationMessage(t('{0} answers: PostgreSQL {1}.', connection.name, version));
  } catch (error) {
    if (isCancelled(error)) return;
    services.log.error(connection.name, error);
    void vscode.window.showErrorMessage(sentenceOf(error));
  }
}

function secretOf(services: Services, connection: Connection, typed: string | null): Secret {
  return async () => typed ?? (await services.connections.password(connection.id));
}

async function open(services: Services, connection: Connection, password: string | null): Promise<void> {
  await withProgress(t('Connecting to {0}', connection.name), (_progress, signal) =>
    services.database.connect(connection, secretOf(services, connection, password), signal),
  );
}

async function connectSaved(services: Services, connection: Connection): Promise<void> {
  requireTrust();
  if (connection.kind === 'embedded') return useEmbedded(services);
  try {
    await open(services, connection, null);
  } catch (error) {
    if (!isSwitchbackError(error, 'authentication')) throw error;
    services.log.error(connection.name, error);
    const password = await vscode.window.showInputBox({
      title: connection.name,
      prompt: t('{0} Type the password.', error.sentence),
      password: true,
      ignoreFocusOut: true,
    });
    if (password === undefined) return;
    await open(services, connection, password);
    // Only a password that worked replaces the stored one.
    await services.connections.save(connection, password);
  }
}

/** Starts the database that needs no installation, says what it cannot do, and connects to it. */
export async function useEmbedded(services: Services): Promise<void> {
  requireTrust();
  const { openEmbeddedDatabase } = await import('../journey/embedded');
  const folder = path.join(services.assets.cache, 'embedded');
  const embedded = await withProgress(t('Starting the embedded database'), async (progress, signal) =>
    openEmbeddedDatabase(await journeyContext(workspaceFolder(), services.assets, progress, signal), {
      folder,
    }),
  );
  await services.database.adopt(embedded.database, () => embedded.dispose());
  for (const limit of embedded.limits) services.log.info(limit);
  if (embedded.limits.length > 0) {
    void vscode.window.showInformationMessage(
      t('Connected to the embedded database. {0}', embedded.limits.join(' ')),
    );
  }
}

async function forget(services: Services, node: ConnectionNode | undefined): Promise<void> {
  const connection = node?.connection ?? (await pickSaved(services));
  if (!connection) return;
  const agreed = await confirm(
    t('Forget the connection {0}?', connection.name),
    t('Its settings and its stored password are removed from this machine.'),
    t('Forget'),
  );
  if (!agreed) return;
  if (services.database.current?.connection.id === connection.id) await services.database.disconnect();
  await services.connections.forget(connection.id);
}

async function pickSaved(services: Services): Promise<Connection | undefined> {
  const items = services.connections.list().map((connection) => ({
    label: connection.name,
    description: `${connection.host}/${connection.database}`,
    connection,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: t('Which connection?') });
  return picked?.connection;
}

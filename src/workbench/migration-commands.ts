import path from 'node:path';
import * as vscode from 'vscode';
import type { AppliedOutcome } from '../journey/outcomes';
import type { JourneyContext } from '../journey/workspace';
import { t } from '../messages/translate';
import { askRows } from './ask-rows';
import { duration } from './format';
import { forecastDocument } from './forecast-text';
import { journeyContext, requireTrust, workspaceFolder } from './journey-context';
import { confirm } from './prompt';
import { withProgress } from './register-command';
import type { Services } from './services';
import { dryRunView } from './wizard/dry-run-view';
import { rehearsalView } from './wizard/report-view';
import type { Migration } from '../layouts/layout';
import { isAddressOf } from '../layouts/migration-address';
import { migrationTitle } from '../layouts/migration-title';
import type { RehearsalView } from '../protocol/wizard-state';
import { begunRehearsals } from './rehearsal-memory';

/** Runs something about a migration file, with progress and a way to stop it. */
export function aboutFile<T>(
  services: Services,
  title: string,
  file: string,
  work: (context: JourneyContext) => Promise<T>,
): Promise<T> {
  requireTrust();
  return withProgress(title, async (progress, signal) =>
    work(await journeyContext(workspaceFolder(vscode.Uri.file(file)), services.assets, progress, signal)),
  );
}

/** Applies what a file holds the way its tool would. */
export async function applyFile(services: Services, file: string): Promise<void> {
  const journey = await import('../journey/apply-several');
  const outcome = await aboutFile(services, t('Applying'), file, (context) =>
    services.database.exclusive((database) => journey.applyFile(context, database, file)),
  );
  services.model.refreshSoon();
  const done = [outcome].flat();
  void vscode.window.showInformationMessage(
    t('Applied {0} in {1}.', named(done), duration(millisecondsOf(done))),
  );
}

function named(done: readonly AppliedOutcome[]): string {
  return done.map(migrationTitle).join(', ');
}

function millisecondsOf(done: readonly AppliedOutcome[]): number {
  return done.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
}

/** Rolls what a file holds back by its down script, after asking. */
export async function rollBackFile(services: Services, file: string): Promise<void> {
  const asked = services.database.require();
  const agreed = await confirm(
    t('Roll back {0}?', vscode.workspace.asRelativePath(file)),
    t('Its down script runs on {0}.', asked.sessions.label),
    t('Roll Back'),
  );
  if (!agreed) return;
  const journey = await import('../journey/apply-several');
  const outcome = await aboutFile(services, t('Rolling back'), file, (context) =>
    services.database.exclusive((database) => journey.rollBackFile(context, database, file), asked),
  );
  services.model.refreshSoon();
  const done = [outcome].flat();
  void vscode.window.showInformationMessage(
    t('Rolled back {0} in {1}.', named(done), duration(millisecondsOf(done))),
  );
}

/** Tries one migration and takes it back. */
export async function dryRunFile(services: Services, file: string): Promise<void> {
  const { dryRunMigration } = await import('../journey/dry-run');
  const result = await aboutFile(services, t('Dry run'), file, (context) =>
    services.database.exclusive((database) => dryRunMigration(context, database, file)),
  );
  const view = dryRunView(result);
  const text = [view.title, view.where, ...view.lines.map((line) => `${line.step}: ${line.text}`)].join('\n');
  services.log.info(text);
  const message = `${view.title} ${view.where}`;
  const log = t('Show Log');
  const chosen = await (view.tone === 'bad'
    ? vscode.window.showErrorMessage(message, log)
    : vscode.window.showInformationMessage(message, log));
  if (chosen === log) services.log.show();
}

/** Up, down and up again in a shadow database; the verdict is kept for the lens. */
export async function rehearsedFile(services: Services, file: string): Promise<RehearsalView> {
  const { rehearseMigrations } = await import('../journey/rehearse');
  const begun = await begunRehearsals(migrationsIn(services, file));
  const rehearsal = await aboutFile(services, t('Rehearsing the rollback'), file, async (context) => {
    const asked = services.database.current;
    const data = await askRows(context, asked?.sessions.label ?? null);
    if (data === null) return rehearseMigrations(context, { files: [file] });
    return services.database.exclusive(
      (base) => rehearseMigrations(context, { files: [file], base, data }),
      asked,
    );
  });
  await services.rehearsals.keep(begun, rehearsal);
  return rehearsalView(rehearsal);
}

/** Rehearses a file and says what came of it. */
export async function rehearseFile(services: Services, file: string): Promise<void> {
  const view = await rehearsedFile(services, file);
  const lines = view.migrations.map(
    (item) => `${item.title}: ${item.verdict}${item.detail ? `. ${item.detail}` : ''}`,
  );
  services.log.info([view.verdict, view.shadow, ...lines].join('\n'));
  const message = `${view.verdict}: ${lines.join('; ')} (${view.shadow})`;
  const log = t('Show Log');
  const chosen = await (view.tone === 'good'
    ? vscode.window.showInformationMessage(message, log)
    : vscode.window.showWarningMessage(message, log));
  if (chosen === log) services.log.show();
}

function migrationsIn({ model }: Services, address: string): Migration[] {
  return model.folders
    .flatMap(({ folders }) => folders)
    .flatMap(({ migrations }) => migrations)
    .filter((migration) => isAddressOf(address, migration));
}

/** Shows what each statement of a migration locks, rewrites and blocks. Runs nothing of the workspace. */
export async function forecastFile(services: Services, file: string, statement?: number): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file);
  const linted = await withProgress(t('Forecast'), () => services.lint.freshResult(document));
  const label = vscode.workspace.asRelativePath(file);
  const { text, lines } = forecastDocument(
    { ...linted, path: label },
    document.getText(),
    services.database.current?.connection.name ?? null,
  );
  await services.sqlDocuments.open(
    t('Forecast of {0}', path.basename(file, '.sql')),
    text,
    lines.get(statement ?? -1),
  );
}

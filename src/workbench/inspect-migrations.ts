import * as vscode from 'vscode';
import type { RepairOffer, RepairReport, RepairRun } from '../journey/repair-migration';
import { migrationAddress } from '../layouts/migration-address';
import { migrationTitle } from '../layouts/migration-title';
import { t } from '../messages/translate';
import { comparisonPage } from './comparison-page';
import { commandIds } from './ids';
import { requireTrust } from './journey-context';
import { aboutFile } from './migration-commands';
import { stateWord } from './migration-words';
import { migrationLabel } from './migrations-tree';
import { registerCommand } from './register-command';
import { repairPage, runTitle } from './repair-page';
import type { Services } from './services';
import { targetOf } from './targets';

/** Looking at what the database has of a migration: compared with its file, and repaired where it broke off. */
export function registerInspectMigrations(services: Services): vscode.Disposable[] {
  return [
    registerCommand(commandIds.compareMigration, services.log, (argument) => compare(services, argument)),
    registerCommand(commandIds.repairMigration, services.log, (argument) => repair(services, argument)),
  ];
}

type Compared = { file: string } | { folder: string };

async function compare(services: Services, argument: unknown): Promise<void> {
  requireTrust();
  const asked = services.database.require();
  const target = comparedOf(services, argument) ?? (await pickCompared(services));
  if (target === null) return;
  const { compareMigrations } = await import('../journey/compare-migration');
  const place = 'file' in target ? target.file : target.folder;
  const comparison = await aboutFile(services, t('Comparing'), place, (context) =>
    services.database.exclusive(({ session }) => compareMigrations(context, session, target), asked),
  );
  const [only] = comparison.migrations;
  const title = 'file' in target && only ? migrationTitle(only) : comparison.label;
  await services.sqlDocuments.openPage(
    t('Compared {0}', title),
    comparisonPage(comparison, asked.sessions.label),
  );
}

function comparedOf(services: Services, argument: unknown): Compared | null {
  if (isFolderNode(argument)) return { folder: argument.folder.folder };
  const target = targetOf(services, argument);
  return target?.kind === 'migration' ? { file: target.file } : null;
}

function isFolderNode(argument: unknown): argument is { kind: 'folder'; folder: { folder: string } } {
  return (argument as { kind?: unknown } | undefined)?.kind === 'folder';
}

async function pickCompared(services: Services): Promise<Compared | null> {
  const folders = services.model.folders.flatMap((item) => item.folders);
  const whole = folders.map((folder): vscode.QuickPickItem & { target: Compared } => ({
    label: t('All of {0}', folder.label),
    description: folder.title,
    target: { folder: folder.folder },
  }));
  const picked = await vscode.window.showQuickPick([...whole, ...migrationItems(services, () => true)], {
    placeHolder: t('Compare what with the database?'),
  });
  return picked?.target ?? null;
}

interface MigrationItem extends vscode.QuickPickItem {
  target: { file: string };
}

function migrationItems(services: Services, isOffered: (state: string) => boolean): MigrationItem[] {
  return services.model.folders
    .flatMap((item) => item.folders)
    .flatMap((folder) => folder.statuses)
    .filter(({ state }) => isOffered(state))
    .flatMap((status) =>
      status.migration
        ? [
            {
              label: migrationLabel(status),
              description: stateWord(status.state),
              target: { file: migrationAddress(status.migration) },
            },
          ]
        : [],
    );
}

/** Shows what it left first; nothing is touched before a choice, which asks once more. */
async function repair(services: Services, argument: unknown): Promise<void> {
  requireTrust();
  const asked = services.database.require();
  const file = await brokenFile(services, argument);
  if (file === null) return;
  const { inspectMigration, repairMigration } = await import('../journey/repair-migration');
  const report = await aboutFile(services, t('Looking at what it left'), file, (context) =>
    services.database.exclusive((database) => inspectMigration(context, database, file), asked),
  );
  await services.sqlDocuments.openPage(
    t('Repair {0}', migrationTitle(report)),
    repairPage(report, asked.sessions.label),
  );
  const chosen = await pickRepair(report);
  if (chosen === null) return;
  const { run, offer } = chosen;
  if (offer === null) {
    await vscode.window.showTextDocument(vscode.Uri.file(run.path));
    return;
  }
  try {
    const outcome = await aboutFile(services, t('Repairing'), file, (context) =>
      services.database.exclusive((database) => repairMigration(context, database, run, offer), asked),
    );
    if (outcome) {
      void vscode.window.showInformationMessage(t('{0} is repaired.', migrationTitle(outcome)));
    }
  } finally {
    services.model.refreshSoon();
  }
}

/** The migration that was named, else the only one that failed, else the pending one in front, else one that is picked. */
async function brokenFile(services: Services, argument: unknown): Promise<string | null> {
  const target = targetOf(services, argument);
  const named = target?.kind === 'migration' ? target.file : null;
  if (argument !== undefined && named !== null) return named;
  const failed = migrationItems(services, (state) => state === 'failed');
  if (failed.length === 1) return failed[0]!.target.file;
  const isPending = named !== null && services.model.migrationOf(named)?.status.state === 'pending';
  if (failed.length === 0 && isPending) return named;
  const offered = failed.length > 0 ? failed : migrationItems(services, (state) => state === 'pending');
  const picked = await vscode.window.showQuickPick(offered, {
    placeHolder: t('Which migration broke off?'),
  });
  return picked?.target.file ?? null;
}

interface RepairChoice {
  run: RepairRun;
  /** null: its file is opened. */
  offer: RepairOffer | null;
}

async function pickRepair(report: RepairReport): Promise<RepairChoice | null> {
  const items = report.runs.flatMap((run): (vscode.QuickPickItem & RepairChoice)[] => [
    ...run.offers.map((offer) => ({
      label: offer.title,
      description: runTitle(run),
      detail: offer.detail,
      run,
      offer,
    })),
    { label: t('Open the File'), description: vscode.workspace.asRelativePath(run.path), run, offer: null },
  ]);
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Repair {0}', migrationTitle(report)),
    placeHolder: t('Nothing was touched yet. What is to be done?'),
    ignoreFocusOut: true,
  });
  return picked ?? null;
}

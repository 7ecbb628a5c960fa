import * as vscode from 'vscode';
import type { AppliedOutcome } from '../journey/outcomes';
import { t } from '../messages/translate';
import { commandIds } from './ids';
import { aboutFile } from './migration-commands';
import { requireTrust } from './journey-context';
import { registerCommand } from './register-command';
import type { Services } from './services';
import { targetOf } from './targets';
import { migrationTitle } from '../layouts/migration-title';

/** What the Migrations view does with a migration and those before or behind it, and with its history row alone. */
export function registerSeveralMigrations(services: Services): vscode.Disposable[] {
  const { log } = services;
  const onFile =
    (work: (services: Services, file: string) => Promise<void>) =>
    async (argument: unknown): Promise<void> => {
      requireTrust();
      const target = targetOf(services, argument);
      if (target?.kind === 'migration') await work(services, target.file);
    };
  return [
    registerCommand(commandIds.applyToHere, log, onFile(applyToHere)),
    registerCommand(commandIds.rollBackToHere, log, onFile(rollBackToHere)),
    registerCommand(
      commandIds.markApplied,
      log,
      onFile((own, file) => mark(own, file, 'applied')),
    ),
    registerCommand(
      commandIds.markNotApplied,
      log,
      onFile((own, file) => mark(own, file, 'not-applied')),
    ),
  ];
}

async function applyToHere(services: Services, file: string): Promise<void> {
  const { applyUpTo } = await import('../journey/apply-several');
  const done = await changing(services, () =>
    aboutFile(services, t('Applying'), file, (context) =>
      services.database.exclusive((database) => applyUpTo(context, database, file)),
    ),
  );
  tell(t('Applied: {0}.', named(done)));
}

async function rollBackToHere(services: Services, file: string): Promise<void> {
  const { rollBackTo } = await import('../journey/apply-several');
  const done = await changing(services, () =>
    aboutFile(services, t('Rolling back'), file, (context) =>
      services.database.exclusive((database) => rollBackTo(context, database, file)),
    ),
  );
  if (done) tell(t('Rolled back: {0}.', named(done)));
}

async function mark(services: Services, file: string, as: 'applied' | 'not-applied'): Promise<void> {
  const { markMigration } = await import('../journey/apply-file');
  const outcome = await changing(services, () =>
    aboutFile(services, t('Marking'), file, (context) =>
      services.database.exclusive((database) => markMigration(context, database, file, as)),
    ),
  );
  if (!outcome) return;
  tell(
    as === 'applied'
      ? t('{0} is marked as applied. Nothing of it ran.', migrationTitle(outcome))
      : t('{0} is marked as not applied. Nothing was taken back.', migrationTitle(outcome)),
  );
}

/** What is done stays done when a later one fails: the view shows it either way. */
async function changing<T>(services: Services, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    services.model.refreshSoon();
  }
}

function named(outcomes: readonly AppliedOutcome[]): string {
  return outcomes.map(migrationTitle).join(', ');
}

function tell(sentence: string): void {
  void vscode.window.showInformationMessage(sentence);
}

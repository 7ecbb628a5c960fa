import type * as vscode from 'vscode';
import { commandIds } from '../ids';
import { registerCommand } from '../register-command';
import type { Services } from '../services';
import { createChecklist } from './new-checklist';
import { createMigration } from './new-migration';
import { createPlanDocument } from './new-plan-document';
import { createRunbook } from './new-runbook';
import { createScriptSet } from './new-script-set';

/** What can be had by itself, with no plan and no database: a document, a migration, a set of scripts. */
export function registerNewCommands(services: Services): vscode.Disposable[] {
  const { log } = services;
  return [
    registerCommand(commandIds.newPlanDocument, log, () => createPlanDocument(services)),
    registerCommand(commandIds.newRunbook, log, () => createRunbook(services)),
    registerCommand(commandIds.newMigration, log, () => createMigration(services)),
    registerCommand(commandIds.newScriptSet, log, () => createScriptSet(services)),
    registerCommand(commandIds.newChecklist, log, () => createChecklist(services)),
  ];
}

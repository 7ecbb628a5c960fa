import path from 'node:path';
import * as vscode from 'vscode';
import type { ExportOutcome } from '../../journey/export-plan';
import { t } from '../../messages/translate';
import { commandIds } from '../ids';
import { requireTrust } from '../journey-context';
import { aboutFile } from '../migration-commands';
import { registerCommand } from '../register-command';
import type { Services } from '../services';
import { pickPlan } from '../targets';
import { PlanFiles } from './plan-files';
import { PlanLanguage } from './plan-language';
import { PlanPreviews } from './plan-previews';
import { shownLanguage } from '../translations';

/** plan.md as a document: help in its front matter, Open Plan Preview and Export Plan to HTML…. */
export function registerPlanDocument(services: Services): vscode.Disposable[] {
  const { log } = services;
  const files = new PlanFiles(services);
  const previews = new PlanPreviews(services);
  return [
    files,
    previews,
    new PlanLanguage(services, files),
    registerCommand(commandIds.openPlanPreview, log, async (argument) => {
      const folder = await planFolderOf(services, files, argument);
      if (folder !== null) await previews.show(folder);
    }),
    registerCommand(commandIds.exportPlan, log, async (argument, choices) => {
      requireTrust();
      const folder = await planFolderOf(services, files, argument);
      if (folder !== null) await exportHtml(services, folder, choices);
    }),
  ];
}

/** Of a file or a node of the plans, else of the plan.md that is being edited, else of the plan that is picked. */
async function planFolderOf(services: Services, files: PlanFiles, argument: unknown): Promise<string | null> {
  const file = argument instanceof vscode.Uri ? argument : undefined;
  const active = argument === undefined ? vscode.window.activeTextEditor?.document.uri : undefined;
  const open = file ?? active;
  const folder = open ? files.planFolder(open) : null;
  return folder ?? (await pickPlan(services, file ? undefined : argument))?.folder ?? null;
}

interface ExportChoices {
  /** Absolute. */
  file: string;
  all: boolean;
}

/** `choices`, as a key binding may give them, ask nothing. */
async function exportHtml(services: Services, planFolder: string, choices: unknown): Promise<void> {
  const chosen = isChoices(choices) ? choices : await askChoices(planFolder);
  if (chosen === null) return;
  const { exportPlan } = await import('../../journey/export-plan');
  const outcome = await aboutFile(services, t('Exporting the plan'), planFolder, (context) =>
    exportPlan(context, { planFolder, ...chosen, language: shownLanguage() }),
  );
  sayWritten(outcome);
}

function sayWritten({ file, documents }: ExportOutcome): void {
  const open = t('Open in Browser');
  const sentence =
    documents.length === 1
      ? t('{0} is written.', path.basename(file))
      : t('{0} is written, with {1} documents.', path.basename(file), documents.length);
  // Waiting for the answer would keep the command from ending.
  void vscode.window.showInformationMessage(sentence, open).then((answer) => {
    if (answer === open) void vscode.env.openExternal(vscode.Uri.file(file));
  });
}

async function askChoices(planFolder: string): Promise<ExportChoices | null> {
  const items = [
    { label: t('The Plan'), detail: t('plan.md alone'), all: false },
    {
      label: t('Every Document'),
      detail: t('plan.md, the runbook, the checklist and all others of its folder, in one file'),
      all: true,
    },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Export Plan to HTML'),
    placeHolder: t('What goes into the file?'),
    ignoreFocusOut: true,
  });
  if (!picked) return null;
  const file = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(planFolder, 'plan.html')),
    filters: { HTML: ['html'] },
    title: t('Export Plan to HTML'),
  });
  return file ? { file: file.fsPath, all: picked.all } : null;
}

function isChoices(choices: unknown): choices is ExportChoices {
  if (typeof choices !== 'object' || choices === null) return false;
  const { file, all } = choices as Partial<ExportChoices>;
  return typeof file === 'string' && path.isAbsolute(file) && typeof all === 'boolean';
}

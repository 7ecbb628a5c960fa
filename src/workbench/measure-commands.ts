import path from 'node:path';
import * as vscode from 'vscode';
import { fileOfAddress } from '../layouts/migration-address';
import { t } from '../messages/translate';
import { editorFiles } from './editor-files';
import { measuredPage, measuredReport } from './forecast/measured-page';
import { commandIds } from './ids';
import { journeyContext, requireTrust, workspaceFolder } from './journey-context';
import { registerCommand, withProgress } from './register-command';
import type { Services } from './services';
import { pickMigration } from './targets';

/** Measuring what was forecast. */
export function registerMeasureCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand(commandIds.measureInShadow, services.log, async (argument) => {
      requireTrust();
      const file = await pickMigration(services, argument);
      if (file !== null) await measureInShadow(services, fileOfAddress(file));
    }),
    registerCommand(commandIds.measureServer, services.log, () => measureConnectedServer(services)),
  ];
}

/** Runs each statement of a migration in a shadow database and shows forecast and measurement side by side. */
async function measureInShadow(services: Services, file: string): Promise<void> {
  const { measureFile } = await import('../journey/measure');
  const uri = vscode.Uri.file(file);
  const text = (await vscode.workspace.openTextDocument(uri)).getText();
  const measured = await withProgress(t('Measuring in a shadow database'), async (progress, signal) => {
    const context = await journeyContext(workspaceFolder(uri), services.assets, progress, signal);
    const { serverMajor } = context.workspace.configuration;
    const database = services.database.current;
    return measureFile({ ...context, files: editorFiles(context.files) }, file, {
      text,
      database,
      serverMajor,
    });
  });
  const label = vscode.workspace.asRelativePath(file);
  const name = path.basename(file);
  await services.sqlDocuments.openPage(
    t('Measured {0}', path.basename(name, '.sql')),
    measuredPage(measured, name, text),
  );
  const report = measuredReport(measured, text);
  if (report === '') return;
  const copy = t('Copy Report');
  const chosen = await vscode.window.showWarningMessage(
    t('Forecast and server differ on {0}. That is a mistake of Switchback; please report it.', label),
    copy,
  );
  if (chosen === copy) await vscode.env.clipboard.writeText(report);
}

/** Measures, after a yes, how fast the connected server works; forecasts then count with that. */
async function measureConnectedServer(services: Services): Promise<void> {
  requireTrust();
  const asked = services.database.require();
  const { measureServer } = await import('../journey/measure-server');
  await withProgress(t('Measuring the server'), async (progress, signal) => {
    const context = await journeyContext(workspaceFolder(), services.assets, progress, signal);
    return services.database.exclusive((database) => measureServer(context, database), asked);
  });
  services.lint.forgetCatalog();
  void vscode.window.showInformationMessage(
    t('Forecasts now count with what was measured on {0}.', asked.sessions.label),
  );
}

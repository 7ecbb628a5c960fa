import * as vscode from 'vscode';
import type { Configuration } from '../journey/configuration';
import { settingIds, settingsSection } from './ids';

/** What the user set in VS Code for a folder, and nothing that only has its default: those come from the file. */
export function configuredSettings(folder: vscode.Uri): Partial<Configuration> {
  const settings = vscode.workspace.getConfiguration(settingsSection, folder);
  const chosen = <T>(name: string): T | undefined => {
    const found = settings.inspect<T>(name);
    const isSet =
      found?.globalValue !== undefined ||
      found?.workspaceValue !== undefined ||
      found?.workspaceFolderValue !== undefined;
    // get() leaves out restricted values in an untrusted workspace; inspect() does not.
    return isSet ? settings.get<T>(name) : undefined;
  };
  const command = chosen<string>(settingIds.diskFreeCommand);
  return {
    migrations: chosen<string[]>(settingIds.migrations),
    plansFolder: chosen<string>(settingIds.plansFolder),
    shadow: chosen<Configuration['shadow']>(settingIds.shadow),
    serverMajor: chosen<number>(settingIds.serverMajor),
    rules: chosen<Configuration['rules']>(settingIds.rules),
    diskFreeCommand: command === undefined || command === '' ? undefined : command,
  };
}

/** Whether lenses are wanted for a file. */
export function lensesEnabled(file: vscode.Uri): boolean {
  return vscode.workspace
    .getConfiguration(settingsSection, file)
    .get<boolean>(settingIds.codeLensEnabled, true);
}

/** Which statements get a lens of their own; `loud`: those that block, work on rows or have an error. */
export type StatementLenses = 'loud' | 'all' | 'off';

export function statementLenses(file: vscode.Uri): StatementLenses {
  const value = vscode.workspace
    .getConfiguration(settingsSection, file)
    .get<string>(settingIds.codeLensStatements);
  return value === 'all' || value === 'off' ? value : 'loud';
}

/** Whether hovers about statements are wanted for a file. */
export function hoversEnabled(file: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration(settingsSection, file).get<boolean>(settingIds.hoverEnabled, true);
}

/** Whether lock modes are wanted beside the statements of a file. */
export function inlayHintsEnabled(file: vscode.Uri): boolean {
  return vscode.workspace
    .getConfiguration(settingsSection, file)
    .get<boolean>(settingIds.inlayHintsEnabled, false);
}

import * as vscode from 'vscode';
import { configureTranslations } from '../messages/translate';

/** Gives the core the bundle VS Code chose for the display language; English needs none. */
export function loadTranslations(): void {
  const { bundle } = vscode.l10n;
  if (bundle) configureTranslations(bundle);
}

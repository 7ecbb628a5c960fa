import * as vscode from 'vscode';
import { configureTranslations } from '../messages/translate';

/** The language that sentences are in: that of the display where there is a bundle for it. */
export function shownLanguage(): string {
  return vscode.l10n.bundle ? vscode.env.language : 'en';
}

/** Gives the core the bundle VS Code chose for the display language; English needs none. */
export function loadTranslations(): void {
  const { bundle } = vscode.l10n;
  if (bundle) configureTranslations(bundle);
}

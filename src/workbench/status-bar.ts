import * as vscode from 'vscode';
import { t } from '../messages/translate';
import type { ActiveDatabase } from './active-database';
import { environmentWord } from './format';
import { commandIds, statusBarItemId } from './ids';

/** Which database this window acts on. Production is red, staging yellow, and the word is always there. */
export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    statusBarItemId,
    vscode.StatusBarAlignment.Left,
    20,
  );
  private readonly listener: vscode.Disposable;

  constructor(private readonly database: ActiveDatabase) {
    this.item.name = t('Switchback Database');
    this.item.command = commandIds.connect;
    this.listener = database.onDidChange(() => this.update());
  }

  private update(): void {
    const { current } = this.database;
    if (!current) return this.item.hide();
    const { connection, sessions } = current;
    const environment = environmentWord(connection.environment);
    this.item.text = `$(database) ${environment}: ${connection.name}`;
    this.item.tooltip = t(
      'Switchback is connected to {0}. Click to connect to another database.',
      sessions.label,
    );
    this.item.backgroundColor = background(connection.environment);
    this.item.accessibilityInformation = {
      label: t('Switchback: {0}, {1}', environment, connection.name),
      role: 'button',
    };
    this.item.show();
  }

  dispose(): void {
    this.listener.dispose();
    this.item.dispose();
  }
}

function background(environment: 'development' | 'staging' | 'production'): vscode.ThemeColor | undefined {
  switch (environment) {
    case 'production':
      return new vscode.ThemeColor('statusBarItem.errorBackground');
    case 'staging':
      return new vscode.ThemeColor('statusBarItem.warningBackground');
    case 'development':
      return undefined;
  }
}

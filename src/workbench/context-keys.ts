import * as vscode from 'vscode';
import { contextKeys } from './ids';

type KeyName = keyof typeof contextKeys;

/** Context keys of `when` clauses; VS Code is told only what changed. */
export class ContextKeys {
  private readonly known = new Map<KeyName, boolean>();

  set(name: KeyName, value: boolean): void {
    if (this.known.get(name) === value) return;
    this.known.set(name, value);
    void vscode.commands.executeCommand('setContext', contextKeys[name], value);
  }
}

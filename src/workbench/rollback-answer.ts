import * as vscode from 'vscode';
import type { ContextKeys } from './context-keys';
import { commandIds } from './ids';
import type { Log } from './log';
import { registerCommand } from './register-command';

/**
 * Asks whether what is shown in differences is to be written, with buttons above them: a message is gone before a long one is
 * read, and cannot be taken back once it is answered elsewhere. One question at a time: the next answers the one before with no.
 */
export class RollbackAnswer implements vscode.Disposable {
  private give: ((isYes: boolean) => void) | null = null;
  private readonly commands: vscode.Disposable[];

  constructor(
    private readonly keys: ContextKeys,
    log: Log,
  ) {
    this.commands = [
      registerCommand(commandIds.applyRollback, log, () => this.give?.(true)),
      registerCommand(commandIds.discardRollback, log, () => this.give?.(false)),
    ];
  }

  /** True when it was agreed to. Closing all the differences is a no. `message` says where the buttons are. */
  async ask(message: string, isShown: () => boolean): Promise<boolean> {
    this.give?.(false);
    const closed: vscode.Disposable[] = [];
    const answered = new Promise<boolean>((resolve) => {
      this.give = resolve;
      closed.push(vscode.window.tabGroups.onDidChangeTabs(() => isShown() || resolve(false)));
    });
    void vscode.window.showInformationMessage(message);
    const own = this.give;
    this.keys.set('rollbackProposed', true);
    try {
      return await answered;
    } finally {
      for (const listener of closed) listener.dispose();
      if (this.give === own) {
        this.give = null;
        this.keys.set('rollbackProposed', false);
      }
    }
  }

  dispose(): void {
    this.give?.(false);
    for (const command of this.commands) command.dispose();
  }
}

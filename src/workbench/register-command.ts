import path from 'node:path';
import * as vscode from 'vscode';
import { errorText, isSwitchbackError } from '../messages/error';
import { redact } from '../messages/redact';
import { t } from '../messages/translate';
import type { Progress } from '../ports/progress';
import type { CommandId } from './ids';
import type { Log } from './log';

export type CommandHandler = (...args: unknown[]) => Promise<void> | void;

/** Registers a command: its failure becomes one notification and a log entry, cancelling says nothing. */
export function registerCommand(id: CommandId, log: Log, handler: CommandHandler): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      await handler(...args);
    } catch (error) {
      await showError(error, log, id);
    }
  });
}

/** One notification with the error's sentence; a cancelled action is silent. */
export async function showError(error: unknown, log: Log, what: string): Promise<void> {
  if (isCancelled(error)) return;
  log.error(what, error);
  const showLog = t('Show Log');
  const openFile = t('Open File');
  const place = placeOf(error);
  const buttons = place ? [openFile, showLog] : [showLog];
  const chosen = await vscode.window.showErrorMessage(sentenceOf(error), ...buttons);
  if (chosen === showLog) log.show();
  if (chosen === openFile && place) await vscode.window.showTextDocument(place.file, place);
}

/** Where in a file the error is, when it says so. */
function placeOf(error: unknown): { file: vscode.Uri; selection: vscode.Range } | null {
  if (!isSwitchbackError(error)) return null;
  const { file, line, column } = error.details;
  if (typeof file !== 'string' || typeof line !== 'number' || !path.isAbsolute(file)) return null;
  const start = new vscode.Position(
    Math.max(0, line - 1),
    typeof column === 'number' ? Math.max(0, column - 1) : 0,
  );
  return { file: vscode.Uri.file(file), selection: new vscode.Range(start, start) };
}

export function isCancelled(error: unknown): boolean {
  return isSwitchbackError(error, 'cancelled') || (error instanceof Error && error.name === 'AbortError');
}

/** What the user is told of anything that was thrown. */
export function sentenceOf(error: unknown): string {
  return isSwitchbackError(error)
    ? redact(error.sentence)
    : t(
        'Something unexpected went wrong: {0}. See the log of Switchback, and try again.',
        redact(errorText(error)),
      );
}

/** Runs a long action that has no page of its own, with a notification that can cancel it. */
export async function withProgress<T>(
  title: string,
  work: (progress: Progress, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (notification, token) => {
      const abort = new AbortController();
      const listener = token.onCancellationRequested(() => abort.abort());
      let shown = 0;
      const progress: Progress = {
        report: ({ message, share }) => {
          const increment = share === undefined ? undefined : Math.max(0, share * 100 - shown);
          shown += increment ?? 0;
          notification.report({ message, increment });
        },
      };
      try {
        return await work(progress, abort.signal);
      } finally {
        listener.dispose();
      }
    },
  );
}

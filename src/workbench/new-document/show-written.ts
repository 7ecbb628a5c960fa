import path from 'node:path';
import * as vscode from 'vscode';
import { t } from '../../messages/translate';

/** Opens what was written, the first file in front, and offers its preview and its place in the explorer. */
export async function showWritten(files: readonly string[]): Promise<void> {
  const [first] = files;
  if (first === undefined) return;
  const uri = vscode.Uri.file(first);
  await vscode.window.showTextDocument(uri, { preview: false });
  // The command is over once the file is open: it does not wait for the notification.
  void offer(uri, files);
}

async function offer(first: vscode.Uri, files: readonly string[]): Promise<void> {
  const preview = t('Open Preview');
  const reveal = t('Reveal');
  const buttons = path.extname(first.fsPath) === '.md' ? [preview, reveal] : [reveal];
  const chosen = await vscode.window.showInformationMessage(sentence(first, files.length), ...buttons);
  if (chosen === preview) await vscode.commands.executeCommand('markdown.showPreview', first);
  if (chosen === reveal) await vscode.commands.executeCommand('revealInExplorer', first);
}

function sentence(first: vscode.Uri, count: number): string {
  const name = vscode.workspace.asRelativePath(first);
  if (count === 1) return t('Wrote {0}.', name);
  return t('Wrote {0} files; the first is {1}.', count, name);
}

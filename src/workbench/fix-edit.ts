import * as vscode from 'vscode';
import { t } from '../messages/translate';
import type { Fix } from '../safety/finding';
import { editorRange } from './editor-range';

/**
 * A fix as an edit of the workspace. One inside the open file applies at once and can be undone; one that touches
 * or makes other files is shown first. All its parts ask then: half of it would be worse than none.
 */
export function fixEdit(fix: Fix, file: vscode.Uri): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  const metadata = isPreviewed(fix, file)
    ? { needsConfirmation: true, label: fix.title, description: t('Safety fix of Switchback') }
    : undefined;
  for (const { path, start, end, newText } of fix.edits)
    edit.replace(vscode.Uri.file(path), editorRange({ start, end }), newText, metadata);
  for (const { path, text } of fix.creates) {
    const created = vscode.Uri.file(path);
    edit.createFile(created, { overwrite: false }, metadata);
    edit.insert(created, new vscode.Position(0, 0), text, metadata);
  }
  return edit;
}

/** Whether a fix reaches beyond the file it is offered in. */
export function isPreviewed(fix: Fix, file: vscode.Uri): boolean {
  return fix.creates.length > 0 || fix.edits.some((each) => each.path !== file.fsPath);
}

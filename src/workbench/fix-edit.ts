import path from 'node:path';
import * as vscode from 'vscode';
import { t } from '../messages/translate';
import type { Fix } from '../safety/finding';
import { editorRange } from './editor-range';

/**
 * A fix as an edit of the workspace. One inside the open file applies at once and can be undone; one that touches
 * or makes other files is shown first, with all its parts ticked: half of it would be worse than none.
 */
export function fixEdit(fix: Fix, file: vscode.Uri): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  const previewed = isPreviewed(fix, file);
  if (previewed) askFirst(edit, fix, file);
  const metadata = (label: string): vscode.WorkspaceEditEntryMetadata | undefined =>
    previewed ? { needsConfirmation: false, label, description: partOf(fix) } : undefined;
  for (const each of fix.edits) {
    const data = metadata(editLabel(each));
    edit.replace(vscode.Uri.file(each.path), editorRange(each), each.newText, data);
  }
  for (const { path: created, text } of fix.creates) {
    const uri = vscode.Uri.file(created);
    const data = metadata(t('Create {0}', path.basename(created)));
    edit.createFile(uri, { overwrite: false }, data);
    edit.insert(uri, new vscode.Position(0, 0), text, data);
  }
  return edit;
}

/** Whether a fix reaches beyond the file it is offered in. */
export function isPreviewed(fix: Fix, file: vscode.Uri): boolean {
  return fix.creates.length > 0 || fix.edits.some((each) => each.path !== file.fsPath);
}

/**
 * The editor shows an edit first when one entry of it needs confirmation, and leaves that entry unticked. Were it
 * each entry, pressing Apply would do nothing, and ticking some would do half. So the entry that asks is one that
 * has nothing to do: the file is there already, which also keeps it out of the list.
 */
function askFirst(edit: vscode.WorkspaceEdit, fix: Fix, file: vscode.Uri): void {
  edit.createFile(
    file,
    { ignoreIfExists: true },
    { needsConfirmation: true, label: fix.title, description: t('Safety fix of Switchback') },
  );
}

function editLabel({ path: changed, start, end, newText }: Fix['edits'][number]): string {
  const name = path.basename(changed);
  if (newText.trim() === '') return t('Take out of {0}', name);
  return start.offset === end.offset ? t('Add to {0}', name) : t('Change {0}', name);
}

function partOf(fix: Fix): string {
  return t('a part of "{0}"', fix.title);
}

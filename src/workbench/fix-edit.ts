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
  const metadata = (entry: Entry): vscode.WorkspaceEditEntryMetadata | undefined =>
    previewed ? { needsConfirmation: false, ...entry, description: partOf(fix) } : undefined;
  const created = fix.creates.map(({ path: name, text }) => ({
    uri: vscode.Uri.file(name),
    text,
    data: metadata({
      label: t('Create {0}', path.basename(name)),
      iconPath: new vscode.ThemeIcon('new-file'),
    }),
  }));
  // All files first, then all text: so the editor takes everything back in one step.
  for (const { uri, data } of created) edit.createFile(uri, { overwrite: false }, data);
  for (const { uri, text, data } of created) edit.insert(uri, new vscode.Position(0, 0), text, data);
  for (const each of fix.edits)
    edit.replace(vscode.Uri.file(each.path), editorRange(each), each.newText, metadata(entryOf(each)));
  return edit;
}

/** What one entry of the preview does. */
interface Entry {
  label: string;
  iconPath: vscode.ThemeIcon;
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

function entryOf({ path: changed, start, end, newText }: Fix['edits'][number]): Entry {
  const name = path.basename(changed);
  if (newText.trim() === '')
    return { label: t('Take out of {0}', name), iconPath: new vscode.ThemeIcon('remove') };
  return start.offset === end.offset
    ? { label: t('Add to {0}', name), iconPath: new vscode.ThemeIcon('add') }
    : { label: t('Change {0}', name), iconPath: new vscode.ThemeIcon('edit') };
}

function partOf(fix: Fix): string {
  return t('a part of "{0}"', fix.title);
}

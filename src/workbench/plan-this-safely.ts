import * as vscode from 'vscode';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { editorRange } from './editor-range';
import { requireTrust, workspaceFolder } from './journey-context';
import { statementTarget } from './statement-target';
import type { Services } from './services';
import type { ChangeDraft } from '../protocol/wizard-state';
import type { Forecast } from '../safety/forecast';
import { emptyDraft } from './wizard/empty-draft';
import type { WizardPanels } from './wizard/wizard-panels';

/** Opens the wizard with the change that a statement makes at once: the one it is called for, else the one at the cursor. */
export async function planThisSafely(
  services: Services,
  wizards: WizardPanels,
  argument: unknown,
): Promise<void> {
  requireTrust();
  const active = vscode.window.activeTextEditor;
  const target = statementTarget(argument);
  const editor = target ? undefined : active;
  const document = target ? await vscode.workspace.openTextDocument(target.file) : editor?.document;
  const linted = document && (await services.lint.freshResult(document));
  const forecast = linted?.statements.find((each) =>
    target ? each.index === target.statement : editorRange(each).contains(editor!.selection.active),
  );
  const change =
    isWhole(editor) && document && forecast ? await services.lint.plannableChange(document, forecast) : null;
  const { draftOf } = await import('./wizard/change-view');
  const draft = change ? draftOf(change) : sqlDraft(editor, document, forecast);
  const session = await wizards.openDraft(draft, workspaceFolder(document?.uri));
  await session.handle({ kind: 'refresh' });
}

/** Whether no part of the text is selected: the statement at the cursor is meant. */
function isWhole(editor: vscode.TextEditor | undefined): boolean {
  return editor === undefined || editor.selection.isEmpty;
}

/** What is selected, else the statement, as SQL of one's own. Throws `not-found` where there is neither. */
function sqlDraft(
  editor: vscode.TextEditor | undefined,
  document: vscode.TextDocument | undefined,
  forecast: Forecast | undefined,
): ChangeDraft {
  const selected = editor && !editor.selection.isEmpty ? editor.document.getText(editor.selection) : '';
  const sql = selected.trim() || (document && forecast ? document.getText(editorRange(forecast)).trim() : '');
  if (sql === '')
    throw new SwitchbackError(
      'not-found',
      t(
        'There is no statement at the cursor. Put the cursor into one, select some SQL, or run "Switchback: Plan a Change…".',
      ),
    );
  return { ...emptyDraft('raw-sql'), table: forecast?.locks[0]?.relation ?? '', values: { sql } };
}

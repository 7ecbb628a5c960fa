import * as vscode from 'vscode';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { editorRange } from './editor-range';
import { requireTrust, workspaceFolder } from './journey-context';
import { statementTarget } from './statement-target';
import type { Services } from './services';
import { draftOf } from './wizard/change-view';
import type { WizardPanels } from './wizard/wizard-panels';

/** Opens the wizard with the change that a statement makes at once: the one it is called for, else the one at the cursor. */
export async function planThisSafely(
  services: Services,
  wizards: WizardPanels,
  argument: unknown,
): Promise<void> {
  requireTrust();
  const editor = vscode.window.activeTextEditor;
  const target = statementTarget(argument);
  const document = target ? await vscode.workspace.openTextDocument(target.file) : editor?.document;
  const linted = document && (await services.lint.freshResult(document));
  const forecast = linted?.statements.find((each) =>
    target ? each.index === target.statement : editorRange(each).contains(editor!.selection.active),
  );
  const { plannableChange } = await import('../journey/plannable-change');
  const change =
    document && forecast && (await plannableChange(document.getText(editorRange(forecast)), forecast));
  if (!change) {
    throw new SwitchbackError(
      'not-found',
      t(
        'No recipe covers the statement at the cursor. Put the cursor into one that changes a column, a constraint or an index by itself, or run "Switchback: Plan a Change…".',
      ),
    );
  }
  const session = await wizards.openDraft(draftOf(change), workspaceFolder(document.uri));
  await session.handle({ kind: 'refresh' });
}

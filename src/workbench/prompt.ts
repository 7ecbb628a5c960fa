import * as vscode from 'vscode';
import { t } from '../messages/translate';
import type { Prompt } from '../ports/prompt';

/** Questions in the quick input, which the keyboard reaches at once; a production database's name is typed. */
export function workbenchPrompt(): Prompt {
  return {
    confirm: ({ title, detail, accept }) => confirm(title, detail, accept),
    typeToConfirm: async (question) => {
      const typed = await vscode.window.showInputBox({
        title: question.title,
        prompt: t('{0} Type {1} to go on.', question.detail, question.expected),
        placeHolder: question.expected,
        ignoreFocusOut: true,
        validateInput: (value) =>
          value === '' || question.expected.startsWith(value)
            ? undefined
            : t('This is not {0}.', question.expected),
      });
      return typed === question.expected;
    },
  };
}

/** True when the user chose `accept`; closing the question is a no. */
export async function confirm(title: string, detail: string, accept: string): Promise<boolean> {
  const yes: vscode.QuickPickItem = { label: `$(check) ${accept}`, detail };
  const no: vscode.QuickPickItem = { label: `$(close) ${t('Cancel')}` };
  const chosen = await vscode.window.showQuickPick([yes, no], {
    title,
    placeHolder: title,
    ignoreFocusOut: true,
  });
  return chosen === yes;
}

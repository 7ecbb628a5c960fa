import * as vscode from 'vscode';
import { t } from '../messages/translate';
import type { Prompt } from '../ports/prompt';
import { wrapText } from './wrap-text';

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

/** What fits into the quick input without being cut. */
const lineWidth = 84;
const mostLines = 40;

/** True when the user chose `accept`; closing the question is a no. The whole detail is shown, line by line. */
export async function confirm(title: string, detail: string, accept: string): Promise<boolean> {
  const yes: vscode.QuickPickItem = { label: `$(check) ${accept}` };
  const no: vscode.QuickPickItem = { label: `$(close) ${t('Cancel')}` };
  const lines = wrapText(detail, lineWidth).slice(0, mostLines);
  const items: vscode.QuickPickItem[] = [
    ...lines.map((label) => ({ label })),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    yes,
    no,
  ];
  for (;;) {
    const chosen = await vscode.window.showQuickPick(items, {
      title,
      placeHolder: title,
      ignoreFocusOut: true,
    });
    // A line of the detail answers nothing: the question stays.
    if (chosen === undefined || chosen === yes || chosen === no) return chosen === yes;
  }
}

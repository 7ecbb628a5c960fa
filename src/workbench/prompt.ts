import * as vscode from 'vscode';
import { t } from '../messages/translate';
import type { ConfirmQuestion, Prompt } from '../ports/prompt';

/** Questions as modal dialogs; a production database's name is typed. */
export function workbenchPrompt(): Prompt {
  return {
    confirm: async (question) => (await ask(question)) === question.accept,
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

function ask(question: ConfirmQuestion): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(
    question.title,
    { modal: true, detail: question.detail },
    question.accept,
  );
}

import * as vscode from 'vscode';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';

/** One question of a series. It fills the answers and gives the next question; null ends the series. */
export type InputStep<Answers> = (
  input: MultiStepInput,
  answers: Answers,
) => Promise<InputStep<Answers> | null>;

const back = Symbol('back');

/** Asks a series of questions with a Back button. Throws `cancelled` when the user closes one. */
export async function askSteps<Answers>(
  title: string,
  first: InputStep<Answers>,
  answers: Answers,
): Promise<Answers> {
  const asked: InputStep<Answers>[] = [];
  let step: InputStep<Answers> | null = first;
  while (step) {
    const input = new MultiStepInput(title, asked.length + 1);
    try {
      const current: InputStep<Answers> = step;
      step = await current(input, answers);
      asked.push(current);
    } catch (error) {
      if (error !== back) throw error;
      step = asked.pop() ?? first;
    }
  }
  return answers;
}

export interface Choice<T> extends vscode.QuickPickItem {
  value: T;
}

/** The questions one step can ask; after https://github.com/microsoft/vscode-extension-samples (quickinput-sample). */
export class MultiStepInput {
  constructor(
    private readonly title: string,
    private readonly step: number,
  ) {}

  /** One of a list. */
  async pick<T>(options: { placeholder: string; choices: readonly Choice<T>[]; active?: T }): Promise<T> {
    const picker = vscode.window.createQuickPick<Choice<T>>();
    picker.items = options.choices;
    picker.placeholder = options.placeholder;
    picker.matchOnDescription = true;
    picker.matchOnDetail = true;
    picker.activeItems = options.choices.filter((choice) => choice.value === options.active);
    return this.show(picker, (accept) => {
      const chosen = picker.selectedItems[0];
      if (chosen) accept(chosen.value);
    });
  }

  /** A line of text; `validate` gives what is wrong with it. */
  async text(options: {
    prompt: string;
    value: string;
    placeholder?: string;
    password?: boolean;
    validate?: (value: string) => string | undefined;
  }): Promise<string> {
    const box = vscode.window.createInputBox();
    box.value = options.value;
    box.prompt = options.prompt;
    box.placeholder = options.placeholder;
    box.password = options.password ?? false;
    const check = (): boolean => {
      box.validationMessage = options.validate?.(box.value);
      return box.validationMessage === undefined;
    };
    const listener = box.onDidChangeValue(check);
    try {
      return await this.show(box, (accept) => {
        if (check()) accept(box.value);
      });
    } finally {
      listener.dispose();
    }
  }

  private show<T, Input extends vscode.QuickPick<Choice<T>> | vscode.InputBox>(
    input: Input,
    onAccept: (accept: (value: T) => void) => void,
  ): Promise<T> {
    input.title = this.title;
    input.step = this.step;
    // The user looks up a password elsewhere: the question waits.
    input.ignoreFocusOut = true;
    if (this.step > 1) input.buttons = [vscode.QuickInputButtons.Back];
    return new Promise<T>((resolve, reject) => {
      input.onDidTriggerButton((button) => {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- control flow, never seen by a user
        if (button === vscode.QuickInputButtons.Back) reject(back);
      });
      input.onDidAccept(() => onAccept(resolve));
      input.onDidHide(() => reject(new SwitchbackError('cancelled', t('Cancelled.'))));
      input.show();
    }).finally(() => input.dispose());
  }
}

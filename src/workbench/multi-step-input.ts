import * as vscode from 'vscode';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { askInOrder, Back, type Place, type Question } from './question-series';

export type NativeQuestion<Answers> = Question<MultiStepInput, Answers>;

/** Asks a series of questions with a Back button. Throws `cancelled` when the user closes one. */
export async function askQuestions<Answers>(
  title: string,
  questions: readonly NativeQuestion<Answers>[],
  answers: Answers,
): Promise<Answers> {
  return askInOrder(questions, answers, (place) => new MultiStepInput(title, place));
}

export interface Choice<T> extends vscode.QuickPickItem {
  value: T;
}

interface PickOptions<T> {
  placeholder: string;
  choices: readonly Choice<T>[];
}

/** The questions one step can ask; after https://github.com/microsoft/vscode-extension-samples (quickinput-sample). */
export class MultiStepInput {
  constructor(
    private readonly title: string,
    private readonly place: Place,
  ) {}

  /** One of a list; `active` is the one that Enter takes. */
  async pick<T>(options: PickOptions<T> & { active?: T }): Promise<T> {
    const picker = this.picker(options);
    const active = picker.items.find((choice) => choice.value === options.active);
    if (active) picker.activeItems = [active];
    return this.show(picker, (accept) => {
      const chosen = picker.selectedItems[0];
      if (chosen) accept(chosen.value);
    });
  }

  /** Some of a list, in its order; `atLeastOne` is what is said when none is chosen. */
  async pickMany<T>(options: PickOptions<T> & { selected: readonly T[]; atLeastOne?: string }): Promise<T[]> {
    const picker = this.picker(options);
    picker.canSelectMany = true;
    picker.selectedItems = picker.items.filter((choice) => options.selected.includes(choice.value));
    return this.show(picker, (accept) => {
      const chosen = new Set(picker.selectedItems);
      if (chosen.size > 0 || options.atLeastOne === undefined)
        return accept(options.choices.filter((choice) => chosen.has(choice)).map((choice) => choice.value));
      picker.value = '';
      picker.placeholder = options.atLeastOne;
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

  private picker<T>(options: PickOptions<T>): vscode.QuickPick<Choice<T>> {
    const picker = vscode.window.createQuickPick<Choice<T>>();
    picker.items = options.choices;
    picker.placeholder = options.placeholder;
    picker.matchOnDescription = true;
    picker.matchOnDetail = true;
    return picker;
  }

  private show<T, Input extends vscode.QuickInput & { onDidAccept: vscode.Event<void> } & Buttons>(
    input: Input,
    onAccept: (accept: (value: T) => void) => void,
  ): Promise<T> {
    input.title = this.title;
    input.step = this.place.step;
    input.totalSteps = this.place.total;
    // The user looks up a password elsewhere: the question waits.
    input.ignoreFocusOut = true;
    if (this.place.step > 1) input.buttons = [vscode.QuickInputButtons.Back];
    return new Promise<T>((resolve, reject) => {
      input.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) reject(new Back());
      });
      input.onDidAccept(() => onAccept(resolve));
      input.onDidHide(() => reject(new SwitchbackError('cancelled', t('Cancelled.'))));
      input.show();
    }).finally(() => input.dispose());
  }
}

interface Buttons {
  buttons: readonly vscode.QuickInputButton[];
  onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
}

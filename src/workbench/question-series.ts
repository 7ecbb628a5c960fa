/** One question of a series; its answer goes into the answers. */
export interface Question<Input, Answers> {
  /** Whether the answers so far make it necessary; absent: it always is. */
  when?: (answers: Answers) => boolean;
  ask: (input: Input, answers: Answers) => Promise<void>;
}

/** Where in the series a question stands, counted from 1; `total` is what the answers so far make of it. */
export interface Place {
  step: number;
  total: number;
}

/** Thrown by a question when the user wants the one before it again. */
export class Back extends Error {}

/**
 * Asks the questions that are necessary, in their order. Going back asks the one before again, with its answer as
 * it was; what follows is decided anew. Throws whatever else a question throws.
 */
export async function askInOrder<Input, Answers>(
  questions: readonly Question<Input, Answers>[],
  answers: Answers,
  inputAt: (place: Place) => Input,
): Promise<Answers> {
  const needed = (question: Question<Input, Answers>): boolean => question.when?.(answers) ?? true;
  const asked: number[] = [];
  let index = questions.findIndex(needed);
  while (index >= 0) {
    const question = questions[index]!;
    const left = questions.slice(index + 1).filter(needed).length;
    const step = asked.length + 1;
    try {
      await question.ask(inputAt({ step, total: step + left }), answers);
      asked.push(index);
      const here = index;
      index = questions.findIndex((other, at) => at > here && needed(other));
    } catch (error) {
      if (!(error instanceof Back)) throw error;
      index = asked.pop() ?? index;
    }
  }
  return answers;
}

import type { Prompt } from '../ports/prompt';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { OptionValues } from './verb';
import { listOfText, optionalText } from './option-values';

/** Answers the journey's questions from flags: the command line never waits for a person. */
export function flagPrompt(values: OptionValues): Prompt {
  const allowed = new Set(listOfText(values, 'yes'));
  const releases = new Set(listOfText(values, 'confirm-deploy'));
  return {
    confirm: async (question) => {
      // One yes must not answer for every release: each is named.
      if (question.step !== undefined) return releases.has(question.step);
      if (allowed.has(question.id)) return true;
      throw new SwitchbackError(
        'confirmation-needed',
        t('{0} {1} Run it again with --yes {2} to agree.', question.title, question.detail, question.id),
      );
    },
    typeToConfirm: async (question) => {
      const typed = optionalText(values, 'confirm-database');
      if (typed === question.expected) return true;
      throw new SwitchbackError(
        'confirmation-needed',
        t('{0} Run it again with --confirm-database followed by the name of the database.', question.title),
      );
    },
  };
}

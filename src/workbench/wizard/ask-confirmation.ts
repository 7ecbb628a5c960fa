import { isSwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { askQuestions } from '../multi-step-input';

/** Asks who confirms something, and for a note; null when a question was closed. */
export async function askConfirmation(
  title: string,
  proposedName: string,
): Promise<{ name: string; note: string } | null> {
  try {
    const answers = await askQuestions(
      title,
      [
        {
          ask: async (input, given: { name: string; note: string }) => {
            given.name = await input.text({
              prompt: t('Who confirms it? The name is kept with the plan.'),
              value: given.name,
              validate: (value) => (value.trim() === '' ? t('Type a name.') : undefined),
            });
          },
        },
        {
          ask: async (input, given) => {
            given.note = await input.text({
              prompt: t('A note: how it is known. May be empty.'),
              value: given.note,
            });
          },
        },
      ],
      { name: proposedName, note: '' },
    );
    return { name: answers.name.trim(), note: answers.note.trim() };
  } catch (error) {
    if (isSwitchbackError(error, 'cancelled')) return null;
    throw error;
  }
}

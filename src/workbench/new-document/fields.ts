import { levelText, migrationTypes, type MigrationTypeId } from '../../documents/migration-types';
import { t } from '../../messages/translate';
import type { NativeQuestion } from '../multi-step-input';

/** What the document is called; also the words of its file's name. */
export function titleQuestion(): NativeQuestion<{ title: string }> {
  return {
    ask: async (input, answers) => {
      const title = await input.text({
        prompt: t('Title'),
        value: answers.title,
        validate: titleProblem,
      });
      answers.title = title.trim();
    },
  };
}

/** A title is shown on one line and gives the file its name. */
export function titleProblem(title: string): string | undefined {
  if (title.trim() === '') return t('This must not be empty.');
  if (!/[\p{L}\p{N}]/u.test(title)) return t('The title names the file: give it a letter or a digit.');
  return [...title.trim()].length > 120 ? t('A title has at most 120 characters.') : undefined;
}

/** Which of the five types of migration it is. */
export function changeTypeQuestion(): NativeQuestion<{ changeType: MigrationTypeId }> {
  return {
    ask: async (input, answers) => {
      answers.changeType = await input.pick({
        placeholder: t('What kind of change is it?'),
        active: answers.changeType,
        choices: migrationTypes().map((type) => ({
          label: type.title,
          description: t('complexity {0}, risk {1}', levelText(type.complexity), levelText(type.risk)),
          detail: t('Usually takes {0}', type.duration),
          value: type.id,
        })),
      });
    },
  };
}

/** A line that may stay empty; `empty` says what that means, where it is not that nobody knows. */
export function optionalText<Key extends string>(
  key: Key,
  prompt: string,
  example: string,
  empty = t('Leave it empty where nobody knows yet.'),
): NativeQuestion<Record<Key, string | null>> {
  return {
    ask: async (input, answers) => {
      const text = await input.text({
        prompt: `${prompt} ${empty}`,
        placeholder: t('For example: {0}', example),
        value: answers[key] ?? '',
        validate: (value) => tooLong(value),
      });
      Object.assign(answers, { [key]: text.trim() === '' ? null : text.trim() });
    },
  };
}

function tooLong(text: string): string | undefined {
  return [...text].length > 500
    ? t('This has at most 500 characters. Write the rest into the document.')
    : undefined;
}

/** Who approves, separated by commas. */
export function rolesQuestion(): NativeQuestion<{ roles: string[] }> {
  return {
    ask: async (input, answers) => {
      const text = await input.text({
        prompt: t('Who approves? Roles, separated by commas'),
        value: answers.roles.join(', '),
        validate: (value) =>
          rolesOf(value).length === 0 ? t('Name at least one role that approves.') : tooLong(value),
      });
      answers.roles = rolesOf(text);
    },
  };
}

function rolesOf(text: string): string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((role) => role.trim())
        .filter((role) => role !== ''),
    ),
  ];
}

/** A day as `2026-03-04`. */
export function dayQuestion<Key extends string>(
  key: Key,
  prompt: string,
): NativeQuestion<Record<Key, string>> {
  return {
    ask: async (input, answers) => {
      const day = await input.text({
        prompt,
        placeholder: '2026-03-04',
        value: answers[key],
        validate: dayProblem,
      });
      Object.assign(answers, { [key]: day.trim() });
    },
  };
}

/** A day that the calendar has, written as year, month and day. */
export function dayProblem(text: string): string | undefined {
  const day = text.trim();
  const date = new Date(`${day}T00:00:00Z`);
  const exists = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(date.getTime());
  return exists && date.toISOString().startsWith(day)
    ? undefined
    : t('Write a day of the calendar as year-month-day, for example 2026-03-04.');
}

/** Yes or no, each with what it means. */
export function yesOrNo<Key extends string>(
  key: Key,
  placeholder: string,
  meaning: { yes: string; no: string },
): NativeQuestion<Record<Key, boolean>> {
  return {
    ask: async (input, answers) => {
      const value = await input.pick({
        placeholder,
        active: answers[key],
        choices: [
          { label: t('Yes'), description: meaning.yes, value: true },
          { label: t('No'), description: meaning.no, value: false },
        ],
      });
      Object.assign(answers, { [key]: value });
    },
  };
}

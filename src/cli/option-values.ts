import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { OptionValues } from './verb';

/** The text of an option, or null when it was not given. */
export function optionalText(values: OptionValues, name: string): string | null {
  const value = values[name];
  return typeof value === 'string' ? value : null;
}

/** All texts of a repeatable option. */
export function listOfText(values: OptionValues, name: string): string[] {
  const value = values[name];
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  return typeof value === 'string' ? [value] : [];
}

/** A number between two bounds, or null. Throws `usage` for anything else. */
export function optionalNumber(
  values: OptionValues,
  name: string,
  minimum: number,
  maximum: number,
): number | null {
  const text = optionalText(values, name);
  if (text === null) return null;
  const value = Number(text);
  if (Number.isFinite(value) && value >= minimum && value <= maximum) return value;
  throw new SwitchbackError(
    'usage',
    t('--{0} takes a number from {1} to {2}, not "{3}".', name, minimum, maximum, text),
  );
}

/** One of the given words, or null. Throws `usage` for another word. */
export function optionalChoice<T extends string>(
  values: OptionValues,
  name: string,
  choices: readonly T[],
): T | null {
  const text = optionalText(values, name);
  if (text === null) return null;
  const choice = choices.find((item) => item === text);
  if (choice !== undefined) return choice;
  throw new SwitchbackError('usage', t('--{0} takes one of {1}, not "{2}".', name, choices.join(', '), text));
}

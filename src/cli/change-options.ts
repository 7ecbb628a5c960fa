import { changeTypes, type Change } from '../assess/change';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { parseIdentifierList, parseQualifiedName } from '../sql/identifier';
import { optionalText, requiredText } from './option-values';
import type { OptionValues, Verb } from './verb';

/** The options that describe a change, shared by assess, plan and scaffold. */
export function changeOptions(): Verb['options'] {
  const options: Verb['options'] = { table: { type: 'string' } };
  for (const { id, asks } of changeTypes.flatMap((type) => type.fields()))
    if (asks !== 'choice') options[id] = { type: asks === 'flag' ? 'boolean' : 'string' };
  return options;
}

export const changeUsage = changeTypes.map(({ kind, usage }) => `${kind} --table T ${usage}`).join(' | ');

/** The change that recipe name and options describe. Throws `usage`, `invalid-name`. */
export function readChange(recipe: string | undefined, values: OptionValues): Change {
  const type = changeTypes.find(({ kind }) => kind === recipe);
  if (!type) {
    const kinds = changeTypes.map(({ kind }) => kind);
    throw new SwitchbackError(
      'usage',
      t('Name a recipe after the verb, one of {0}, not "{1}".', kinds.join(', '), recipe ?? ''),
    );
  }
  return type.read({
    table: () => parseQualifiedName(requiredText(values, 'table')),
    relation: (id) => parseQualifiedName(requiredText(values, id)),
    name: (id) => parseQualifiedName(requiredText(values, id)).name,
    optionalName: (id) => {
      const text = optionalText(values, id);
      return text === null ? null : parseQualifiedName(text).name;
    },
    columns: (id) => parseIdentifierList(requiredText(values, id)),
    text: (id) => requiredText(values, id),
    optionalText: (id) => optionalText(values, id),
    flag: (id) => values[id] === true,
  });
}

import { changeTypeOf, changeTypes, type Change, type SingleChange } from '../assess/change';
import { partsOf, together } from '../assess/several-changes';
import type { ChangeField } from '../assess/changes/change-type';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import {
  formatIdentifier,
  formatQualifiedName,
  parseIdentifierList,
  parseQualifiedName,
} from '../sql/identifier';
import { shellText } from '../templates/shell-text';
import { optionalText, requiredText } from './option-values';
import type { OptionValues, Verb, WordGroup } from './verb';

/** The options that describe a change, shared by assess, plan and scaffold. */
export function changeOptions(): Verb['options'] {
  const options: Verb['options'] = { table: { type: 'string' } };
  for (const { id, asks } of changeTypes.flatMap((type) => type.fields()))
    if (asks !== 'choice') options[id] = { type: asks === 'flag' ? 'boolean' : 'string' };
  return options;
}

export const changeUsage = `(${changeTypes.map(({ kind, usage }) => `${kind} --table T ${usage}`).join(' | ')}) [--and KIND ...]`;

/** The change that the words describe, several where `--and` stands between them. Throws `usage`, `invalid-name`. */
export function readChange(groups: readonly WordGroup[]): Change {
  return together(groups.map(({ positionals, values }) => readSingle(positionals[0], values)));
}

function readSingle(recipe: string | undefined, values: OptionValues): SingleChange {
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

/** The words after `switchback plan` that describe a change; what only a person knows is `...`. */
export function changeWords(change: Change): string[] {
  return partsOf(change).flatMap((part, index) => [...(index === 0 ? [] : ['--and']), ...wordsOf(part)]);
}

function wordsOf(change: SingleChange): string[] {
  const type = changeTypeOf(change);
  const answers = type.answers(change);
  const options = type.fields().flatMap((field) => {
    const answer = answers[field.id];
    if (answer === undefined || field.asks === 'choice') return [];
    if (field.asks === 'flag') return answer === 'yes' ? [`--${field.id}`] : [];
    if (answer === '' && (field.optional === true || field.when?.(answers) === false)) return [];
    return [`--${field.id}`, wordOf(field, answer)];
  });
  return [change.kind, '--table', formatQualifiedName(change.table), ...options];
}

/** Forms have names as they are, the command line as SQL spells them. */
function wordOf({ asks }: ChangeField, answer: string): string {
  if (answer === '') return '...';
  return ['column', 'new-name', 'name', 'constraint', 'index'].includes(asks)
    ? formatIdentifier(answer)
    : answer;
}

/** The command that plans a change, for a POSIX shell. */
export function planCommand(change: Change): string {
  const words = changeWords(change).map((word) => (/^[\w./=-]+$/.test(word) ? word : shellText(word)));
  return `switchback plan ${words.join(' ')}`;
}

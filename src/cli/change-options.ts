import { changeTypeOf, changeTypes, type Change, type SingleChange } from '../assess/change';
import { partsOf, together } from '../assess/several-changes';
import { changeGroupTitle } from '../assess/change-group-title';
import type { ChangeField, ChangeSubject, ChangeType } from '../assess/changes/change-type';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import {
  formatIdentifier,
  formatQualifiedName,
  parseIdentifierList,
  parseQualifiedName,
} from '../sql/identifier';
import { shellText } from '../templates/shell-text';
import { optionalText } from './option-values';
import type { OptionValues, VerbKind, VerbOptions, WordGroup } from './verb';

/** The options that describe a change, of whatever kind, shared by assess, plan and scaffold. */
export function changeOptions(): VerbOptions {
  return Object.assign({}, ...changeTypes.map(optionsOf)) as VerbOptions;
}

export const changeUsage = 'KIND --table T [OPTIONS OF THE KIND] [--and KIND ...]';

/** What each kind of change takes, for its help. */
export function changeKinds(): VerbKind[] {
  return changeTypes.map((type) => ({
    name: type.kind,
    heading: changeGroupTitle(type.group),
    title: type.title(),
    description: type.description(),
    usage: usageOf(type),
    options: optionsOf(type),
  }));
}

function usageOf({ usage }: ChangeType<SingleChange>): string {
  return `--table T ${usage}`;
}

function optionsOf(type: ChangeType<SingleChange>): VerbOptions {
  const options: VerbOptions = { table: { type: 'string', value: 'T', help: tableHelp(type.subject) } };
  for (const { id, asks, label, hint } of type.fields())
    if (asks !== 'choice')
      options[id] = {
        type: asks === 'flag' ? 'boolean' : 'string',
        help: hint === undefined ? label : t('{0}. {1}', label, hint),
      };
  return options;
}

function tableHelp(subject: ChangeSubject = 'table'): string {
  switch (subject) {
    case 'table':
      return t('the table, as SQL spells it: orders, app."Order"');
    case 'new-table':
      return t('the name of the new table, as SQL spells it');
    case 'view':
      return t('the view, as SQL spells it');
    case 'routine':
      return t('the function or procedure, as SQL spells it');
    case 'type':
      return t('the composite type, as SQL spells it');
    case 'any':
      return t('the table, view or routine that it is about, as SQL spells it');
  }
}

/** The change that the words describe, several where `--and` stands between them. Throws `usage`, `invalid-name`. */
export function readChange(groups: readonly WordGroup[]): Change {
  return together(groups.map(({ positionals, values }) => readSingle(positionals[0], values)));
}

function readSingle(recipe: string | undefined, values: OptionValues): SingleChange {
  const type = changeTypes.find(({ kind }) => kind === recipe);
  if (!type) throw unknownKind(recipe);
  const required = (id: string): string => {
    const text = optionalText(values, id);
    if (text !== null) return text;
    throw new SwitchbackError('usage', t('{0} needs --{1}. It takes {2}', type.kind, id, usageOf(type)));
  };
  return type.read({
    table: () => parseQualifiedName(required('table')),
    relation: (id) => parseQualifiedName(required(id)),
    name: (id) => parseQualifiedName(required(id)).name,
    optionalName: (id) => {
      const text = optionalText(values, id);
      return text === null ? null : parseQualifiedName(text).name;
    },
    columns: (id) => parseIdentifierList(required(id)),
    text: required,
    optionalText: (id) => optionalText(values, id),
    flag: (id) => values[id] === true,
  });
}

/** Names the kinds that share a word with what was written, or that it is but for the dashes. */
function unknownKind(written: string | undefined): SwitchbackError {
  const known = t('All of them: switchback plan --help.');
  if (written === undefined)
    return new SwitchbackError(
      'usage',
      `${t('Name a kind of change after the verb, such as rename-column.')} ${known}`,
    );
  const words = written.toLowerCase().split(/[^a-z]+/);
  const near = changeTypes
    .map(({ kind }) => kind)
    .filter(
      (kind) =>
        kind.replaceAll('-', '') === words.join('') || kind.split('-').some((each) => words.includes(each)),
    );
  const sentence =
    near.length === 0
      ? t('"{0}" is no kind of change.', written)
      : t('"{0}" is no kind of change. Near it are {1}.', written, near.join(', '));
  return new SwitchbackError('usage', `${sentence} ${known}`);
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

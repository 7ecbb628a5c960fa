import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import {
  enumColumnField,
  readValueTexts,
  refuseLongValue,
  refuseOtherThanEnum,
  refuseUnknownValue,
} from '../enum-column';
import { readOwnType, typeBlockers, type OwnType } from '../own-type';
import type { ChangeField, ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('rename-enum-value'),
  table: storedName,
  /** A column of the enum. */
  column: v.string(),
  value: v.string(),
  to: v.string(),
  /** Whether no release has to learn both names before. */
  atOnce: v.boolean(),
});

/** A value of an enum that is spelled in another way, in every row of every table. */
export type RenameEnumValue = v.InferOutput<typeof stored>;

export const renameEnumValue = {
  kind: 'rename-enum-value',
  group: 'types',
  title: () => t('Rename a value of an enum'),
  description: () =>
    t(
      'No row is written. Code takes both names before; where it cannot, add the new value and remove the old one.',
    ),
  stored,
  fields,
  usage: '--column C --value V --to W [--at-once]',
  read: (answers): RenameEnumValue => ({
    kind: 'rename-enum-value',
    table: answers.table(),
    column: answers.name('column'),
    value: answers.text('value'),
    to: answers.text('to'),
    atOnce: answers.flag('at-once'),
  }),
  answers: ({ column, value, to, atOnce }) => ({ column, value, to, 'at-once': atOnce ? 'yes' : '' }),
  planChoices: [],
  describe: ({ table, column, value, to }) =>
    t(
      'Rename the value {0} of the enum of {1}.{2} to {3}',
      quoteLiteral(value),
      formatQualifiedName(table),
      formatIdentifier(column),
      quoteLiteral(to),
    ),
  words: ({ table, column, value, to }) => `value ${value} of ${table.name} ${column} to ${to}`,
  columns: ({ column }) => [{ column, fate: 'used' }],
  law: () => null,
  look,
  check: ({ column, to }, table) => {
    refuseOtherThanEnum(column, table);
    refuseLongValue(to);
  },
  migrationType: () => ({
    id: 'api-breaking-change',
    why: t('No row changes; whoever spells the value has to spell it in another way.'),
  }),
  rewritesRows: () => false,
  states: ({ column, value, to }, table) => ({
    before: [t('{0} has the value {1}.', columnOf(table, column).type, quoteLiteral(value))],
    after: [
      t('It is called {0}, in every row of every table, and has its place in the order.', quoteLiteral(to)),
      t('Defaults, checks, indexes, partitions and views that have the value have it under its new name.'),
    ],
  }),
} satisfies ChangeType<RenameEnumValue>;

function fields(): ChangeField[] {
  return [
    enumColumnField(),
    {
      id: 'value',
      asks: 'text',
      label: t('Value'),
      question: () => t('Which value is renamed?'),
      placeholder: 'open',
      hint: t('As it is, without quotes.'),
    },
    {
      id: 'to',
      asks: 'text',
      label: t('New name'),
      question: ({ value }) => t('What is {0} called?', value ?? ''),
      hint: t('As it is, without quotes.'),
    },
    {
      id: 'at-once',
      asks: 'flag',
      label: t('Without a release before'),
      question: () => t('Does a release take both names before?'),
      yes: t('No: no code names the value, or none runs at that moment'),
      no: t('Yes: code takes both names first'),
    },
  ];
}

async function look({ column, value, to }: RenameEnumValue, at: Look): Promise<ChangeFindings> {
  const ownType = await readOwnType(at, columnOf(at.table, column));
  refuseOtherWish(value, to, ownType);
  return { ownType, valueTexts: await readValueTexts(value, at), blockers: typeBlockers(ownType) };
}

function refuseOtherWish(value: string, to: string, ownType: OwnType): void {
  const [isOld, isNew] = [ownType.values.includes(value), ownType.values.includes(to)];
  if (isOld && !isNew) return;
  const name = formatQualifiedName(ownType.name);
  if (isOld) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The enum {0} has both values, {1} and {2}. To give rows the other value and take this one away, plan "remove-enum-value" with --instead.',
        name,
        quoteLiteral(value),
        quoteLiteral(to),
      ),
    );
  }
  if (!isNew) refuseUnknownValue(value, ownType);
  throw new SwitchbackError(
    'already-done',
    t(
      'The enum {0} has the value {1} and no {2}. Nothing has to be done.',
      name,
      quoteLiteral(to),
      quoteLiteral(value),
    ),
  );
}

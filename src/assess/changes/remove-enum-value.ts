import * as v from 'valibot';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import {
  enumColumnField,
  readEnumWith,
  readValueTexts,
  refuseOtherThanEnum,
  refuseUnknownValue,
} from '../enum-column';
import {
  checksWithLabels,
  computedDefaultBlockers,
  othersBlockers,
  readEnumMove,
  refuseGeneratedEnum,
} from '../enum-move-facts';
import { ownPartsBlockers } from '../own-parts-of-partitions';
import { typeBlockers, type OwnType } from '../own-type';
import { foreignPartitionBlockers, readIndexSurroundings } from '../partition-tree';
import { rowsInTheWay } from '../rows-in-the-way';
import { subscribedRowsBlockers } from '../subscribed-rows';
import type { ChangeField, ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('remove-enum-value'),
  table: storedName,
  /** The column of the enum. */
  column: v.string(),
  value: v.string(),
  /** What rows get that have the value; null: none has. */
  instead: v.nullable(v.string()),
});

/** An enum that has one value less. */
export type RemoveEnumValue = v.InferOutput<typeof stored>;

export const removeEnumValue = {
  kind: 'remove-enum-value',
  group: 'types',
  title: () => t('Remove a value from an enum'),
  description: () =>
    t(
      'The enum is made anew without it, and its one column moves to that beside the old one; rows get another value on the way.',
    ),
  stored,
  fields,
  usage: '--column C --value V [--instead W]',
  read: (answers): RemoveEnumValue => ({
    kind: 'remove-enum-value',
    table: answers.table(),
    column: answers.name('column'),
    value: answers.text('value'),
    instead: answers.optionalText('instead'),
  }),
  answers: ({ column, value, instead }) => ({ column, value, instead: instead ?? '' }),
  planChoices: [],
  describe: ({ table, column, value }) =>
    t(
      'Remove the value {0} from the enum of {1}.{2}',
      quoteLiteral(value),
      formatQualifiedName(table),
      formatIdentifier(column),
    ),
  words: ({ table, column, value }) => `remove value ${value} of ${table.name} ${column}`,
  columns: ({ column }) => [{ column, fate: 'changed' }],
  law: () => null,
  look,
  check: ({ column }, table) => {
    refuseOtherThanEnum(column, table);
    refuseGeneratedEnum(column, table);
  },
  migrationType: () => ({
    id: 'data-format-change',
    why: t('Every value of the column is written anew, of a type that has one value less.'),
  }),
  rewritesRows: () => true,
  states: ({ table, column, value, instead }) => ({
    before: [
      t('{0}.{1} takes {2}.', formatQualifiedName(table), formatIdentifier(column), quoteLiteral(value)),
    ],
    after: [
      t('{0}.{1} refuses {2}.', formatQualifiedName(table), formatIdentifier(column), quoteLiteral(value)),
      instead === null ? t('No row had it.') : t('Rows that had it have {0}.', quoteLiteral(instead)),
      t('The enum, the column and its indexes and constraints have their names.'),
    ],
  }),
} satisfies ChangeType<RemoveEnumValue>;

function fields(): ChangeField[] {
  return [
    enumColumnField(),
    {
      id: 'value',
      asks: 'text',
      label: t('Value'),
      question: () => t('Which value goes?'),
      placeholder: 'draft',
      hint: t('As it is, without quotes.'),
    },
    {
      id: 'instead',
      asks: 'text',
      label: t('Instead'),
      question: ({ value }) => t('What do rows get that have {0}?', value ?? ''),
      hint: t('Left empty, no row may have the value, which is proved.'),
      optional: true,
    },
  ];
}

async function look(change: RemoveEnumValue, at: Look): Promise<ChangeFindings> {
  const { column, value, instead } = change;
  const ownType = await readEnumWith(value, column, at);
  if (instead === value) {
    throw new SwitchbackError(
      'invalid-input',
      t('Rows cannot get {0} instead of {0}. Name another value of the enum.', quoteLiteral(value)),
    );
  }
  if (instead !== null && !ownType.values.includes(instead)) refuseUnknownValue(instead, ownType);
  const enumMove = await readEnumMove(column, ownType, at);
  const surroundings = await readIndexSurroundings(at);
  return {
    ...surroundings,
    ownType,
    enumMove,
    valueTexts: await readValueTexts(value, at),
    blockers: [
      ...typeBlockers(ownType),
      ...othersBlockers(ownType, enumMove, value),
      ...computedDefaultBlockers(column, enumMove, at),
      ...(await ownPartsBlockers(column, at)),
      ...spelledBlockers(change, ownType, enumMove.defaultLabel, at),
      ...foreignPartitionBlockers(surroundings.partitions ?? []),
      ...(await subscribedRowsBlockers(at)),
      ...(instead === null ? await rowBlockers(change, at) : []),
    ],
  };
}

/** What spells the value where it cannot be spelled any more. */
function spelledBlockers(
  { column, value, instead }: RemoveEnumValue,
  ownType: OwnType,
  defaultLabel: string | null,
  at: Look,
): string[] {
  const checks = checksWithLabels(column, ownType, at).filter(({ labels }) => labels.includes(value));
  return [
    ...checks.map(({ name }) =>
      t(
        'The CHECK {0} names {1}. Drop it first, or add one without that value.',
        formatIdentifier(name),
        quoteLiteral(value),
      ),
    ),
    ...(defaultLabel === value && instead === null
      ? [
          t(
            '{0} is the default of {1}. Set another default first (set-default), or say with --instead what rows get.',
            quoteLiteral(value),
            formatIdentifier(column),
          ),
        ]
      : []),
  ];
}

async function rowBlockers(
  { column, value }: RemoveEnumValue,
  { session, table, signal }: Look,
): Promise<string[]> {
  const query = `SELECT *\n  FROM ${formatQualifiedName(table.name)}\n WHERE ${quoteIdentifier(column)} = ${quoteLiteral(value)}`;
  const found = await rowsInTheWay(session, query, table.name, signal);
  if (found.length === 0) return [];
  return [...found, t('Or say with --instead what rows get that have {0}.', quoteLiteral(value))];
}

import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { checkReplacement, type ColumnReplacement } from '../column-replacement';
import { readColumnReplacement } from '../column-replacement-facts';
import { emptyCheckBlockers } from '../empty-value';
import type { ChangeField, ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('hash-column'),
  table: storedName,
  column: v.string(),
  to: v.string(),
  type: v.string(),
  /** SQL over the row. Without a way back the old value cannot be told from what it gives. */
  expression: v.string(),
  /** SQL over the new column that gives the old value; absent where nothing does, as of a hash. */
  back: v.optional(v.string()),
});

/** A column whose values go, and what is computed from them stays: a hash, or what is encrypted. */
export type HashColumn = v.InferOutput<typeof stored>;

export const hashColumn = {
  kind: 'hash-column',
  group: 'columns',
  title: () => t('Keep a hash instead of a column, or encrypt it'),
  description: () =>
    t(
      'Readers move to the hash before writers stop giving the plain value; with a way back both read and write side by side.',
    ),
  stored,
  fields,
  usage: '--column C --to NEW --expression EXPR [--type TYPE] [--back EXPR]',
  read: (answers): HashColumn => ({
    kind: 'hash-column',
    table: answers.table(),
    column: answers.name('column'),
    to: answers.name('to'),
    type: answers.optionalText('type') ?? 'text',
    expression: answers.text('expression'),
    ...wayBack(answers.optionalText('back')),
  }),
  answers: ({ column, to, type, expression, back = '' }) => ({ column, to, type, expression, back }),
  planChoices: [],
  describe: ({ table, column, to, back }) =>
    back === undefined
      ? t(
          'Keep the hash {0} instead of {1}.{2}',
          formatIdentifier(to),
          formatQualifiedName(table),
          formatIdentifier(column),
        )
      : t(
          'Keep {1}.{2} encrypted, in {0}',
          formatIdentifier(to),
          formatQualifiedName(table),
          formatIdentifier(column),
        ),
  words: ({ table, column }) => `hash ${table.name} ${column}`,
  columns: ({ column, to }) => [
    { column, fate: 'removed' },
    { column: to, fate: 'added' },
  ],
  law: () => null,
  look: async (change, at) => {
    const findings = await readColumnReplacement(hashReplacement(change), at);
    // Writers of both sides give the old column its value, by the way back.
    if (change.back !== undefined) return findings;
    const refused = await emptyCheckBlockers(columnOf(at.table, change.column), at);
    return { ...findings, blockers: [...findings.blockers, ...refused] };
  },
  check: (change, table) => checkReplacement(hashReplacement(change), table),
  migrationType: ({ back }) =>
    back === undefined
      ? { id: 'schema-destructive', why: t('The plain values go and cannot be computed again.') }
      : {
          id: 'data-format-change',
          why: t('Every value gets another form, which old and new code have to read.'),
        },
  rewritesRows: () => true,
  states: ({ table, column, to, type, expression, back }) => ({
    before: [
      t('The table {0} holds {1} as it was given.', formatQualifiedName(table), formatIdentifier(column)),
    ],
    after: [
      t('{0} has what {1} gave.', `${formatIdentifier(to)} ${type}`, expression),
      back === undefined
        ? t('The column {0} is gone, with its values.', formatIdentifier(column))
        : t('The column {0} is gone; {1} gives its values again.', formatIdentifier(column), back),
    ],
  }),
} satisfies ChangeType<HashColumn>;

/** What takes the place of what; of a hash nothing gives the old value again. */
export function hashReplacement({
  table,
  column,
  to,
  type,
  expression,
  back,
}: HashColumn): ColumnReplacement {
  return { table, old: [{ column, back: back ?? null }], new: [{ column: to, type, expression }] };
}

function wayBack(back: string | null): Pick<HashColumn, 'back'> {
  return back === null ? {} : { back };
}

function fields(): ChangeField[] {
  return [
    { id: 'column', asks: 'column', label: t('Column'), question: () => t('Which column?') },
    {
      id: 'to',
      asks: 'new-name',
      label: t('Column of the hash'),
      question: ({ column }) => t('Name of the column that keeps what is computed from {0}', column ?? ''),
    },
    {
      id: 'expression',
      asks: 'text',
      label: t('Hash'),
      question: () => t('What is kept, as SQL over the columns of the row'),
      placeholder: "encode(sha256(convert_to(email, 'UTF8')), 'hex')",
      hint: t(
        'It has to give the same for the same row, so no random salt. A key comes from a function of yours; written here it would stand in the plan.',
      ),
    },
    {
      id: 'type',
      asks: 'text',
      label: t('Type'),
      question: () => t('Type, as SQL spells it'),
      placeholder: 'text',
      hint: t('Left empty: {0}.', 'text'),
      optional: true,
    },
    {
      id: 'back',
      asks: 'text',
      label: t('Way back'),
      question: () => t('The old value, as SQL over the new column'),
      hint: t('Of what is encrypted. Left empty, nothing gives the old value again, as of a hash.'),
      optional: true,
    },
  ];
}

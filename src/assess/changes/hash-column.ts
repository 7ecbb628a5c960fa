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
  /** SQL over the row, from whose value the old one cannot be told. */
  expression: v.string(),
});

/** A column whose values go, and what is computed from them stays. */
export type HashColumn = v.InferOutput<typeof stored>;

export const hashColumn = {
  kind: 'hash-column',
  group: 'columns',
  title: () => t('Keep a hash instead of a column'),
  description: () => t('Readers move to the hash before writers stop giving the plain value, and it goes.'),
  stored,
  fields,
  usage: '--column C --to NEW --expression EXPR [--type TYPE]',
  read: (answers): HashColumn => ({
    kind: 'hash-column',
    table: answers.table(),
    column: answers.name('column'),
    to: answers.name('to'),
    type: answers.optionalText('type') ?? 'text',
    expression: answers.text('expression'),
  }),
  answers: ({ column, to, type, expression }) => ({ column, to, type, expression }),
  planChoices: [],
  describe: ({ table, column, to }) =>
    t(
      'Keep the hash {0} instead of {1}.{2}',
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
    const refused = await emptyCheckBlockers(columnOf(at.table, change.column), at);
    return { ...findings, blockers: [...findings.blockers, ...refused] };
  },
  check: (change, table) => checkReplacement(hashReplacement(change), table),
  migrationType: () => ({
    id: 'schema-destructive',
    why: t('The plain values go and cannot be computed again.'),
  }),
  rewritesRows: () => true,
  states: ({ table, column, to, type, expression }) => ({
    before: [
      t('The table {0} holds {1} as it was given.', formatQualifiedName(table), formatIdentifier(column)),
    ],
    after: [
      t('{0} has what {1} gave.', `${formatIdentifier(to)} ${type}`, expression),
      t('The column {0} is gone, with its values.', formatIdentifier(column)),
    ],
  }),
} satisfies ChangeType<HashColumn>;

/** What takes the place of what; nothing gives the old value again. */
export function hashReplacement({ table, column, to, type, expression }: HashColumn): ColumnReplacement {
  return { table, old: [{ column, back: null }], new: [{ column: to, type, expression }] };
}

function fields(): ChangeField[] {
  return [
    { id: 'column', asks: 'column', label: t('Column'), question: () => t('Which column?') },
    {
      id: 'to',
      asks: 'new-name',
      label: t('Column of the hash'),
      question: ({ column }) => t('Name of the column that keeps the hash of {0}', column ?? ''),
    },
    {
      id: 'expression',
      asks: 'text',
      label: t('Hash'),
      question: () => t('The hash, as SQL over the columns of the row'),
      placeholder: "encode(sha256(convert_to(email, 'UTF8')), 'hex')",
      hint: t('It has to give the same for the same row, so no random salt.'),
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
  ];
}

import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { readTypeChange } from '../type-change-facts';
import type { ChangeField, ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('change-column-type'),
  table: storedName,
  column: v.string(),
  /** A type as SQL spells it: `bigint`, `numeric(12,2)`, `app.email`. */
  type: v.string(),
  /** SQL over the row that gives the new value; null: a cast. */
  using: v.nullable(v.string()),
  /** SQL over the row, in which the column has its new type, that gives the old value; null: a cast. */
  back: v.nullable(v.string()),
});

/** A column that gets another type and keeps its name. */
export type ChangeColumnType = v.InferOutput<typeof stored>;

export const changeColumnType = {
  kind: 'change-column-type',
  group: 'columns',
  title: () => t('Change the type of a column'),
  description: () =>
    t('In place where the stored rows stay as they are; else beside the old one, kept equal, and swapped.'),
  stored,
  fields,
  usage: '--column C --type TYPE [--using EXPR] [--back EXPR]',
  read: (answers): ChangeColumnType => ({
    kind: 'change-column-type',
    table: answers.table(),
    column: answers.name('column'),
    type: answers.text('type'),
    using: answers.optionalText('using'),
    back: answers.optionalText('back'),
  }),
  answers: ({ column, type, using, back }) => ({ column, type, using: using ?? '', back: back ?? '' }),
  planChoices: [],
  describe: ({ table, column, type }) =>
    t('Change the type of {0}.{1} to {2}', formatQualifiedName(table), formatIdentifier(column), type),
  words: ({ table, column, type }) => `type of ${table.name} ${column} to ${type}`,
  columns: ({ column }) => [{ column, fate: 'changed' }],
  law: () => null,
  look: readTypeChange,
  check,
  migrationType: () => ({
    id: 'data-format-change',
    why: t('Every value of the column gets another form, which old and new code have to read.'),
  }),
  rewritesRows: () => true,
  states: ({ column, type, using }, table) => ({
    before: [
      t(
        'The column {0} of {1} is of the type {2}.',
        formatIdentifier(column),
        formatQualifiedName(table.name),
        table.columns.find(({ name }) => name === column)?.type ?? t('unknown'),
      ),
    ],
    after: [
      using === null
        ? t('It is of the type {0}; every value was cast.', type)
        : t('It is of the type {0}; every value was computed by {1}.', type, using),
      t('Its name, indexes, constraints and privileges are as before.'),
    ],
  }),
} satisfies ChangeType<ChangeColumnType>;

function fields(): ChangeField[] {
  return [
    { id: 'column', asks: 'column', label: t('Column'), question: () => t('Which column?') },
    {
      id: 'type',
      asks: 'text',
      label: t('Type'),
      question: ({ column }) => t('New type of {0}, as SQL spells it', column ?? ''),
      placeholder: 'bigint',
      hint: t('For example {0}.', 'text, bigint, timestamptz, numeric(12,2)'),
    },
    {
      id: 'using',
      asks: 'text',
      label: t('Conversion'),
      question: () => t('The new value, as SQL over the columns of the row'),
      placeholder: "price AT TIME ZONE 'UTC'",
      hint: t('Left empty, the value is cast.'),
      optional: true,
    },
    {
      id: 'back',
      asks: 'text',
      label: t('Way back'),
      question: () => t('The old value, as SQL over the row with the new one'),
      hint: t('Left empty, the value is cast. It keeps the old form true until contract, for a rollback.'),
      optional: true,
    },
  ];
}

function check({ column, type, using }: ChangeColumnType, table: TableFacts): void {
  const { type: present, generated } = columnOf(table, column);
  const name = `${formatQualifiedName(table.name)}.${formatIdentifier(column)}`;
  if (present === type.trim().toLowerCase()) {
    throw new SwitchbackError(
      'already-done',
      using === null
        ? t('{0} is of the type {1} already. There is nothing to do.', name, type)
        : t(
            '{0} is of the type {1} already. To give its values another form, use "Change the values of a column, or their form" (backfill-column).',
            name,
            type,
          ),
    );
  }
  if (generated !== null) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} is a generated column, which gets its type with its expression. Drop it and add one that computes the new type.',
        name,
      ),
    );
  }
}

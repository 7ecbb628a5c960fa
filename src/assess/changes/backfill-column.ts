import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { readNewColumn } from '../new-column';
import { newValueBlockers } from '../new-values';
import { checkRowExpression } from '../row-expression';
import type { ChangeField, ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('backfill-column'),
  table: storedName,
  column: v.string(),
  /** SQL over the row that gives the new value. */
  expression: v.string(),
  /** Which rows get it; null: all. */
  where: v.nullable(v.string()),
});

/** A column whose values are computed anew. */
export type BackfillColumn = v.InferOutput<typeof stored>;

export const backfillColumn = {
  kind: 'backfill-column',
  group: 'data',
  title: () => t('Change the values of a column, or their form'),
  description: () => t('In small batches, with the old values remembered so that they can be given back.'),
  stored,
  fields,
  usage: '--column C --expression EXPR [--where COND]',
  read: (answers): BackfillColumn => ({
    kind: 'backfill-column',
    table: answers.table(),
    column: answers.name('column'),
    expression: answers.text('expression'),
    where: answers.optionalText('where'),
  }),
  answers: ({ column, expression, where }) => ({ column, expression, where: where ?? '' }),
  planChoices: [],
  describe: ({ table, column, expression }) =>
    t('Set {0}.{1} to {2}', formatQualifiedName(table), formatIdentifier(column), expression),
  words: ({ table, column }) => `backfill ${table.name} ${column}`,
  columns: ({ column }) => [{ column, fate: 'changed' }],
  law: () => null,
  look: async (change, at) => {
    const { session, parser, table, signal } = at;
    const { type } = columnOf(table, change.column);
    const fill = { by: 'expression' as const, expression: change.expression };
    if (change.where !== null) await checkRowExpression(at, change.where, 'condition');
    const newColumn = await readNewColumn(session, parser, { ...change, type, fill }, table, signal);
    // A function that gives another value each time may change something, which is not to be tried.
    const tried = newColumn.volatility !== 'volatile';
    return { newColumn, blockers: tried ? await newValueBlockers(change, at) : [] };
  },
  check,
  migrationType: () => ({
    id: 'data-format-change',
    why: t('Values that application code reads and writes become others.'),
  }),
  rewritesRows: () => true,
  states: ({ table, column, expression, where }) => ({
    before: [
      t('Rows of {0} have their values in {1}.', formatQualifiedName(table), formatIdentifier(column)),
    ],
    after: [
      where === null
        ? t('Every row has what {0} gave.', expression)
        : t('Rows with {0} have what {1} gave; the others are as before.', where, expression),
    ],
  }),
} satisfies ChangeType<BackfillColumn>;

function fields(): ChangeField[] {
  return [
    { id: 'column', asks: 'column', label: t('Column'), question: () => t('Which column?') },
    {
      id: 'expression',
      asks: 'text',
      label: t('New value'),
      question: ({ column }) => t('New value of {0}, as SQL over the columns of the row', column ?? ''),
      placeholder: 'lower(email)',
      hint: t('SQL, without a semicolon.'),
    },
    {
      id: 'where',
      asks: 'text',
      label: t('Rows'),
      question: () => t('Which rows, as SQL over the columns of the row?'),
      placeholder: "country = 'AT'",
      hint: t('Left empty: all of them.'),
      optional: true,
    },
  ];
}

function check({ column }: BackfillColumn, table: TableFacts): void {
  const { generated, identity } = columnOf(table, column);
  if (generated === null && identity !== 'always') return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0}.{1} gets its value from the server ({2}), so that nothing else can be written to it. Choose another column.',
      formatQualifiedName(table.name),
      formatIdentifier(column),
      generated === null ? 'IDENTITY' : 'GENERATED',
    ),
  );
}

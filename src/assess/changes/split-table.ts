import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { assertIdentifier, formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { lookAtSplitTable } from '../split-table';
import type { ChangeField, ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('split-table'),
  table: storedName,
  /** The columns that go. */
  columns: v.pipe(v.array(v.string()), v.minLength(1)),
  /** The table they go to, in the same schema. */
  to: v.string(),
});

/** Columns that get a table of their own with the same key. */
export type SplitTable = v.InferOutput<typeof stored>;

export const splitTable = {
  kind: 'split-table',
  group: 'tables',
  title: () => t('Split a table'),
  description: () =>
    t('Columns go to a table of their own with the same key; both are kept equal until contract.'),
  stored,
  fields,
  usage: '--columns LIST --to NEW',
  read: (answers): SplitTable => ({
    kind: 'split-table',
    table: answers.table(),
    columns: answers.columns('columns'),
    to: answers.name('to'),
  }),
  answers: ({ columns, to }) => ({ columns: columns.map(formatIdentifier).join(', '), to }),
  planChoices: [],
  describe: ({ table, columns, to }) =>
    t(
      'Move {0} of {1} to the table {2}',
      columns.map(formatIdentifier).join(', '),
      formatQualifiedName(table),
      formatIdentifier(to),
    ),
  words: ({ table, to }) => `split ${table.name} to ${to}`,
  columns: ({ columns }) => columns.map((column) => ({ column, fate: 'removed' as const })),
  law: () => null,
  look: lookAtSplitTable,
  check,
  migrationType: () => ({
    id: 'data-format-change',
    why: t('Columns are in another table in the end, which application code has to read and write.'),
  }),
  rewritesRows: () => true,
  states: ({ columns, to }, table) => ({
    before: [
      t(
        'The table {0} has the columns {1}.',
        formatQualifiedName(table.name),
        columns.map(formatIdentifier).join(', '),
      ),
    ],
    after: [
      t(
        'The table {0} has them, with one row for each of {1}.',
        formatQualifiedName({ schema: table.name.schema, name: to }),
        formatQualifiedName(table.name),
      ),
    ],
  }),
} satisfies ChangeType<SplitTable>;

function fields(): ChangeField[] {
  return [
    {
      id: 'columns',
      asks: 'columns',
      label: t('Columns'),
      question: () => t('Which columns go to a table of their own?'),
    },
    {
      id: 'to',
      asks: 'name',
      label: t('New table'),
      question: () => t('Name of the new table'),
      hint: t('Write it as it should be; Switchback quotes it where SQL needs that.'),
    },
  ];
}

function check({ columns, to }: SplitTable, table: TableFacts): void {
  assertIdentifier(to);
  const twice = columns.find((column, place) => columns.indexOf(column) !== place);
  if (twice !== undefined)
    throw new SwitchbackError(
      'invalid-input',
      t('{0} is listed twice. Name each column once.', formatIdentifier(twice)),
    );
  for (const column of columns) columnOf(table, column);
  if (table.kind === 'table' || table.kind === 'partitioned-table') return;
  throw new SwitchbackError(
    'invalid-input',
    t('{0} is not a table with rows. Choose one.', formatQualifiedName(table.name)),
  );
}

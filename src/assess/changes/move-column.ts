import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { guidingKey, lookAtMovedColumns } from '../moved-columns';
import type { ChangeField, ChangeType } from './change-type';
import { columnList } from './constraint-fields';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('move-column'),
  table: storedName,
  /** The columns that go. */
  columns: v.pipe(v.array(v.string()), v.minLength(1)),
  /** The table they go to, which is there. */
  to: storedName,
  /** The foreign key by which a row finds the one that gets its values; null where there is only one. */
  constraint: v.nullable(v.string()),
});

/** Columns that go to the table which their own refers to. */
export type MoveColumn = v.InferOutput<typeof stored>;

export const moveColumn = {
  kind: 'move-column',
  group: 'columns',
  title: () => t('Move columns to another table'),
  description: () => t('Columns go to the table that theirs refers to; both are kept equal until contract.'),
  stored,
  fields,
  usage: '--columns LIST --to TABLE [--constraint NAME]',
  read: (answers): MoveColumn => ({
    kind: 'move-column',
    table: answers.table(),
    columns: answers.columns('columns'),
    to: answers.relation('to'),
    constraint: answers.optionalName('constraint'),
  }),
  answers: ({ columns, to, constraint }) => ({
    columns: columnList(columns),
    to: formatQualifiedName(to),
    constraint: constraint ?? '',
  }),
  planChoices: [],
  describe: ({ table, columns, to }) =>
    t('Move {0} of {1} to {2}', columnList(columns), formatQualifiedName(table), formatQualifiedName(to)),
  words: ({ table, columns, to }) => `move ${columns.join(' ')} of ${table.name} to ${to.name}`,
  columns: ({ columns }) => columns.map((column) => ({ column, fate: 'removed' as const })),
  alsoWrites: ({ to }) => [to],
  law: () => null,
  look: (change, at) =>
    lookAtMovedColumns({ ...change, key: guidingKey(at.table, change.to, change.constraint) }, at),
  check,
  migrationType: () => ({
    id: 'data-format-change',
    why: t('Columns are in another table in the end, which application code has to read and write.'),
  }),
  rewritesRows: () => true,
  states: ({ columns, to }, table) => ({
    before: [t('The table {0} has the columns {1}.', formatQualifiedName(table.name), columnList(columns))],
    after: [
      t(
        'The table {0} has them, with the values of the rows of {1} that refer to it.',
        formatQualifiedName(to),
        formatQualifiedName(table.name),
      ),
    ],
  }),
} satisfies ChangeType<MoveColumn>;

function fields(): ChangeField[] {
  return [
    {
      id: 'columns',
      asks: 'columns',
      label: t('Columns'),
      question: () => t('Which columns go to another table?'),
    },
    {
      id: 'to',
      asks: 'relation',
      label: t('To the table'),
      question: () => t('To which table do they go? A foreign key has to refer to it.'),
    },
    guidingKeyField(),
  ];
}

/** Asks by which foreign key a row finds the one that gets its values. */
export function guidingKeyField(): ChangeField {
  return {
    id: 'constraint',
    asks: 'constraint',
    label: t('Foreign key'),
    question: () => t('By which foreign key do its rows find theirs there?'),
    hint: t('Left empty, it is the only one that refers to that table.'),
    optional: true,
  };
}

function check({ columns, to, constraint }: MoveColumn, table: TableFacts): void {
  const twice = columns.find((column, place) => columns.indexOf(column) !== place);
  if (twice !== undefined)
    throw new SwitchbackError(
      'invalid-input',
      t('{0} is listed twice. Name each column once.', formatIdentifier(twice)),
    );
  for (const column of columns) columnOf(table, column);
  const { fromColumns, name } = guidingKey(table, to, constraint);
  const needed = columns.find((column) => fromColumns.includes(column));
  if (needed === undefined) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0} tells by {1} which row of the other table is meant, and has to stay. Leave it out.',
      formatIdentifier(needed),
      formatIdentifier(name),
    ),
  );
}

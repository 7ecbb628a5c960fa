import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import { asKind } from '../../sql/tree';
import { readGoingRows, type GoingRows } from '../row-removal';
import { archiveField } from './archive-field';
import type { ChangeField, ChangeType } from './change-type';
import { columnList } from './constraint-fields';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('remove-duplicates'),
  table: storedName,
  /** Rows with the same values in them are one row too many each. */
  columns: v.array(v.string()),
  /** SQL after ORDER BY: the first row stays; null: the one with the smallest key. */
  first: v.nullable(v.string()),
  /** Whether the others are moved to a table of their own. */
  archive: v.boolean(),
});

/** Rows that are there more than once, of which one stays. */
export type RemoveDuplicates = v.InferOutput<typeof stored>;

export const removeDuplicates = {
  kind: 'remove-duplicates',
  group: 'data',
  title: () => t('Remove duplicate rows'),
  description: () => t('One of the rows with the same values stays; the others go in small batches.'),
  stored,
  fields,
  usage: '--columns LIST [--first ORDER] [--archive]',
  read: (answers): RemoveDuplicates => ({
    kind: 'remove-duplicates',
    table: answers.table(),
    columns: answers.columns('columns'),
    first: answers.optionalText('first'),
    archive: answers.flag('archive'),
  }),
  answers: ({ columns, first, archive }) => ({
    columns: columnList(columns),
    first: first ?? '',
    archive: archive ? 'yes' : '',
  }),
  planChoices: [],
  describe: ({ table, columns }) =>
    t('Remove rows of {0} that have the same {1}', formatQualifiedName(table), columnList(columns)),
  words: ({ table, columns }) => `duplicates ${table.name} ${columns.join(' ')}`,
  columns: ({ columns }) => columns.map((column) => ({ column, fate: 'used' })),
  law: () => null,
  look: async (change, at) => {
    if (change.first !== null) checkOrder(change.first, at.parser);
    return readGoingRows(duplicateRows(change), at);
  },
  check,
  migrationType: () => ({
    id: 'data-format-change',
    why: t('Rows that application code may ask for go, and others stand for them.'),
  }),
  rewritesRows: () => true,
  states: ({ table, columns, archive }) => ({
    before: [t('Rows of {0} may have the same {1}.', formatQualifiedName(table), columnList(columns))],
    after: [
      t(
        'Of the rows that had the same {0} one is left; rows without a value do not count.',
        columnList(columns),
      ),
      archive ? t('The others are in a table of their own.') : t('The others are gone.'),
    ],
  }),
} satisfies ChangeType<RemoveDuplicates>;

/** Which rows go. */
export function duplicateRows({ columns, first }: RemoveDuplicates): GoingRows {
  return { by: 'duplicates', columns, first };
}

function fields(): ChangeField[] {
  return [
    {
      id: 'columns',
      asks: 'columns',
      label: t('Columns'),
      question: () => t('In which columns do duplicates have the same values?'),
    },
    {
      id: 'first',
      asks: 'text',
      label: t('The row that stays'),
      question: () => t('Which one stays? The first in this order, as SQL after ORDER BY'),
      placeholder: 'updated_at DESC',
      hint: t('Left empty: the one with the smallest key.'),
      optional: true,
    },
    archiveField(),
  ];
}

/** Throws `invalid-input` for what is no ORDER BY and nothing else. */
function checkOrder(text: string, parser: SqlParser): void {
  const { statements, comments } = parser.parse(`SELECT 1 ORDER BY ${text}`);
  const select = asKind(statements[0]?.node, 'SelectStmt');
  const more = [select?.limitCount, select?.limitOffset, select?.lockingClause, select?.larg];
  const isOrder = (select?.sortClause?.length ?? 0) > 0 && more.every((part) => part === undefined);
  if (statements.length === 1 && comments.length === 0 && isOrder) return;
  throw new SwitchbackError(
    'invalid-input',
    t('"{0}" is no order of rows. Write one as after ORDER BY, for example {1}.', text, 'updated_at DESC'),
  );
}

function check({ columns }: RemoveDuplicates, table: TableFacts): void {
  for (const column of columns) columnOf(table, column);
  const key = table.uniqueKeys.find(
    (each) => each.length > 0 && each.every((column) => columns.includes(column)),
  );
  if (key === undefined) return;
  throw new SwitchbackError(
    'already-done',
    t(
      'The rows of {0} differ in {1} by a unique key already. There is nothing to do.',
      formatQualifiedName(table.name),
      key.map((column) => formatIdentifier(column)).join(', '),
    ),
  );
}

import * as v from 'valibot';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { lookAtMovedRows } from '../moved-rows';
import type { GoingRows } from '../row-removal';
import type { ChangeField, ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('move-rows'),
  table: storedName,
  /** Which rows go. */
  where: v.string(),
  /** A table with the same columns. */
  to: storedName,
});

/** Rows that go to another table of the same shape. */
export type MoveRows = v.InferOutput<typeof stored>;

export const moveRows = {
  kind: 'move-rows',
  group: 'data',
  title: () => t('Move rows to another table'),
  description: () =>
    t('In small batches, while the application reads both tables; they can go back until contract is done.'),
  stored,
  fields,
  usage: '--where COND --to TABLE',
  read: (answers): MoveRows => ({
    kind: 'move-rows',
    table: answers.table(),
    where: answers.text('where'),
    to: answers.relation('to'),
  }),
  answers: ({ where, to }) => ({ where, to: formatQualifiedName(to) }),
  planChoices: [],
  describe: ({ table, where, to }) =>
    t('Move rows of {0} with {1} to {2}', formatQualifiedName(table), where, formatQualifiedName(to)),
  words: ({ table, to }) => `move rows of ${table.name} to ${to.name}`,
  columns: () => [],
  concernsTable: true,
  alsoWrites: ({ to }) => [to],
  law: () => null,
  look: lookAtMovedRows,
  check: ({ table, to }) => {
    if (formatQualifiedName(table) !== formatQualifiedName(to)) return;
    throw new SwitchbackError(
      'invalid-input',
      t('The rows of {0} are there already. Name another table.', formatQualifiedName(table)),
    );
  },
  migrationType: () => ({
    id: 'data-format-change',
    why: t('Rows that application code may ask for move to another table.'),
  }),
  rewritesRows: () => true,
  states: ({ table, where, to }) => ({
    before: [t('{0} has rows with {1}.', formatQualifiedName(table), where)],
    after: [t('These rows are in {0}.', formatQualifiedName(to))],
  }),
} satisfies ChangeType<MoveRows>;

/** Which rows go. */
export function movedRows({ where }: MoveRows): GoingRows {
  return { by: 'condition', where };
}

function fields(): ChangeField[] {
  return [
    {
      id: 'where',
      asks: 'text',
      label: t('Rows'),
      question: () => t('Which rows go, as SQL over the columns of the row?'),
      placeholder: "created_at < now() - interval '3 years'",
      hint: t('SQL, without a semicolon.'),
    },
    {
      id: 'to',
      asks: 'relation',
      label: t('To the table'),
      question: () => t('To which table do they go?'),
    },
  ];
}

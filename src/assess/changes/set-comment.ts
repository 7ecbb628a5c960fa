import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('set-comment'),
  table: storedName,
  /** null: the comment is on the table. */
  column: v.nullable(v.string()),
  /** null: there is to be none. */
  comment: v.nullable(v.string()),
});

/** What is said of a table or of one of its columns. */
export type SetComment = v.InferOutput<typeof stored>;

export const setComment = {
  kind: 'set-comment',
  group: 'tables',
  title: () => t('Set a comment'),
  description: () => t('Says what a table or a column is for; nothing else changes.'),
  stored,
  fields: () => [
    {
      id: 'column',
      asks: 'name',
      label: t('Column'),
      question: () => t('On which column?'),
      hint: t('Leave it empty for the table itself.'),
      optional: true,
    },
    {
      id: 'comment',
      asks: 'text',
      label: t('Comment'),
      question: () => t('What is to be said?'),
      hint: t('Leave it empty to remove the comment.'),
      optional: true,
    },
  ],
  usage: '[--column C] [--comment TEXT]',
  read: (answers): SetComment => ({
    kind: 'set-comment',
    table: answers.table(),
    column: answers.optionalName('column'),
    comment: answers.optionalText('comment'),
  }),
  answers: ({ column, comment }): Record<string, string> => ({
    ...(column === null ? {} : { column }),
    ...(comment === null ? {} : { comment }),
  }),
  planChoices: [],
  describe: (change) =>
    change.comment === null
      ? t('Remove the comment of {0}', commentedName(change))
      : t('Set the comment of {0}', commentedName(change)),
  words: ({ table, column }) => `comment of ${table.name} ${column ?? ''}`,
  columns: ({ column }) => (column === null ? [] : [{ column, fate: 'used' }]),
  law: () => null,
  check,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('Only what is said of it changes; no row and no code has to.'),
  }),
  rewritesRows: () => false,
  states: (change, table) => ({
    before: [
      t('The comment of {0}: {1}.', commentedName(change), presentComment(change, table) ?? t('none')),
    ],
    after: [t('The comment of {0}: {1}.', commentedName(change), change.comment ?? t('none'))],
  }),
} satisfies ChangeType<SetComment>;

/** What the comment is on, as SQL names it: `app.orders`, `app.orders.id`. */
export function commentedName({ table, column }: Pick<SetComment, 'table' | 'column'>): string {
  const relation = formatQualifiedName(table);
  return column === null ? relation : `${relation}.${formatIdentifier(column)}`;
}

/** The comment there is now; null where there is none. */
export function presentComment({ column }: Pick<SetComment, 'column'>, table: TableFacts): string | null {
  return column === null ? table.comment : columnOf(table, column).comment;
}

function check(change: SetComment, table: TableFacts): void {
  if (presentComment(change, table) !== change.comment) return;
  throw new SwitchbackError(
    'already-done',
    t('The comment of {0} is that already. There is nothing to do.', commentedName(change)),
  );
}

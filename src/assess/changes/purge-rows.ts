import * as v from 'valibot';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { readGoingRows, type GoingRows } from '../row-removal';
import { checkRowExpression } from '../row-expression';
import { archiveField } from './archive-field';
import type { ChangeField, ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('purge-rows'),
  table: storedName,
  /** Which rows go. */
  where: v.string(),
  /** Whether they are moved to a table of their own. */
  archive: v.boolean(),
});

/** Rows that go, by a condition. */
export type PurgeRows = v.InferOutput<typeof stored>;

export const purgeRows = {
  kind: 'purge-rows',
  group: 'data',
  title: () => t('Delete rows'),
  description: () => t('In small batches, moved to an archive on request, so that they can come back.'),
  stored,
  fields,
  usage: '--where COND [--archive]',
  read: (answers): PurgeRows => ({
    kind: 'purge-rows',
    table: answers.table(),
    where: answers.text('where'),
    archive: answers.flag('archive'),
  }),
  answers: ({ where, archive }) => ({ where, archive: archive ? 'yes' : '' }),
  planChoices: [],
  describe: ({ table, where }) => t('Delete rows of {0} with {1}', formatQualifiedName(table), where),
  words: ({ table }) => `purge ${table.name}`,
  columns: () => [],
  concernsTable: true,
  law: () => null,
  look: async (change, at) => {
    await checkRowExpression(at, change.where, 'condition');
    return readGoingRows(purgedRows(change), at);
  },
  check: () => undefined,
  migrationType: ({ archive }) => ({
    id: 'data-format-change',
    why: archive
      ? t('Rows that application code may ask for move to another table.')
      : t('Rows that application code may ask for go.'),
  }),
  rewritesRows: () => true,
  states: ({ table, where, archive }) => ({
    before: [t('{0} has rows with {1}.', formatQualifiedName(table), where)],
    after: [
      t('{0} has no such rows.', formatQualifiedName(table)),
      archive ? t('They are in a table of their own.') : t('They are gone.'),
    ],
  }),
} satisfies ChangeType<PurgeRows>;

/** Which rows go. */
export function purgedRows({ where }: PurgeRows): GoingRows {
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
    archiveField(),
  ];
}

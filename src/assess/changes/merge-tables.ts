import * as v from 'valibot';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { lookAtMergedTables, mergedColumns } from '../merged-tables';
import { guidingKey } from '../moved-columns';
import type { ChangeType } from './change-type';
import { columnList } from './constraint-fields';
import { guidingKeyField } from './move-column';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('merge-tables'),
  table: storedName,
  /** The table that gets the columns. */
  to: storedName,
  /** The foreign key by which a row finds the one that gets its values; null where there is only one. */
  constraint: v.nullable(v.string()),
});

/** A table with one row for each of another one that becomes part of that. */
export type MergeTables = v.InferOutput<typeof stored>;

export const mergeTables = {
  kind: 'merge-tables',
  group: 'tables',
  title: () => t('Merge a table into another one'),
  description: () =>
    t(
      'A table with at most one row for each of another becomes columns there; both are kept equal until it is dropped. Rows of a table of the same shape are moved by move-rows.',
    ),
  stored,
  fields: () => [
    {
      id: 'to',
      asks: 'relation',
      label: t('To the table'),
      question: () => t('Which table gets the columns? A foreign key has to refer to it.'),
    },
    guidingKeyField(),
  ],
  usage: '--to TABLE [--constraint NAME]',
  read: (answers): MergeTables => ({
    kind: 'merge-tables',
    table: answers.table(),
    to: answers.relation('to'),
    constraint: answers.optionalName('constraint'),
  }),
  answers: ({ to, constraint }) => ({ to: formatQualifiedName(to), constraint: constraint ?? '' }),
  planChoices: [],
  describe: ({ table, to }) => t('Merge {0} into {1}', formatQualifiedName(table), formatQualifiedName(to)),
  words: ({ table, to }) => `merge ${table.name} into ${to.name}`,
  columns: () => [],
  concernsTable: true,
  alsoWrites: ({ to }) => [to],
  law: () => null,
  look: lookAtMergedTables,
  check,
  migrationType: () => ({
    id: 'data-format-change',
    why: t('Columns are in another table in the end, which application code has to read and write.'),
  }),
  rewritesRows: () => true,
  states: ({ to, constraint }, table) => ({
    before: [
      t(
        'The table {0} has at most one row for each of {1}.',
        formatQualifiedName(table.name),
        formatQualifiedName(to),
      ),
    ],
    after: [
      t(
        'The table {0} has the columns {1}.',
        formatQualifiedName(to),
        columnList(mergedColumns(table, guidingKey(table, to, constraint))),
      ),
      t('There is no table {0}.', formatQualifiedName(table.name)),
    ],
  }),
} satisfies ChangeType<MergeTables>;

function check({ to, constraint }: MergeTables, table: TableFacts): void {
  if (mergedColumns(table, guidingKey(table, to, constraint)).length > 0) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0} has no column that could go to {1}: it has keys alone. Drop it instead (drop-table).',
      formatQualifiedName(table.name),
      formatQualifiedName(to),
    ),
  );
}

import * as v from 'valibot';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { lookAtLeavingTable } from '../leaving-table';
import type { ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('drop-table'),
  table: storedName,
  /** Whether its rows are kept in a file before it goes. */
  backup: v.boolean(),
});

/** A table that goes, with its rows. */
export type DropTable = v.InferOutput<typeof stored>;

export const dropTable = {
  kind: 'drop-table',
  group: 'tables',
  title: () => t('Drop a table'),
  description: () =>
    t('When no code uses it any more, it is first put out of sight, from where it can be had back.'),
  stored,
  fields: () => [
    {
      id: 'backup',
      asks: 'flag',
      label: t('Keep its rows in a file'),
      question: () => t('Are its rows kept in a file?'),
      yes: t('Yes, the plan says by which command'),
      no: t('No, they go with the table'),
    },
  ],
  usage: '[--backup]',
  read: (answers): DropTable => ({
    kind: 'drop-table',
    table: answers.table(),
    backup: answers.flag('backup'),
  }),
  answers: ({ backup }) => ({ backup: backup ? 'yes' : '' }),
  planChoices: [],
  describe: ({ table }) => t('Drop the table {0}', formatQualifiedName(table)),
  words: ({ table }) => `drop table ${table.name}`,
  columns: () => [],
  concernsTable: true,
  law: () => null,
  look: (_change, at) => lookAtLeavingTable(at),
  check: () => undefined,
  migrationType: () => ({
    id: 'schema-destructive',
    why: t('A table goes, and its rows with it.'),
  }),
  rewritesRows: () => false,
  states: ({ backup }, table) => ({
    before: [t('There is a table {0}.', formatQualifiedName(table.name))],
    after: [
      t('There is no table {0}.', formatQualifiedName(table.name)),
      backup ? t('Its rows are in a file.') : t('Its rows are gone.'),
    ],
  }),
} satisfies ChangeType<DropTable>;

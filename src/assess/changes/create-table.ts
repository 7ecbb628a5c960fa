import * as v from 'valibot';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { lookAtNewTable } from '../new-table';
import type { ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('create-table'),
  table: storedName,
  /** What stands between the parentheses of CREATE TABLE. */
  definition: v.string(),
  /** null: it has no partitions. */
  partitionBy: v.nullable(v.string()),
  /** Statements that belong to it, as of its indexes and comments; null without. */
  more: v.nullable(v.string()),
});

/** A table that is not there yet. */
export type CreateTable = v.InferOutput<typeof stored>;

export const createTable = {
  kind: 'create-table',
  group: 'tables',
  title: () => t('Create a table'),
  description: () => t('Rows that are written to it exist nowhere else: from that release on it stays.'),
  stored,
  subject: 'new-table',
  fields: () => [
    {
      id: 'definition',
      asks: 'text',
      label: t('Columns and constraints'),
      lines: 6,
      question: () => t('Which columns and constraints?'),
      placeholder: 'id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL',
      hint: t('As between the parentheses of CREATE TABLE.'),
    },
    {
      id: 'partition-by',
      asks: 'text',
      label: t('Partitioned by'),
      question: () => t('Is it partitioned, and by what?'),
      placeholder: 'RANGE (created_at)',
      hint: t('Leave it empty for a table without partitions.'),
      optional: true,
    },
    {
      id: 'more',
      asks: 'text',
      label: t('Indexes, comments, triggers'),
      question: () => t('Which indexes, comments and triggers, as statements?'),
      placeholder: 'CREATE INDEX ON app.refunds (created_at); COMMENT ON TABLE app.refunds IS ...',
      hint: t('Whole statements, separated by semicolons. Foreign keys get an index by themselves.'),
      lines: 4,
      optional: true,
    },
  ],
  usage: '--definition COLUMNS [--partition-by KEY] [--more SQL]',
  read: (answers): CreateTable => ({
    kind: 'create-table',
    table: answers.table(),
    definition: answers.text('definition'),
    partitionBy: answers.optionalText('partition-by'),
    more: answers.optionalText('more'),
  }),
  answers: ({ definition, partitionBy, more }): Record<string, string> => ({
    definition,
    ...(more === null ? {} : { more }),
    ...(partitionBy === null ? {} : { 'partition-by': partitionBy }),
  }),
  planChoices: [],
  describe: ({ table }) => t('Create the table {0}', formatQualifiedName(table)),
  words: ({ table }) => `create ${table.name}`,
  columns: () => [],
  concernsTable: true,
  law: () => null,
  look: lookAtNewTable,
  check: () => undefined,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('A table is created; what is there stays as it is.'),
  }),
  rewritesRows: () => false,
  states: ({ table, definition }) => ({
    before: [t('There is no table {0}.', formatQualifiedName(table))],
    after: [
      t('There is {0} with these columns and constraints: {1}.', formatQualifiedName(table), definition),
    ],
  }),
} satisfies ChangeType<CreateTable>;

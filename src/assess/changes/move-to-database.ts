import * as v from 'valibot';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { lookAtMoveToDatabase } from '../move-to-database';
import type { ChangeField, ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('move-to-database'),
  table: storedName,
  /** A foreign server of postgres_fdw that is there: it knows the other database, and its user mappings how to get in. */
  server: v.string(),
  /** The table's name there. */
  to: storedName,
});

/** A table that goes to another database while the application runs. */
export type MoveToDatabase = v.InferOutput<typeof stored>;

export const moveToDatabase = {
  kind: 'move-to-database',
  group: 'tables',
  title: () => t('Move a table to another database'),
  description: () =>
    t(
      'Writes are carried there, rows are copied, and the old name leads there until all code uses the other database itself.',
    ),
  stored,
  fields,
  usage: '--server NAME [--to SCHEMA.TABLE]',
  read: (answers): MoveToDatabase => ({
    kind: 'move-to-database',
    table: answers.table(),
    server: answers.name('server'),
    to: answers.optionalText('to') === null ? answers.table() : answers.relation('to'),
  }),
  answers: ({ server, to }) => ({ server, to: formatQualifiedName(to) }),
  planChoices: [],
  describe: ({ table, server, to }) =>
    t(
      'Move {0} to {2} of the server {1}',
      formatQualifiedName(table),
      formatIdentifier(server),
      formatQualifiedName(to),
    ),
  words: ({ table, server }) => `move ${table.name} to ${server}`,
  columns: () => [],
  concernsTable: true,
  law: () => null,
  look: lookAtMoveToDatabase,
  check,
  migrationType: () => ({
    id: 'data-format-change',
    why: t('Every row goes to another database, and all code that uses it follows.'),
  }),
  rewritesRows: () => true,
  states: ({ server, to }, { name }) => ({
    before: [t('{0} is in this database.', formatQualifiedName(name))],
    after: [
      t(
        '{0} of the server {1} has the rows, and all code uses it there.',
        formatQualifiedName(to),
        formatIdentifier(server),
      ),
      t('There is no {0} in this database.', formatQualifiedName(name)),
    ],
  }),
} satisfies ChangeType<MoveToDatabase>;

function fields(): ChangeField[] {
  return [
    {
      id: 'server',
      asks: 'name',
      label: t('Foreign server'),
      question: () => t('Which foreign server leads to the other database?'),
      placeholder: 'billing_database',
      hint: t(
        'One of postgres_fdw that is there, with user mappings: their passwords are in no file of the plan.',
      ),
    },
    {
      id: 'to',
      asks: 'text',
      optional: true,
      label: t('Its name there'),
      question: () => t('What is the table called there?'),
      placeholder: 'billing.invoices',
      hint: t('With its schema; left empty it is the same as here.'),
    },
  ];
}

function check(_change: MoveToDatabase, table: TableFacts): void {
  if (table.kind === 'table' || table.kind === 'partitioned-table') return;
  throw new SwitchbackError(
    'invalid-input',
    t('{0} is not a table with rows. Choose one.', formatQualifiedName(table.name)),
  );
}

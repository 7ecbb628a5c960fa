import * as v from 'valibot';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { assertIdentifier, formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { lookAtPlace } from '../stand-in-view';
import type { ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('rename-table'),
  table: storedName,
  /** Without a schema: it stays where it is. */
  to: v.string(),
});

/** A table that gets another name while old and new application code run. */
export type RenameTable = v.InferOutput<typeof stored>;

export const renameTable = {
  kind: 'rename-table',
  group: 'tables',
  title: () => t('Rename a table'),
  description: () => t('A view has the old name until no code uses it any more.'),
  stored,
  fields: () => [
    {
      id: 'to',
      asks: 'name',
      label: t('New name'),
      question: () => t('New name of the table'),
      hint: t('Write it as it should be; Switchback quotes it where SQL needs that.'),
    },
  ],
  usage: '--to NEW',
  read: (answers): RenameTable => ({
    kind: 'rename-table',
    table: answers.table(),
    to: answers.name('to'),
  }),
  answers: ({ to }) => ({ to }),
  planChoices: [],
  describe: ({ table, to }) => t('Rename {0} to {1}', formatQualifiedName(table), formatIdentifier(to)),
  words: ({ table, to }) => `rename ${table.name} to ${to}`,
  columns: () => [],
  concernsTable: true,
  law: () => null,
  look: ({ table, to }, at) => lookAtPlace(at, { schema: table.schema, name: to }),
  check: ({ table, to }) => {
    assertIdentifier(to);
    if (table.name !== to) return;
    throw new SwitchbackError(
      'invalid-input',
      t('{0} has that name already. Type the new one.', formatQualifiedName(table)),
    );
  },
  migrationType: () => ({
    id: 'schema-destructive',
    why: t('In the end a name that application code knows is gone; no row changes.'),
  }),
  rewritesRows: () => false,
  states: ({ table, to }) => ({
    before: [t('The table is called {0}.', formatQualifiedName(table))],
    after: [
      t(
        'The table is called {0}. Rows, indexes, constraints, privileges and everything that reads it are as before.',
        formatQualifiedName({ schema: table.schema, name: to }),
      ),
      t('Its indexes, constraints and sequences keep their names.'),
      t('Nothing is called {0}.', formatQualifiedName(table)),
    ],
  }),
} satisfies ChangeType<RenameTable>;

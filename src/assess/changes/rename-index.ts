import * as v from 'valibot';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { assertIdentifier, formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeType } from './change-type';
import { indexOf, refuseConstraintIndex } from './drop-index';
import { newNameField, takenIndexNameBlockers } from './rename-constraint';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('rename-index'),
  table: storedName,
  index: v.string(),
  to: v.string(),
});

/** An index that gets another name. */
export type RenameIndex = v.InferOutput<typeof stored>;

export const renameIndex = {
  kind: 'rename-index',
  group: 'indexes',
  title: () => t('Rename an index'),
  description: () => t('Queries use it as before; nobody who reads or writes has to wait.'),
  stored,
  fields: () => [
    { id: 'index', asks: 'index', label: t('Index'), question: () => t('Which index?') },
    newNameField(),
  ],
  usage: '--index I --to NEW',
  read: (answers): RenameIndex => ({
    kind: 'rename-index',
    table: answers.table(),
    index: answers.name('index'),
    to: answers.name('to'),
  }),
  answers: ({ index, to }) => ({ index, to }),
  planChoices: [],
  describe: ({ table, index, to }) =>
    t(
      'Rename the index {1} of {0} to {2}',
      formatQualifiedName(table),
      formatIdentifier(index),
      formatIdentifier(to),
    ),
  words: ({ index, to }) => `rename index ${index} to ${to}`,
  columns: () => [],
  law: () => null,
  look: async ({ to }, at) => ({ blockers: await takenIndexNameBlockers(at, to) }),
  check,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('Only a name changes, one that queries do not say.'),
  }),
  rewritesRows: () => false,
  states: ({ index, to }, table) => ({
    before: [t('There is {0}.', indexOf(table, index).definition)],
    after: [
      t('The same index is called {0}.', formatIdentifier(to)),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<RenameIndex>;

function check({ index, to }: RenameIndex, table: TableFacts): void {
  assertIdentifier(to);
  const has = (wanted: string): boolean => table.indexes.some(({ name }) => name.name === wanted);
  if (index === to || (!has(index) && has(to))) {
    throw new SwitchbackError(
      'already-done',
      t(
        '{0} has an index of the name {1}. There is nothing to do.',
        formatQualifiedName(table.name),
        formatIdentifier(to),
      ),
    );
  }
  refuseConstraintIndex(indexOf(table, index), table, 'rename-constraint');
}

import * as v from 'valibot';
import type { IndexFacts, TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { keptIndexBlockers, readIndexParts } from '../index-parts';
import { readIndexSurroundings } from '../partition-tree';
import type { ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({ kind: v.literal('drop-index'), table: storedName, index: v.string() });

/** An index that goes. */
export type DropIndex = v.InferOutput<typeof stored>;

export const dropIndex = {
  kind: 'drop-index',
  group: 'indexes',
  title: () => t('Drop an index'),
  description: () => t('How often it was used is shown before; the way back builds it again as it was.'),
  stored,
  fields: () => [{ id: 'index', asks: 'index', label: t('Index'), question: () => t('Which index?') }],
  usage: '--index I',
  read: (answers): DropIndex => ({
    kind: 'drop-index',
    table: answers.table(),
    index: answers.name('index'),
  }),
  answers: ({ index }) => ({ index }),
  planChoices: [],
  describe: ({ table, index }) =>
    t('Drop the index {1} of {0}', formatQualifiedName(table), formatIdentifier(index)),
  words: ({ index }) => `drop index ${index}`,
  columns: () => [],
  law: () => null,
  look: async ({ index }, at) => {
    const { name } = indexOf(at.table, index);
    return {
      ...(await readIndexSurroundings(at)),
      indexParts: await readIndexParts(at, name),
      blockers: await keptIndexBlockers(at, name),
    };
  },
  check: ({ index }, table) => refuseConstraintIndex(indexOf(table, index), table, 'drop-constraint'),
  migrationType: () => ({
    id: 'schema-destructive',
    why: t('An index is dropped; no row is lost, and it can be built again.'),
  }),
  rewritesRows: () => false,
  states: ({ index }, table) => ({
    before: [t('There is {0}.', indexOf(table, index).definition)],
    after: [
      t('The index {0} is gone, and writes have less to do.', formatIdentifier(index)),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<DropIndex>;

/** One index of the table. Throws `not-found`, with the names there are. */
export function indexOf(table: TableFacts, index: string): IndexFacts {
  const found = table.indexes.find(({ name }) => name.name === index);
  if (found) return found;
  throw new SwitchbackError(
    'not-found',
    t(
      'There is no index {0} of {1}. Choose one of its indexes: {2}.',
      formatIdentifier(index),
      formatQualifiedName(table.name),
      table.indexes.map(({ name }) => formatIdentifier(name.name)).join(', ') || t('it has none'),
    ),
  );
}

/** Throws `invalid-input` for an index that belongs to a constraint. */
export function refuseConstraintIndex(index: IndexFacts, table: TableFacts, instead: string): void {
  if (index.constraint === null) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      'The index {0} belongs to the constraint {1} of {2}. Plan the change of that one ({3}).',
      formatIdentifier(index.name.name),
      formatIdentifier(index.constraint),
      formatQualifiedName(table.name),
      instead,
    ),
  );
}

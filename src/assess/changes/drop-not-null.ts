import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('drop-not-null'),
  table: storedName,
  column: v.string(),
});

/** A column that may be empty from now on. */
export type DropNotNull = v.InferOutput<typeof stored>;

export const dropNotNull = {
  kind: 'drop-not-null',
  group: 'columns',
  title: () => t('Require a value no longer'),
  description: () => t('Readers learn to take NULL before anybody writes one.'),
  stored,
  fields: () => [{ id: 'column', asks: 'column', label: t('Column'), question: () => t('Which column?') }],
  usage: '--column C',
  read: (answers): DropNotNull => ({
    kind: 'drop-not-null',
    table: answers.table(),
    column: answers.name('column'),
  }),
  answers: ({ column }) => ({ column }),
  planChoices: [],
  describe: ({ table, column }) =>
    t('Require no value in {0}.{1} any longer', formatQualifiedName(table), formatIdentifier(column)),
  words: ({ table, column }) => `optional ${table.name} ${column}`,
  columns: ({ column }) => [{ column, fate: 'changed' }],
  law: () => null,
  check,
  migrationType: () => ({
    id: 'api-breaking-change',
    why: t('Code that reads the column has to take NULL before anybody writes it.'),
  }),
  rewritesRows: () => false,
  states: ({ column }) => ({
    before: [t('{0} is NOT NULL.', formatIdentifier(column))],
    after: [t('{0} may be empty (NULL).', formatIdentifier(column)), t('No row changes.')],
  }),
} satisfies ChangeType<DropNotNull>;

function check({ column }: DropNotNull, table: TableFacts): void {
  const facts = columnOf(table, column);
  const name = `${formatQualifiedName(table.name)}.${formatIdentifier(column)}`;
  if (!facts.notNull) {
    throw new SwitchbackError('already-done', t('{0} may be empty already. There is nothing to do.', name));
  }
  if (table.primaryKey?.includes(column)) {
    throw new SwitchbackError(
      'invalid-input',
      t('{0} is part of the primary key, which takes no NULL. Choose another column.', name),
    );
  }
  if (facts.identity !== null) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} is numbered by the server (IDENTITY), which takes no NULL. Drop the identity first, or choose another column.',
        name,
      ),
    );
  }
}

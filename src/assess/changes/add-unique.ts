import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import { lookAtKey } from '../new-key';
import { duplicatesQuery } from '../rows-in-the-way';
import type { ChangeType } from './change-type';
import { columnList, columnsField, constraintNameField, refuseConstraintName } from './constraint-fields';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('add-unique'),
  table: storedName,
  columns: v.array(v.string()),
  /** null: as PostgreSQL would call it. */
  name: v.nullable(v.string()),
});

/** Columns whose values may occur in one row only. */
export type AddUnique = v.InferOutput<typeof stored>;

export const addUnique = {
  kind: 'add-unique',
  group: 'constraints',
  title: () => t('Make columns unique'),
  description: () => t('The index is built while others go on writing; the constraint is made of it.'),
  stored,
  fields: () => [columnsField(), constraintNameField()],
  usage: '--columns LIST [--name N]',
  read: (answers): AddUnique => ({
    kind: 'add-unique',
    table: answers.table(),
    columns: answers.columns('columns'),
    name: answers.optionalName('name'),
  }),
  answers: ({ columns, name }) => ({
    columns: columnList(columns),
    name: name ?? '',
  }),
  planChoices: [],
  describe: ({ table, columns }) =>
    t('Make {1} unique in {0}', formatQualifiedName(table), columnList(columns)),
  words: ({ table, columns }) => `unique ${table.name} ${columns.join(' ')}`,
  columns: ({ columns }) => columns.map((column) => ({ column, fate: 'used' })),
  law: () => null,
  look: ({ columns, name }, at) =>
    lookAtKey(at, columns, name, duplicatesQuery(at.table, columns.map(quoteIdentifier))),
  check,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('A constraint is added; what it refuses the application must not write any more.'),
  }),
  rewritesRows: () => false,
  states: ({ columns }, table) => ({
    before: [
      t('Two rows of {0} may have the same {1}.', formatQualifiedName(table.name), columnList(columns)),
    ],
    after: [
      t('No two rows have the same {0}; rows without a value do not count.', columnList(columns)),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<AddUnique>;

function check({ columns, name }: AddUnique, table: TableFacts): void {
  for (const column of columns) columnOf(table, column);
  const same = table.constraints.find(
    (constraint) =>
      (constraint.kind === 'unique' || constraint.kind === 'primary-key') &&
      constraint.columns.length === columns.length &&
      columns.every((column) => constraint.columns.includes(column)),
  );
  if (same) {
    throw new SwitchbackError(
      'already-done',
      t(
        'The constraint {0} of {1} says so already. There is nothing to do.',
        formatIdentifier(same.name),
        formatQualifiedName(table.name),
      ),
    );
  }
  refuseConstraintName(name, table);
}

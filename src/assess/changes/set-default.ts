import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { readNewColumn } from '../new-column';
import type { ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('set-default'),
  table: storedName,
  column: v.string(),
  /** What rows get that are inserted without the column. */
  expression: v.string(),
});

/** A column that gets a default, or another one. */
export type SetDefault = v.InferOutput<typeof stored>;

export const setDefault = {
  kind: 'set-default',
  group: 'columns',
  title: () => t('Set a default'),
  description: () =>
    t('New rows get it where a writer leaves the column out; rows that are there keep their values.'),
  stored,
  fields: () => [
    { id: 'column', asks: 'column', label: t('Column'), question: () => t('Which column?') },
    {
      id: 'expression',
      asks: 'text',
      label: t('Default'),
      question: ({ column }) => t('Default of {0}, as SQL', column ?? ''),
      placeholder: "'new'",
      hint: t('SQL, without a semicolon.'),
    },
  ],
  usage: '--column C --expression EXPR',
  read: (answers): SetDefault => ({
    kind: 'set-default',
    table: answers.table(),
    column: answers.name('column'),
    expression: answers.text('expression'),
  }),
  answers: ({ column, expression }) => ({ column, expression }),
  planChoices: [],
  describe: ({ table, column, expression }) =>
    t('Set the default of {0}.{1} to {2}', formatQualifiedName(table), formatIdentifier(column), expression),
  words: ({ table, column }) => `default of ${table.name} ${column}`,
  columns: ({ column }) => [{ column, fate: 'used' }],
  law: () => null,
  look: async (change, { session, parser, table, signal }) => {
    const { type } = columnOf(table, change.column);
    const fill = { by: 'default' as const, expression: change.expression };
    await readNewColumn(session, parser, { ...change, type, fill }, table, signal);
    return { blockers: [] };
  },
  check,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('Only what new rows get changes; no row and no code has to.'),
  }),
  rewritesRows: () => false,
  states: ({ column, expression }, table) => ({
    before: [
      t(
        'The default of {0} is {1}.',
        formatIdentifier(column),
        table.columns.find(({ name }) => name === column)?.default ?? t('not set'),
      ),
    ],
    after: [
      t('A row inserted without {0} gets {1}.', formatIdentifier(column), expression),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<SetDefault>;

function check({ column }: SetDefault, table: TableFacts): void {
  const { generated, identity } = columnOf(table, column);
  if (generated === null && identity === null) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0}.{1} gets its value from the server ({2}), which leaves no room for a default. Choose another column.',
      formatQualifiedName(table.name),
      formatIdentifier(column),
      generated === null ? 'IDENTITY' : 'GENERATED',
    ),
  );
}

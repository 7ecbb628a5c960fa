import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { ColumnFacts, TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import { emptyCheckBlockers } from '../empty-value';
import { readNewColumn } from '../new-column';
import type { ChangeField, ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('drop-column'),
  table: storedName,
  column: v.string(),
  /** Whether its values are copied to a table of their own before it goes. */
  backup: v.boolean(),
  /** Of a required column: what rows written without it get on the way back; null where nothing can be said. */
  value: v.nullable(v.string()),
});

/** A column that goes, with its values. */
export type DropColumn = v.InferOutput<typeof stored>;

export const dropColumn = {
  kind: 'drop-column',
  group: 'columns',
  title: () => t('Drop a column'),
  description: () => t('The application stops reading it, then writing it, before it goes.'),
  stored,
  fields,
  usage: '--column C [--backup] [--value EXPR]',
  read: (answers): DropColumn => ({
    kind: 'drop-column',
    table: answers.table(),
    column: answers.name('column'),
    backup: answers.flag('backup'),
    value: answers.optionalText('value'),
  }),
  answers: ({ column, backup, value }) => ({ column, backup: backup ? 'yes' : '', value: value ?? '' }),
  planChoices: [],
  describe: ({ table, column }) =>
    t('Drop the column {0} of {1}', formatIdentifier(column), formatQualifiedName(table)),
  words: ({ table, column }) => `drop ${table.name} ${column}`,
  columns: ({ column }) => [{ column, fate: 'removed' }],
  law: () => null,
  look,
  check,
  migrationType: () => ({
    id: 'schema-destructive',
    why: t('A column goes, and its values with it.'),
  }),
  rewritesRows: () => false,
  states: ({ column, backup }, table) => ({
    before: [
      t('The table {0} has the column {1}.', formatQualifiedName(table.name), formatIdentifier(column)),
    ],
    after: [
      t('The table {0} has no column {1}.', formatQualifiedName(table.name), formatIdentifier(column)),
      backup ? t('Its values are in a table of their own.') : t('Its values are gone.'),
    ],
  }),
} satisfies ChangeType<DropColumn>;

/** Whether a row cannot be inserted without the column as it is. */
export function isAskedOfWriters({ notNull, default: byDefault, identity, generated }: ColumnFacts): boolean {
  return notNull && byDefault === null && identity === null && generated === null;
}

function fields(): ChangeField[] {
  return [
    { id: 'column', asks: 'column', label: t('Column'), question: () => t('Which column?') },
    {
      id: 'backup',
      asks: 'flag',
      label: t('Keep its values in a table of their own'),
      question: () => t('Are its values kept in a table of their own?'),
      yes: t('Yes, copy them before the column goes'),
      no: t('No, they go with the column'),
    },
    {
      id: 'value',
      asks: 'text',
      label: t('On the way back, rows without a value get'),
      question: () => t('If it is NOT NULL: what do rows written without it get on the way back?'),
      placeholder: "''",
      hint: t(
        'SQL over the columns of the row. Left empty, there is no way back once the application writes it no longer.',
      ),
      optional: true,
    },
  ];
}

async function look(change: DropColumn, at: Look): Promise<ChangeFindings> {
  const column = columnOf(at.table, change.column);
  const blockers = column.default !== null ? [] : await emptyCheckBlockers(column, at);
  if (change.value === null) return { blockers };
  const fill = { by: 'expression' as const, expression: change.value };
  const { session, parser, table, signal } = at;
  await readNewColumn(session, parser, { ...change, type: column.type, fill }, table, signal);
  return { blockers };
}

function check({ column, value }: DropColumn, table: TableFacts): void {
  const facts = columnOf(table, column);
  if (value === null || isAskedOfWriters(facts)) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      'A row may be written without {0}.{1} as it is, so that the way back has nothing to fill. Leave the value away.',
      formatQualifiedName(table.name),
      formatIdentifier(column),
    ),
  );
}

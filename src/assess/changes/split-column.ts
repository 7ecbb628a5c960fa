import * as v from 'valibot';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { checkReplacement, namesOf, type ColumnReplacement } from '../column-replacement';
import { readColumnReplacement } from '../column-replacement-facts';
import { columnList, listedColumns, listedExpressions } from '../listed-items';
import type { Answers, ChangeField, ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('split-column'),
  table: storedName,
  column: v.string(),
  /** The columns it is split into, each with SQL over the old one that gives its value. */
  into: v.array(v.object({ column: v.string(), type: v.string(), expression: v.string() })),
  /** SQL over the new columns that gives the old value again. */
  back: v.string(),
});

/** A column whose parts get columns of their own. */
export type SplitColumn = v.InferOutput<typeof stored>;

export const splitColumn = {
  kind: 'split-column',
  group: 'columns',
  title: () => t('Split a column into several'),
  description: () => t('Old and new application code write side by side: each sees what the other wrote.'),
  stored,
  fields,
  usage: '--column C --into "NAME TYPE, ..." --expression "EXPR, ..." --back EXPR',
  read,
  answers: ({ column, into, back }) => ({
    column,
    into: columnList(into),
    expression: into.map(({ expression }) => expression).join(', '),
    back,
  }),
  planChoices: [],
  describe: ({ table, column, into }) =>
    t('Split {0}.{1} into {2}', formatQualifiedName(table), formatIdentifier(column), namesOf(into)),
  words: ({ table, column }) => `split ${table.name} ${column}`,
  columns: ({ column, into }) => [
    { column, fate: 'removed' },
    ...into.map((part) => ({ column: part.column, fate: 'added' as const })),
  ],
  law: () => null,
  look: (change, at) => readColumnReplacement(splitReplacement(change), at),
  check,
  migrationType: () => ({
    id: 'data-format-change',
    why: t('What one column held is in several in the end, which application code has to read and write.'),
  }),
  rewritesRows: () => true,
  states: ({ table, column, into, back }) => ({
    before: [t('The table {0} has the column {1}.', formatQualifiedName(table), formatIdentifier(column))],
    after: [
      ...into.map((part) =>
        t('{0} has what {1} gave.', `${formatIdentifier(part.column)} ${part.type}`, part.expression),
      ),
      t('The column {0} is gone; {1} gives its values again.', formatIdentifier(column), back),
    ],
  }),
} satisfies ChangeType<SplitColumn>;

/** What takes the place of what. */
export function splitReplacement({ table, column, into, back }: SplitColumn): ColumnReplacement {
  return { table, old: [{ column, back }], new: into };
}

function read(answers: Answers): SplitColumn {
  const columns = listedColumns(answers.text('into'));
  const expressions = listedExpressions(answers.text('expression'), columns.length);
  return {
    kind: 'split-column',
    table: answers.table(),
    column: answers.name('column'),
    into: columns.map((column, index) => ({ ...column, expression: expressions[index]! })),
    back: answers.text('back'),
  };
}

function check(change: SplitColumn, table: TableFacts): void {
  checkReplacement(splitReplacement(change), table);
  if (change.into.length > 1) return;
  throw new SwitchbackError(
    'invalid-input',
    t('A column is split into two or more. For one, rename the column or change its type.'),
  );
}

function fields(): ChangeField[] {
  return [
    { id: 'column', asks: 'column', label: t('Column'), question: () => t('Which column?') },
    {
      id: 'into',
      asks: 'text',
      label: t('New columns'),
      question: ({ column }) => t('Into which columns is {0} split, each with its type?', column ?? ''),
      placeholder: 'first_name text, last_name text',
      hint: t('Names and types as in CREATE TABLE, with commas between them.'),
    },
    {
      id: 'expression',
      asks: 'text',
      label: t('Their values'),
      question: () => t('The value of each new column, as SQL over the old one'),
      placeholder: "split_part(name, ' ', 1), substr(name, strpos(name, ' ') + 1)",
      hint: t('One expression for each new column, in their order, with commas between them.'),
    },
    {
      id: 'back',
      asks: 'text',
      label: t('Way back'),
      question: () => t('The old value, as SQL over the new columns'),
      placeholder: "first_name || ' ' || last_name",
      hint: t('It keeps the old column true for code that still reads it, until contract.'),
    },
  ];
}

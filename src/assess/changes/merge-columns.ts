import * as v from 'valibot';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { checkReplacement, namesOf, type ColumnReplacement } from '../column-replacement';
import { readColumnReplacement } from '../column-replacement-facts';
import { listedExpressions } from '../listed-items';
import type { Answers, ChangeField, ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('merge-columns'),
  table: storedName,
  /** The columns that become one, each with SQL over the new one that gives its value again. */
  from: v.array(v.object({ column: v.string(), back: v.string() })),
  to: v.string(),
  type: v.string(),
  /** SQL over the old columns that gives the new value. */
  expression: v.string(),
});

/** Columns whose values become one. */
export type MergeColumns = v.InferOutput<typeof stored>;

export const mergeColumns = {
  kind: 'merge-columns',
  group: 'columns',
  title: () => t('Merge columns into one'),
  description: () => t('Old and new application code write side by side: each sees what the other wrote.'),
  stored,
  fields,
  usage: '--columns "C, ..." --to NEW --type TYPE --expression EXPR --back "EXPR, ..."',
  read,
  answers: ({ from, to, type, expression }) => ({
    columns: namesOf(from),
    to,
    type,
    expression,
    back: from.map(({ back }) => back).join(', '),
  }),
  planChoices: [],
  describe: ({ table, from, to }) =>
    t('Merge {0} of {1} into {2}', namesOf(from), formatQualifiedName(table), formatIdentifier(to)),
  words: ({ table, to }) => `merge ${table.name} into ${to}`,
  columns: ({ from, to }) => [
    ...from.map(({ column }) => ({ column, fate: 'removed' as const })),
    { column: to, fate: 'added' },
  ],
  law: () => null,
  look: (change, at) => readColumnReplacement(mergeReplacement(change), at),
  check,
  migrationType: () => ({
    id: 'data-format-change',
    why: t('What several columns held is in one in the end, which application code has to read and write.'),
  }),
  rewritesRows: () => true,
  states: ({ table, from, to, type, expression }) => ({
    before: [t('The table {0} has the columns {1}.', formatQualifiedName(table), namesOf(from))],
    after: [
      t('{0} has what {1} gave.', `${formatIdentifier(to)} ${type}`, expression),
      t('The columns {0} are gone.', namesOf(from)),
    ],
  }),
} satisfies ChangeType<MergeColumns>;

/** What takes the place of what. */
export function mergeReplacement({ table, from, to, type, expression }: MergeColumns): ColumnReplacement {
  return { table, old: from, new: [{ column: to, type, expression }] };
}

function read(answers: Answers): MergeColumns {
  const columns = answers.columns('columns');
  const backs = listedExpressions(answers.text('back'), columns.length);
  return {
    kind: 'merge-columns',
    table: answers.table(),
    from: columns.map((column, index) => ({ column, back: backs[index]! })),
    to: answers.name('to'),
    type: answers.text('type'),
    expression: answers.text('expression'),
  };
}

function check(change: MergeColumns, table: TableFacts): void {
  checkReplacement(mergeReplacement(change), table);
  if (change.from.length > 1) return;
  throw new SwitchbackError(
    'invalid-input',
    t('Two columns or more become one. For one, rename the column or change its type.'),
  );
}

function fields(): ChangeField[] {
  return [
    { id: 'columns', asks: 'columns', label: t('Columns'), question: () => t('Which columns?') },
    {
      id: 'to',
      asks: 'new-name',
      label: t('New column'),
      question: ({ columns }) => t('Name of the column that {0} become', columns ?? ''),
    },
    {
      id: 'type',
      asks: 'text',
      label: t('Type'),
      question: () => t('Type, as SQL spells it'),
      placeholder: 'text',
      hint: t('For example {0}.', 'text, bigint, timestamptz, numeric(12,2)'),
    },
    {
      id: 'expression',
      asks: 'text',
      label: t('Its value'),
      question: () => t('The new value, as SQL over the old columns'),
      placeholder: "first_name || ' ' || last_name",
      hint: t('SQL, without a semicolon.'),
    },
    {
      id: 'back',
      asks: 'text',
      label: t('Way back'),
      question: () => t('The value of each old column, as SQL over the new one'),
      placeholder: "split_part(name, ' ', 1), substr(name, strpos(name, ' ') + 1)",
      hint: t(
        'One expression for each old column, in their order, with commas between them. They keep the old columns true until contract.',
      ),
    },
  ];
}

import * as v from 'valibot';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { checkRowExpression } from '../row-expression';
import { rowsInTheWay, violationsQuery } from '../rows-in-the-way';
import type { ChangeType } from './change-type';
import { constraintNameField, refuseConstraintName } from './constraint-fields';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('add-check'),
  table: storedName,
  /** What must not be false for any row. */
  expression: v.string(),
  /** null: as PostgreSQL would call it. */
  name: v.nullable(v.string()),
});

/** A condition that every row has to meet. */
export type AddCheck = v.InferOutput<typeof stored>;

export const addCheck = {
  kind: 'add-check',
  group: 'constraints',
  title: () => t('Add a check'),
  description: () => t('New rows are checked first, then those that are there, while others go on writing.'),
  stored,
  fields: () => [
    {
      id: 'expression',
      asks: 'text',
      label: t('Condition'),
      question: () => t('The condition, over the columns of the row'),
      placeholder: 'amount > 0',
      hint: t('SQL, without a semicolon.'),
    },
    constraintNameField(),
  ],
  usage: '--expression EXPR [--name N]',
  read: (answers): AddCheck => ({
    kind: 'add-check',
    table: answers.table(),
    expression: answers.text('expression'),
    name: answers.optionalName('name'),
  }),
  answers: ({ expression, name }) => ({ expression, name: name ?? '' }),
  planChoices: [],
  describe: ({ table, expression }) => t('Check {1} on {0}', formatQualifiedName(table), expression),
  words: ({ table, name, expression }) => `check ${table.name} ${name ?? expression}`,
  columns: () => [],
  law: () => null,
  look: async (change, at) => {
    await checkRowExpression(at, change.expression, 'condition');
    const query = violationsQuery(at.table, change.expression);
    return { blockers: await rowsInTheWay(at.session, query, at.table.name, at.signal) };
  },
  check: ({ name }, table) => refuseConstraintName(name, table),
  migrationType: () => ({
    id: 'schema-additive',
    why: t('A constraint is added; what it refuses the application must not write any more.'),
  }),
  rewritesRows: () => false,
  states: ({ expression }, table) => ({
    before: [
      t('A row of {0} may be written for which {1} is false.', formatQualifiedName(table.name), expression),
    ],
    after: [
      t('A row for which {0} is false is refused.', expression),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<AddCheck>;

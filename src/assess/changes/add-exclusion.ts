import * as v from 'valibot';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { exclusionDefinition, lookAtExclusion } from '../exclusion';
import type { ChangeType } from './change-type';
import { constraintNameField, refuseConstraintName } from './constraint-fields';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('add-exclusion'),
  table: storedName,
  /** What excludes: `room WITH =, during WITH &&`. */
  expression: v.string(),
  /** null: as PostgreSQL would call it. */
  name: v.nullable(v.string()),
  method: v.string(),
  /** The rows it is about; null: all. */
  where: v.nullable(v.string()),
});

/** Rows that may not be beside each other. */
export type AddExclusion = v.InferOutput<typeof stored>;

export const addExclusion = {
  kind: 'add-exclusion',
  group: 'constraints',
  title: () => t('Let rows exclude each other'),
  description: () => t('For example overlapping bookings of one room; of small tables, under a short lock.'),
  stored,
  fields: () => [
    {
      id: 'expression',
      asks: 'text',
      label: t('What excludes'),
      question: () => t('Which columns, each with the operator that two rows must not both fulfil?'),
      placeholder: 'room WITH =, during WITH &&',
      hint: t('SQL, as between the parentheses of EXCLUDE.'),
    },
    constraintNameField(),
    {
      id: 'method',
      asks: 'text',
      label: t('Method'),
      question: () => t('Which index method?'),
      placeholder: 'gist',
      hint: t('For example {0}.', 'gist, spgist'),
      optional: true,
    },
    {
      id: 'where',
      asks: 'text',
      label: t('Only rows where'),
      question: () => t('Which rows is it about, as a condition?'),
      placeholder: 'cancelled_at IS NULL',
      hint: t('Left empty, it is about every row.'),
      optional: true,
    },
  ],
  usage: '--expression "COLUMN WITH OPERATOR, ..." [--name N] [--method METHOD] [--where EXPR]',
  read: (answers): AddExclusion => ({
    kind: 'add-exclusion',
    table: answers.table(),
    expression: answers.text('expression'),
    name: answers.optionalName('name'),
    method: answers.optionalText('method') ?? 'gist',
    where: answers.optionalText('where'),
  }),
  answers: ({ expression, name, method, where }) => ({
    expression,
    name: name ?? '',
    method,
    where: where ?? '',
  }),
  planChoices: [],
  describe: ({ table, expression }) =>
    t('Let rows of {0} exclude each other by {1}', formatQualifiedName(table), expression),
  words: ({ table, name, expression }) => `exclude ${table.name} ${name ?? expression}`,
  columns: () => [],
  law: () => null,
  look: lookAtExclusion,
  check: ({ name }, table: TableFacts) => refuseConstraintName(name, table),
  migrationType: () => ({
    id: 'schema-additive',
    why: t('A constraint is added; what it refuses the application must not write any more.'),
  }),
  rewritesRows: () => false,
  states: (change, table) => ({
    before: [t('Any two rows of {0} may be beside each other.', formatQualifiedName(table.name))],
    after: [
      t('No two rows are there that {0} refuses.', exclusionDefinition(change)),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<AddExclusion>;

import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import { domainColumnField, refuseOtherThanDomain } from '../domain-column';
import { checkDomainCondition, domainViolationsQuery, proofBlockers } from '../domain-values';
import { readOwnType, typeBlockers } from '../own-type';
import { rowsInTheWay } from '../rows-in-the-way';
import type { ChangeType, Look } from './change-type';
import { constraintNameField } from './constraint-fields';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('add-domain-check'),
  table: storedName,
  /** A column of the domain. */
  column: v.string(),
  /** What must not be false for any value, over VALUE. */
  expression: v.string(),
  /** null: as PostgreSQL would call it. */
  name: v.nullable(v.string()),
});

/** A condition that every value of a domain has to meet. */
export type AddDomainCheck = v.InferOutput<typeof stored>;

export const addDomainCheck = {
  kind: 'add-domain-check',
  group: 'types',
  title: () => t('Add a check to a domain'),
  description: () =>
    t('New values are checked first, then those that are there, in every table that has some.'),
  stored,
  fields: () => [
    domainColumnField(),
    {
      id: 'expression',
      asks: 'text',
      label: t('Condition'),
      question: () => t('The condition, over VALUE'),
      placeholder: 'VALUE > 0',
      hint: t('SQL, without a semicolon.'),
    },
    constraintNameField(),
  ],
  usage: '--column C --expression EXPR [--name N]',
  read: (answers): AddDomainCheck => ({
    kind: 'add-domain-check',
    table: answers.table(),
    column: answers.name('column'),
    expression: answers.text('expression'),
    name: answers.optionalName('name'),
  }),
  answers: ({ column, expression, name }) => ({ column, expression, name: name ?? '' }),
  planChoices: [],
  describe: ({ table, column, expression }) =>
    t('Check {0} on the domain of {1}.{2}', expression, formatQualifiedName(table), formatIdentifier(column)),
  words: ({ table, column, name, expression }) => `domain of ${table.name} ${column} ${name ?? expression}`,
  columns: ({ column }) => [{ column, fate: 'used' }],
  law: () => null,
  look,
  check: ({ column }, table) => refuseOtherThanDomain(column, table),
  migrationType: () => ({
    id: 'schema-additive',
    why: t('A constraint is added; what it refuses the application must not write any more.'),
  }),
  rewritesRows: () => false,
  states: ({ column, expression }, table) => ({
    before: [
      t(
        'Columns of the domain {0} take values for which {1} is false.',
        columnOf(table, column).type,
        expression,
      ),
    ],
    after: [
      t('A value for which {0} is false is refused, in every column of the domain.', expression),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<AddDomainCheck>;

async function look({ column, expression, name }: AddDomainCheck, at: Look): Promise<ChangeFindings> {
  const ownType = await readOwnType(at, columnOf(at.table, column));
  if (name !== null && ownType.checks.some((each) => each.name === name)) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} has a constraint {1} already. Choose another name.',
        formatQualifiedName(ownType.name),
        formatIdentifier(name),
      ),
    );
  }
  await checkDomainCondition(at, ownType, expression);
  const blockers = [...typeBlockers(ownType), ...proofBlockers(ownType)];
  if (blockers.length > 0) return { ownType, blockers };
  const query = domainViolationsQuery(ownType, expression);
  return { ownType, blockers: await rowsInTheWay(at.session, query, ownType.name, at.signal) };
}

import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import { domainColumnField, refuseOtherThanDomain } from '../domain-column';
import { readOwnType, typeBlockers, type DomainCheck, type OwnType } from '../own-type';
import type { ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('drop-domain-check'),
  table: storedName,
  /** A column of the domain. */
  column: v.string(),
  name: v.string(),
});

/** A condition of a domain that goes. */
export type DropDomainCheck = v.InferOutput<typeof stored>;

export const dropDomainCheck = {
  kind: 'drop-domain-check',
  group: 'types',
  title: () => t('Drop a check of a domain'),
  description: () => t('Values that it refused are taken, in every table that has a column of the domain.'),
  stored,
  fields: () => [
    domainColumnField(),
    { id: 'name', asks: 'name', label: t('Name'), question: () => t('Name of the constraint') },
  ],
  usage: '--column C --name N',
  read: (answers): DropDomainCheck => ({
    kind: 'drop-domain-check',
    table: answers.table(),
    column: answers.name('column'),
    name: answers.name('name'),
  }),
  answers: ({ column, name }) => ({ column, name }),
  planChoices: [],
  describe: ({ table, column, name }) =>
    t(
      'Drop the check {0} of the domain of {1}.{2}',
      formatIdentifier(name),
      formatQualifiedName(table),
      formatIdentifier(column),
    ),
  words: ({ table, column, name }) => `drop ${name} of domain of ${table.name} ${column}`,
  columns: ({ column }) => [{ column, fate: 'used' }],
  law: () => null,
  look,
  check: ({ column }, table) => refuseOtherThanDomain(column, table),
  migrationType: () => ({
    id: 'schema-additive',
    why: t('Only what new values may be changes; no row has to.'),
  }),
  rewritesRows: () => false,
  states: ({ column, name }, table) => ({
    before: [
      t('{0} refuses some values of the domain {1}.', formatIdentifier(name), columnOf(table, column).type),
    ],
    after: [
      t('There is no check {0} of the domain.', formatIdentifier(name)),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<DropDomainCheck>;

/** The check of that name. Throws `not-found`, with the names there are. */
export function domainCheckOf({ name: domain, checks }: OwnType, name: string): DomainCheck {
  const found = checks.find((each) => each.name === name);
  if (found) return found;
  throw new SwitchbackError(
    'not-found',
    t(
      'The domain {0} has no check {1} of its own. Choose one of these: {2}.',
      formatQualifiedName(domain),
      formatIdentifier(name),
      checks.map((each) => formatIdentifier(each.name)).join(', ') || t('it has none'),
    ),
  );
}

async function look({ column, name }: DropDomainCheck, at: Look): Promise<ChangeFindings> {
  const ownType = await readOwnType(at, columnOf(at.table, column));
  domainCheckOf(ownType, name);
  return { ownType, blockers: typeBlockers(ownType) };
}

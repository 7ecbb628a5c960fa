import * as v from 'valibot';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { lookAtLeavingAttribute } from '../attribute-facts';
import type { ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('drop-attribute'),
  /** The composite type. */
  table: storedName,
  /** Of the attribute. */
  name: v.string(),
});

/** A composite type that has one attribute less. */
export type DropAttribute = v.InferOutput<typeof stored>;

export const dropAttribute = {
  kind: 'drop-attribute',
  group: 'types',
  title: () => t('Drop an attribute of a composite type'),
  description: () =>
    t('Code does without it first; no row is written, and values that columns have lose it for good.'),
  stored,
  subject: 'type',
  fields: () => [{ id: 'name', asks: 'name', label: t('Name'), question: () => t('Which attribute goes?') }],
  usage: '--name N',
  read: (answers): DropAttribute => ({
    kind: 'drop-attribute',
    table: answers.table(),
    name: answers.name('name'),
  }),
  answers: ({ name }) => ({ name }),
  planChoices: [],
  describe: ({ table, name }) =>
    t('Drop the attribute {0} of {1}', formatIdentifier(name), formatQualifiedName(table)),
  words: ({ table, name }) => `drop attribute ${name} of ${table.name}`,
  columns: () => [],
  law: () => null,
  look: lookAtLeavingAttribute,
  check: () => undefined,
  migrationType: () => ({
    id: 'api-breaking-change',
    why: t('No row is written; a value that is made with all attributes in a row has to have one less.'),
  }),
  rewritesRows: () => false,
  states: ({ table, name }) => ({
    before: [t('{0} has the attribute {1}.', formatQualifiedName(table), formatIdentifier(name))],
    after: [
      t('{0} has no attribute {1}.', formatQualifiedName(table), formatIdentifier(name)),
      t('What values had in it cannot be read any more.'),
    ],
  }),
} satisfies ChangeType<DropAttribute>;

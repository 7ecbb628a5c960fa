import * as v from 'valibot';
import { t } from '../../messages/translate';
import { assertIdentifier, formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { lookAtRenamedAttribute } from '../attribute-facts';
import type { ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('rename-attribute'),
  /** The composite type. */
  table: storedName,
  /** Of the attribute. */
  name: v.string(),
  to: v.string(),
});

/** An attribute of a composite type that gets another name. */
export type RenameAttribute = v.InferOutput<typeof stored>;

export const renameAttribute = {
  kind: 'rename-attribute',
  group: 'types',
  title: () => t('Rename an attribute of a composite type'),
  description: () =>
    t('It can be read by its new name before it has it; code that writes it by name stops to do so first.'),
  stored,
  subject: 'type',
  fields: () => [
    { id: 'name', asks: 'name', label: t('Name'), question: () => t('Which attribute is renamed?') },
    {
      id: 'to',
      asks: 'name',
      label: t('New name'),
      question: ({ name }) => t('What is {0} called?', name ?? ''),
      hint: t('Write it as it should be; Switchback quotes it where SQL needs that.'),
    },
  ],
  usage: '--name N --to NEW',
  read: (answers): RenameAttribute => ({
    kind: 'rename-attribute',
    table: answers.table(),
    name: answers.name('name'),
    to: answers.name('to'),
  }),
  answers: ({ name, to }) => ({ name, to }),
  planChoices: [],
  describe: ({ table, name, to }) =>
    t(
      'Rename the attribute {0} of {1} to {2}',
      formatIdentifier(name),
      formatQualifiedName(table),
      formatIdentifier(to),
    ),
  words: ({ table, name, to }) => `attribute ${name} of ${table.name} to ${to}`,
  columns: () => [],
  law: () => null,
  look: lookAtRenamedAttribute,
  check: ({ to }) => assertIdentifier(to),
  migrationType: () => ({
    id: 'api-breaking-change',
    why: t('No row changes; whoever names the attribute has to name it in another way.'),
  }),
  rewritesRows: () => false,
  states: ({ table, name, to }) => ({
    before: [t('{0} has the attribute {1}.', formatQualifiedName(table), formatIdentifier(name))],
    after: [
      t('{0} has it as {1}, in the same place.', formatQualifiedName(table), formatIdentifier(to)),
      t('Views and indexes that read it go on reading it.'),
    ],
  }),
} satisfies ChangeType<RenameAttribute>;

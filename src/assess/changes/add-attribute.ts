import * as v from 'valibot';
import { t } from '../../messages/translate';
import { assertIdentifier, formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { lookAtNewAttribute } from '../composite-type';
import type { ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('add-attribute'),
  /** The composite type. */
  table: storedName,
  /** Of the attribute. */
  name: v.string(),
  type: v.string(),
});

/** A composite type that gets one more attribute. */
export type AddAttribute = v.InferOutput<typeof stored>;

export const addAttribute = {
  kind: 'add-attribute',
  group: 'types',
  title: () => t('Add an attribute to a composite type'),
  description: () =>
    t(
      'Code that makes or reads values of it takes any number of attributes first; stored values stay as they are.',
    ),
  stored,
  subject: 'type',
  fields: () => [
    {
      id: 'name',
      asks: 'name',
      label: t('Name'),
      question: () => t('What is the attribute called?'),
      hint: t('Write it as it should be; Switchback quotes it where SQL needs that.'),
    },
    {
      id: 'type',
      asks: 'text',
      label: t('Type'),
      question: ({ name }) => t('Type of {0}', name ?? ''),
      placeholder: 'text',
    },
  ],
  usage: '--name N --type TYPE',
  read: (answers): AddAttribute => ({
    kind: 'add-attribute',
    table: answers.table(),
    name: answers.name('name'),
    type: answers.text('type'),
  }),
  answers: ({ name, type }) => ({ name, type }),
  planChoices: [],
  describe: ({ table, name, type }) =>
    t('Add the attribute {0} {1} to {2}', formatIdentifier(name), type, formatQualifiedName(table)),
  words: ({ table, name }) => `attribute ${name} of ${table.name}`,
  columns: () => [],
  law: () => null,
  look: lookAtNewAttribute,
  check: ({ name }) => assertIdentifier(name),
  migrationType: () => ({
    id: 'api-breaking-change',
    why: t('No row changes; a value that is made with all attributes in a row has to have one more.'),
  }),
  rewritesRows: () => false,
  states: ({ table, name, type }) => ({
    before: [t('{0} has no attribute {1}.', formatQualifiedName(table), formatIdentifier(name))],
    after: [
      t(
        '{0} has the attribute {1} {2}, behind the others.',
        formatQualifiedName(table),
        formatIdentifier(name),
        type,
      ),
    ],
  }),
} satisfies ChangeType<AddAttribute>;

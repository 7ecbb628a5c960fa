import * as v from 'valibot';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { lookAtReplacedView } from '../replaced-view';
import type { ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('replace-view'),
  table: storedName,
  /** The new query. */
  definition: v.string(),
});

/** A view that gets another query. */
export type ReplaceView = v.InferOutput<typeof stored>;

export const replaceView = {
  kind: 'replace-view',
  group: 'views',
  title: () => t('Replace the query of a view'),
  description: () =>
    t(
      'Views over it, rights, triggers and comments stay; columns keep their places, and new ones come behind.',
    ),
  stored,
  subject: 'view',
  fields: () => [
    {
      id: 'definition',
      asks: 'text',
      label: t('Query'),
      lines: 6,
      question: () => t('Which query does it get?'),
      placeholder: 'SELECT id, name, upper(name) AS shown FROM app.customers',
      hint: t('One SELECT, without a semicolon, that gives the columns there are, in their order.'),
    },
  ],
  usage: '--definition QUERY',
  read: (answers): ReplaceView => ({
    kind: 'replace-view',
    table: answers.table(),
    definition: answers.text('definition'),
  }),
  answers: ({ definition }) => ({ definition }),
  planChoices: [],
  describe: ({ table }) => t('Replace the query of the view {0}', formatQualifiedName(table)),
  words: ({ table }) => `replace view ${table.name}`,
  columns: () => [],
  concernsTable: true,
  law: () => null,
  look: ({ definition }, at) => lookAtReplacedView(definition, at),
  check: () => undefined,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('The view keeps its columns; what it gives in them may be other than before.'),
  }),
  rewritesRows: () => false,
  states: ({ definition }, table) => ({
    before: [t('The view {0} has another query.', formatQualifiedName(table.name))],
    after: [
      t('The view {0} gives what this gives: {1}', formatQualifiedName(table.name), definition),
      t('Rows of tables keep their values.'),
    ],
  }),
} satisfies ChangeType<ReplaceView>;

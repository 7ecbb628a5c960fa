import * as v from 'valibot';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { lookAtReplacedView } from '../replaced-view';
import type { ChangeType } from './change-type';
import { storedName } from './stored-name';
import { ofViewQuery, queryField } from './view-query';

const stored = v.object({
  kind: v.literal('replace-view'),
  table: storedName,
  /** The new query. */
  definition: v.string(),
});

/** A view that gets another query. */
export type ReplaceView = v.InferOutput<typeof stored>;

export const replaceView = {
  ...ofViewQuery,
  kind: 'replace-view',
  title: () => t('Replace the query of a view'),
  description: () =>
    t(
      'Views over it, rights, triggers and comments stay; columns keep their places, and new ones come behind.',
    ),
  stored,
  fields: () => [
    queryField(
      'SELECT id, name, upper(name) AS shown FROM app.customers',
      t('One SELECT, without a semicolon, that gives the columns there are, in their order.'),
    ),
  ],
  read: (answers): ReplaceView => ({
    kind: 'replace-view',
    table: answers.table(),
    definition: answers.text('definition'),
  }),
  describe: ({ table }) => t('Replace the query of the view {0}', formatQualifiedName(table)),
  words: ({ table }) => `replace view ${table.name}`,
  look: ({ definition }, at) => lookAtReplacedView(definition, at),
  migrationType: () => ({
    id: 'schema-additive',
    why: t('The view keeps its columns; what it gives in them may be other than before.'),
  }),
  states: ({ definition }, table) => ({
    before: [t('The view {0} has another query.', formatQualifiedName(table.name))],
    after: [
      t('The view {0} gives what this gives: {1}', formatQualifiedName(table.name), definition),
      t('Rows of tables keep their values.'),
    ],
  }),
} satisfies ChangeType<ReplaceView>;

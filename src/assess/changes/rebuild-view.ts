import * as v from 'valibot';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { lookAtRebuiltView } from '../rebuilt-views';
import type { ChangeType } from './change-type';
import { storedName } from './stored-name';
import { ofViewQuery, queryField } from './view-query';

const stored = v.object({
  kind: v.literal('rebuild-view'),
  table: storedName,
  /** The new query. */
  definition: v.string(),
});

/** A view that gets a query with other columns. */
export type RebuildView = v.InferOutput<typeof stored>;

export const rebuildView = {
  ...ofViewQuery,
  kind: 'rebuild-view',
  title: () => t('Change the columns of a view'),
  description: () =>
    t(
      'It is made anew in one transaction with all views over it: options, owners, rights, comments, triggers and rules.',
    ),
  stored,
  fields: () => [
    queryField(
      'SELECT id, name FROM app.customers',
      t('One SELECT, without a semicolon. Columns may go, come and change their type.'),
    ),
  ],
  read: (answers): RebuildView => ({
    kind: 'rebuild-view',
    table: answers.table(),
    definition: answers.text('definition'),
  }),
  describe: ({ table }) => t('Change the columns of the view {0}', formatQualifiedName(table)),
  words: ({ table }) => `rebuild view ${table.name}`,
  look: ({ definition }, at) => lookAtRebuiltView(definition, at),
  migrationType: () => ({
    id: 'api-breaking-change',
    why: t('Columns of the view go or change their type; no row of a table changes.'),
  }),
  states: ({ definition }, table) => ({
    before: [t('The view {0} has other columns.', formatQualifiedName(table.name))],
    after: [
      t('The view {0} gives what this gives: {1}', formatQualifiedName(table.name), definition),
      t('Rows of tables keep their values.'),
    ],
  }),
} satisfies ChangeType<RebuildView>;

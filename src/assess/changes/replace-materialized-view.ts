import * as v from 'valibot';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { lookAtReplacedMaterializedView } from '../replaced-materialized-view';
import type { ChangeType } from './change-type';
import { storedName } from './stored-name';
import { ofViewQuery, queryField } from './view-query';

const stored = v.object({
  kind: v.literal('replace-materialized-view'),
  table: storedName,
  /** The new query. */
  definition: v.string(),
});

/** A materialized view that gets another query. */
export type ReplaceMaterializedView = v.InferOutput<typeof stored>;

export const replaceMaterializedView = {
  ...ofViewQuery,
  kind: 'replace-materialized-view',
  title: () => t('Replace the query of a materialized view'),
  description: () =>
    t(
      'A second one is filled beside it with the same indexes and takes its name in a moment; the one before is kept a while.',
    ),
  stored,
  fields: () => [
    queryField(
      'SELECT customer_id, count(*) AS orders FROM app.orders GROUP BY customer_id',
      t('One SELECT, without a semicolon. Columns may go, come and change their type.'),
    ),
  ],
  read: (answers): ReplaceMaterializedView => ({
    kind: 'replace-materialized-view',
    table: answers.table(),
    definition: answers.text('definition'),
  }),
  describe: ({ table }) => t('Replace the query of the materialized view {0}', formatQualifiedName(table)),
  words: ({ table }) => `replace materialized view ${table.name}`,
  look: ({ definition }, at) => lookAtReplacedMaterializedView(definition, at),
  migrationType: () => ({
    id: 'api-breaking-change',
    why: t('Readers get what the new query gives, and perhaps other columns; no row of a table changes.'),
  }),
  states: ({ definition }, table) => ({
    before: [t('The materialized view {0} has another query.', formatQualifiedName(table.name))],
    after: [
      t('The materialized view {0} gives what this gives: {1}', formatQualifiedName(table.name), definition),
      t('Rows of tables keep their values.'),
    ],
  }),
} satisfies ChangeType<ReplaceMaterializedView>;

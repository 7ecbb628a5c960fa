import * as v from 'valibot';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { lookAtReplacedMaterializedView } from '../replaced-materialized-view';
import type { ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('replace-materialized-view'),
  table: storedName,
  /** The new query. */
  definition: v.string(),
});

/** A materialized view that gets another query. */
export type ReplaceMaterializedView = v.InferOutput<typeof stored>;

export const replaceMaterializedView = {
  kind: 'replace-materialized-view',
  group: 'views',
  title: () => t('Replace the query of a materialized view'),
  description: () =>
    t(
      'A second one is filled beside it with the same indexes and takes its name in a moment; the one before is kept a while.',
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
      placeholder: 'SELECT customer_id, count(*) AS orders FROM app.orders GROUP BY customer_id',
      hint: t('One SELECT, without a semicolon. Columns may go, come and change their type.'),
    },
  ],
  usage: '--definition QUERY',
  read: (answers): ReplaceMaterializedView => ({
    kind: 'replace-materialized-view',
    table: answers.table(),
    definition: answers.text('definition'),
  }),
  answers: ({ definition }) => ({ definition }),
  planChoices: [],
  describe: ({ table }) => t('Replace the query of the materialized view {0}', formatQualifiedName(table)),
  words: ({ table }) => `replace materialized view ${table.name}`,
  columns: () => [],
  concernsTable: true,
  law: () => null,
  look: ({ definition }, at) => lookAtReplacedMaterializedView(definition, at),
  check: () => undefined,
  migrationType: () => ({
    id: 'api-breaking-change',
    why: t('Readers get what the new query gives, and perhaps other columns; no row of a table changes.'),
  }),
  rewritesRows: () => false,
  states: ({ definition }, table) => ({
    before: [t('The materialized view {0} has another query.', formatQualifiedName(table.name))],
    after: [
      t('The materialized view {0} gives what this gives: {1}', formatQualifiedName(table.name), definition),
      t('Rows of tables keep their values.'),
    ],
  }),
} satisfies ChangeType<ReplaceMaterializedView>;

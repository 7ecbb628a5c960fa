import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import type { FixProposal } from '../fix-proposal';
import { relationKey } from '../known-schema';
import { isUnseen } from '../reading/commands';
import { wordPlace } from '../reading/statement-text';
import type { Rule, RuleContext } from '../rule';

export const refreshMaterializedView: Rule = {
  id: 'refresh-materialized-view',
  title: 'Refreshing a materialized view while nobody can read it',
  severity: 'error',
  on: ['RefreshMatViewStmt'],
  since: null,
  until: null,
  why: 'REFRESH MATERIALIZED VIEW holds ACCESS EXCLUSIVE on the view for as long as its query runs, and every reader waits. With CONCURRENTLY, which needs a unique index on plain columns, readers keep the old rows meanwhile.',
  url: 'https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html',
  bad: {
    before:
      'create table orders (id int primary key, amount int); create materialized view totals as select id, amount from orders;',
    sql: 'refresh materialized view totals;',
  },
  good: {
    before:
      'create table orders (id int primary key, amount int); create materialized view totals as select id, amount from orders; create unique index totals_id on totals (id);',
    sql: 'refresh materialized view concurrently totals;',
  },
  check(context) {
    const { statement, schema } = context;
    const refresh = asKind(statement.node, 'RefreshMatViewStmt');
    if (!refresh || refresh.concurrent || refresh.skipData) return [];
    const view = relationKey(schema, refresh.relation);
    if (isUnseen(context, view)) return [];
    const indexed = hasUniqueIndex(context, view);
    const message = indexed
      ? t(
          'Nobody can read {0} until its query has run. Refresh it CONCURRENTLY: it has a unique index.',
          relationLabel(view),
        )
      : t(
          'Nobody can read {0} until its query has run. Give it a unique index on plain columns, and refresh it CONCURRENTLY.',
          relationLabel(view),
        );
    return [{ message, fix: indexed ? concurrently(context) : null }];
  },
};

/** What CONCURRENTLY asks for: a unique index of columns alone that covers all rows. */
function hasUniqueIndex({ schema }: RuleContext, view: string): boolean {
  const indexes = schema.relations.get(view)?.indexes ?? [];
  return indexes.some((index) => index.unique && index.valid && !index.computed);
}

function concurrently({ statement }: RuleContext): FixProposal | null {
  const word = wordPlace(statement.text, 'view');
  if (!word) return null;
  const place = statement.start.offset + word.end;
  return {
    kind: 'edit',
    title: t('Refresh it CONCURRENTLY'),
    edits: [{ start: place, end: place, newText: ' CONCURRENTLY' }],
    follows: [],
  };
}

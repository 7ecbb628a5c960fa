import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import type { Rule } from '../rule';
import { isUnseen } from '../reading/commands';

export const updateOrDeleteWholeTable: Rule = {
  id: 'update-or-delete-whole-table',
  title: 'Changing all rows of a table at once',
  severity: 'warning',
  on: ['UpdateStmt', 'DeleteStmt'],
  since: null,
  until: null,
  why: 'One UPDATE or DELETE of a whole table keeps every row locked until COMMIT, and leaves a dead version of each behind. In batches, each row is locked for a moment and the space is used again.',
  url: 'https://www.postgresql.org/docs/current/sql-update.html',
  bad: {
    before: 'create table orders (id int primary key, note text);',
    sql: "update orders set note = '';",
  },
  good: {
    before: 'create table orders (id int primary key, note text);',
    sql: "update orders set note = '' where id between 1 and 10000;",
  },
  check(context) {
    const update = asKind(context.statement.node, 'UpdateStmt');
    const remove = asKind(context.statement.node, 'DeleteStmt');
    const change = update ?? remove;
    // A condition that holds for every row is always-true-condition.
    if (!change || change.whereClause) return [];
    const key = relationKey(context.schema, change.relation);
    if (isUnseen(context, key)) return [];
    const message = remove
      ? t(
          'All rows of {0} are deleted in one transaction. Use batches, or TRUNCATE where nobody needs the rows.',
          relationLabel(key),
        )
      : t(
          'All rows of {0} stay locked until this transaction ends. Update them in batches, as a backfill.',
          relationLabel(key),
        );
    return [{ message, fix: null }];
  },
};

import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import { isAlwaysTrue } from '../reading/always-true';
import { isUnseen } from '../reading/commands';
import type { Rule } from '../rule';

export const alwaysTrueCondition: Rule = {
  id: 'always-true-condition',
  title: 'A condition that holds for every row',
  severity: 'warning',
  on: ['UpdateStmt', 'DeleteStmt'],
  since: null,
  until: null,
  why: 'A WHERE that is true for every row changes the whole table, as none would. Every row stays locked until COMMIT, and leaves a dead version of itself behind.',
  url: 'https://www.postgresql.org/docs/current/sql-update.html',
  bad: {
    before: 'create table orders (id int primary key, note text);',
    sql: "update orders set note = '' where id is not null;",
  },
  good: {
    before: 'create table orders (id int primary key, note text);',
    sql: "update orders set note = '' where note is null;",
  },
  check(context) {
    const change =
      asKind(context.statement.node, 'UpdateStmt') ?? asKind(context.statement.node, 'DeleteStmt');
    if (!change?.whereClause) return [];
    const key = relationKey(context.schema, change.relation);
    if (isUnseen(context, key)) return [];
    if (!isAlwaysTrue(change.whereClause, context.schema.relations.get(key))) return [];
    const message = t(
      'The condition is true for every row, so that all of {0} stays locked until this transaction ends. Use batches, or a condition that leaves out what is done.',
      relationLabel(key),
    );
    return [{ message, fix: null }];
  },
};

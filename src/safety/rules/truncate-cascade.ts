import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import { isUnseen } from '../reading/commands';
import type { Rule } from '../rule';

export const truncateCascade: Rule = {
  id: 'truncate-cascade',
  title: 'Emptying a table and all that point at it',
  severity: 'error',
  on: ['TruncateStmt'],
  since: null,
  until: null,
  why: 'TRUNCATE with CASCADE also empties every table with a foreign key to the named one, and those that point at them, without naming any. A foreign key somebody adds later widens what it removes.',
  url: 'https://www.postgresql.org/docs/current/sql-truncate.html',
  bad: {
    before:
      'create table customers (id int primary key); create table orders (id int primary key, customer_id int references customers);',
    sql: 'truncate customers cascade;',
  },
  good: {
    before:
      'create table customers (id int primary key); create table orders (id int primary key, customer_id int references customers);',
    sql: 'truncate customers, orders;',
  },
  check(context) {
    const { statement, schema, forecast, script } = context;
    const truncated = asKind(statement.node, 'TruncateStmt');
    if (truncated?.behavior !== 'DROP_CASCADE' || script.direction === 'down') return [];
    const named = (truncated.relations ?? []).map((node) =>
      relationKey(schema, asKind(node, 'RangeVar') ?? undefined),
    );
    if (named.every((key) => isUnseen(context, key))) return [];
    const more = forecast.locks
      .filter(({ relation, mode }) => mode === 'AccessExclusiveLock' && !named.includes(relation))
      .map(({ relation }) => relationLabel(relation));
    const tables = named.map(relationLabel).join(', ');
    const message =
      more.length > 0
        ? t(
            'This empties {1} as well as {0}, for good. Name every table that may be emptied, and leave CASCADE out.',
            tables,
            more.join(', '),
          )
        : t(
            'This empties every table that points at {0} too, for good. Name every table that may be emptied, and leave CASCADE out.',
            tables,
          );
    return [{ message, fix: null }];
  },
};

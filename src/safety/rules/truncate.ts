import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import { isUnseen } from '../reading/commands';
import type { Rule } from '../rule';

export const truncate: Rule = {
  id: 'truncate',
  title: 'Emptying a table',
  severity: 'warning',
  on: ['TruncateStmt'],
  since: null,
  until: null,
  why: 'TRUNCATE removes all rows for good, and takes ACCESS EXCLUSIVE, so that it waits for every query on the table and stops those after it. Transactions that took their snapshot before it see an empty table.',
  url: 'https://www.postgresql.org/docs/current/sql-truncate.html',
  bad: { before: 'create table orders (id int primary key);', sql: 'truncate orders;' },
  good: {
    before: 'create table orders (id int primary key);',
    sql: 'create table scratch (id int); truncate scratch;',
  },
  check(context) {
    const truncated = asKind(context.statement.node, 'TruncateStmt');
    if (!truncated || truncated.behavior === 'DROP_CASCADE' || context.script.direction === 'down') return [];
    const tables = (truncated.relations ?? [])
      .map((node) => relationKey(context.schema, asKind(node, 'RangeVar') ?? undefined))
      .filter((key) => !isUnseen(context, key))
      .map(relationLabel);
    if (tables.length === 0) return [];
    const message = t(
      'All rows of {0} are gone for good. Have a backup, or delete them in batches where the table is in use.',
      tables.join(', '),
    );
    return [{ message, fix: null }];
  },
};

import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import type { Rule } from '../rule';

/** More key columns than this are seldom all used. */
const mostColumns = 3;

export const wideIndex: Rule = {
  id: 'wide-index',
  title: 'An index with more than three columns',
  severity: 'info',
  on: ['IndexStmt'],
  since: null,
  until: null,
  optIn: true,
  why: 'PostgreSQL can use a column of a B-tree index well only where the query gives the columns before it too. Each further column makes the index larger and every write dearer.',
  url: 'https://www.postgresql.org/docs/current/indexes-multicolumn.html',
  bad: {
    before: 'create table orders (id int primary key, a int, b int, c int, d int);',
    sql: 'create index concurrently orders_all on orders (a, b, c, d);',
    transaction: 'none',
  },
  good: {
    before: 'create table orders (id int primary key, a int, b int, c int, d int);',
    sql: 'create index concurrently orders_all on orders (a, b, c) include (d);',
    transaction: 'none',
  },
  check({ statement, schema }) {
    const index = asKind(statement.node, 'IndexStmt');
    const count = index?.indexParams?.length ?? 0;
    if (!index || index.unique || count <= mostColumns) return [];
    // Their columns are of equal weight, whatever their order.
    if (['gin', 'brin', 'bloom'].includes(index.accessMethod ?? '')) return [];
    const message = t(
      'The index on {0} has {1} columns. Keep those that queries always give, and INCLUDE what they only read.',
      relationLabel(relationKey(schema, index.relation)),
      count,
    );
    return [{ message, fix: null }];
  },
};

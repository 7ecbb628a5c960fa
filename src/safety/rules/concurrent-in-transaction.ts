import { t } from '../../messages/translate';
import type { Rule } from '../rule';

export const concurrentInTransaction: Rule = {
  id: 'concurrent-in-transaction',
  title: 'A statement that refuses a transaction, inside one',
  severity: 'error',
  since: null,
  until: null,
  why: 'CONCURRENTLY, VACUUM and a few others cannot run inside a transaction block, and the migration fails there. Most tools wrap a file in a transaction, or send it as one text, which is one too.',
  url: 'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: 'create index concurrently orders_id on orders (id);',
    transaction: 'wrapped',
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: 'create index concurrently orders_id on orders (id);',
    transaction: 'none',
  },
  check({ statement, forecast, script }) {
    if (forecast.transactional) return [];
    const shared = script.blocks[statement.index];
    if (shared === null || shared === undefined) return [];
    const message = t(
      'This statement fails here: PostgreSQL refuses it inside a transaction. Put it alone into a migration that runs without one.',
    );
    return [{ message, fix: null }];
  },
};

import { t } from '../../messages/translate';
import { relationLabel } from '../forecast/describe-forecast';
import type { Rule } from '../rule';

export const cluster: Rule = {
  id: 'cluster',
  title: 'CLUSTER',
  severity: 'error',
  on: ['ClusterStmt'],
  since: null,
  until: null,
  why: 'CLUSTER writes the table and its indexes anew while nobody can read or write it, and needs the disk space twice. The order it makes is lost again with the next writes.',
  url: 'https://www.postgresql.org/docs/current/sql-cluster.html',
  bad: { before: 'create table orders (id int primary key);', sql: 'cluster orders using orders_pkey;' },
  good: {
    before: 'create table orders (id int primary key);',
    sql: 'alter table orders cluster on orders_pkey;',
  },
  check({ statement, forecast }) {
    if (statement.kind !== 'ClusterStmt') return [];
    const message = t(
      'CLUSTER writes all of {0} anew while nobody can read or write it. Use pg_repack, or leave the order to an index.',
      forecast.workOn.map(relationLabel).join(', ') || t('every clustered table'),
    );
    return forecast.workOn.length > 0 || !forecast.transactional ? [{ message, fix: null }] : [];
  },
};

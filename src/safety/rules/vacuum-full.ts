import { t } from '../../messages/translate';
import { relationLabel } from '../forecast/describe-forecast';
import type { Rule } from '../rule';

export const vacuumFull: Rule = {
  id: 'vacuum-full',
  title: 'VACUUM FULL',
  severity: 'error',
  on: ['VacuumStmt'],
  since: null,
  until: null,
  why: 'VACUUM FULL writes the table and its indexes anew while nobody can read or write it, and needs the disk space twice. A plain VACUUM makes the space usable again without blocking anybody.',
  url: 'https://www.postgresql.org/docs/current/sql-vacuum.html',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: 'vacuum full orders;',
    transaction: 'none',
  },
  good: { before: 'create table orders (id int primary key);', sql: 'vacuum orders;', transaction: 'none' },
  check({ statement, forecast }) {
    if (statement.kind !== 'VacuumStmt' || forecast.work !== 'rewrite') return [];
    const message = t(
      'VACUUM FULL writes all of {0} anew while nobody can read or write it. Use a plain VACUUM, or pg_repack where the space must go back to the disk.',
      forecast.workOn.map(relationLabel).join(', '),
    );
    return [{ message, fix: null }];
  },
};

import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import type { Rule } from '../rule';

export const dropDatabase: Rule = {
  id: 'drop-database',
  title: 'Dropping a database',
  severity: 'error',
  on: ['DropdbStmt'],
  since: null,
  until: null,
  why: 'DROP DATABASE removes everything in it at once and cannot be undone or rolled back. A migration that names a database does the same wherever it is run.',
  url: 'https://www.postgresql.org/docs/current/sql-dropdatabase.html',
  bad: { before: '', sql: 'drop database if exists switchback_reports;', transaction: 'none' },
  good: { before: '', sql: 'drop table if exists reports;' },
  check({ statement }) {
    const drop = asKind(statement.node, 'DropdbStmt');
    if (!drop) return [];
    const message = t(
      'The database {0} is gone for good. Do this by hand, after a backup, and not in a migration.',
      drop.dbname ?? '',
    );
    return [{ message, fix: null }];
  },
};

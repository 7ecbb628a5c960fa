import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import type { Rule } from '../rule';
import { isUnseen } from '../reading/commands';

export const renameColumn: Rule = {
  id: 'rename-column',
  title: 'Renaming a column in place',
  severity: 'error',
  planned: true,
  on: ['RenameStmt'],
  since: null,
  until: null,
  why: 'The old name is gone at once, and application code that still runs fails on every statement that uses it. A new column that is kept equal to the old one, or an updatable view that has both names, lets both versions of the code run.',
  url: 'https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-RENAMING-COLUMN',
  bad: {
    before: 'create table customers (id int primary key, name text);',
    sql: 'alter table customers rename column name to full_name;',
  },
  good: {
    before: 'create table customers (id int primary key, name text);',
    sql: 'alter table customers add column full_name text;',
  },
  check(context) {
    const rename = asKind(context.statement.node, 'RenameStmt');
    if (rename?.renameType !== 'OBJECT_COLUMN' || context.script.direction === 'down') return [];
    const key = relationKey(context.schema, rename.relation);
    if (isUnseen(context, key)) return [];
    const message = t(
      'Code that still uses {0}.{1} fails as soon as it is called {2}. Add {2} as a new column that a dual write keeps equal, or put an updatable view with both names in the place of the table in the same transaction.',
      relationLabel(key),
      rename.subname ?? '',
      rename.newname ?? '',
    );
    return [{ message, fix: null }];
  },
};

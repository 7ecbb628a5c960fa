import { t } from '../../messages/translate';
import { relationLabel } from '../forecast/describe-forecast';
import { addedForeignKeys } from '../reading/foreign-keys';
import type { Rule } from '../rule';

export const cascadeDelete: Rule = {
  id: 'cascade-delete',
  title: 'ON DELETE CASCADE',
  severity: 'info',
  on: ['CreateStmt', 'AT_AddColumn', 'AT_AddConstraint'],
  since: null,
  until: null,
  optIn: true,
  why: 'Deleting one row deletes all rows that point at it, and what points at those, in one transaction. With many rows that holds row locks for long and cannot be done in batches.',
  url: 'https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK',
  bad: {
    before: 'create table customers (id int primary key);',
    sql: 'create table orders (id int primary key, customer_id int references customers on delete cascade);',
  },
  good: {
    before: 'create table customers (id int primary key);',
    sql: 'create table orders (id int primary key, customer_id int references customers);',
  },
  check(context) {
    return addedForeignKeys(context)
      .filter(({ constraint }) => constraint.fk_del_action === 'c')
      .map(({ table, references }) => ({
        message: t(
          'A delete in {1} deletes rows of {0} too, all at once. Delete the rows of {0} in batches first, and let the foreign key refuse what is left.',
          relationLabel(table),
          relationLabel(references),
        ),
        fix: null,
      }));
  },
};

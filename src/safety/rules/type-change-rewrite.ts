import { t } from '../../messages/translate';
import type { Rule } from '../rule';
import { alteredTable, commandsOf } from '../reading/commands';

export const typeChangeRewrite: Rule = {
  id: 'type-change-rewrite',
  title: "Changing a column's type in place",
  severity: 'error',
  since: null,
  until: null,
  why: 'Unless the stored bytes stay the same, PostgreSQL writes the table and all its indexes anew under ACCESS EXCLUSIVE. A change that keeps the bytes may still read all rows for a CHECK or build an index anew.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
  bad: {
    before: 'create table orders (id int primary key, amount int);',
    sql: 'alter table orders alter column amount type bigint;',
  },
  good: {
    before: 'create table orders (id int primary key, code varchar(10));',
    sql: 'alter table orders alter column code type varchar(20);',
  },
  check(context) {
    const table = alteredTable(context);
    const { work } = context.forecast;
    if (!table || work === 'none' || work === 'catalog') return [];
    return commandsOf(context, 'AT_AlterColumnType').map((command) => {
      const column = command.name ?? '';
      const message =
        work === 'rewrite'
          ? t(
              'Changing the type of {0} writes all of {1} anew while nobody can read or write it. Add a new column, keep both equal with a trigger, fill it in batches, and switch.',
              column,
              table,
            )
          : t(
              'Changing the type of {0} reads all rows of {1} or builds an index anew while nobody can read or write it. Drop the CHECK or index first and add it again without blocking.',
              column,
              table,
            );
      return { message, fix: null };
    });
  },
};

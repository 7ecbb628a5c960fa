import { t } from '../../messages/translate';
import { alteredTable, commandsOf } from '../reading/commands';
import { commandForecast } from '../reading/command-forecast';
import type { Rule } from '../rule';

export const setTablespaceOrAccessMethod: Rule = {
  id: 'set-tablespace-or-access-method',
  title: 'Moving a table to another tablespace or access method',
  severity: 'error',
  on: ['AT_SetTableSpace', 'AT_SetAccessMethod'],
  since: null,
  until: null,
  why: 'SET TABLESPACE copies the table, and SET ACCESS METHOD writes it and its indexes anew, under ACCESS EXCLUSIVE. Nobody can read or write the table for as long as that takes.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-TABLESPACE',
  bad: {
    before:
      'create access method switchback_heap type table handler heap_tableam_handler; create table orders (id int primary key);',
    sql: 'alter table orders set access method switchback_heap;',
    since: 15,
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: 'create table orders_new (like orders including all) using heap;',
  },
  check(context) {
    const table = alteredTable(context);
    if (!table) return [];
    return (['AT_SetTableSpace', 'AT_SetAccessMethod'] as const).flatMap((subtype) =>
      commandsOf(context, subtype)
        .filter((command) => commandForecast(context, command).work === 'rewrite')
        .map(() => ({
          message: t(
            'All of {0} is written anew while nobody can use it. Make a new table there and copy the rows in batches, or use pg_repack.',
            table,
          ),
          fix: null,
        })),
    );
  },
};

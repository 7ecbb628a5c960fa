import { t } from '../../messages/translate';
import { alteredTable, commandsOf } from '../reading/commands';
import { commandForecast } from '../reading/command-forecast';
import type { Rule } from '../rule';

export const setLoggedOrUnlogged: Rule = {
  id: 'set-logged-or-unlogged',
  title: 'SET LOGGED or UNLOGGED',
  severity: 'error',
  on: ['AT_SetLogged', 'AT_SetUnLogged'],
  since: null,
  until: null,
  why: 'Changing whether a table is logged writes it and its indexes anew while nobody can read or write it. An unlogged table is emptied by a crash, and cannot be read on a standby.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-LOGGED-UNLOGGED',
  bad: { before: 'create table orders (id int primary key);', sql: 'alter table orders set unlogged;' },
  good: { before: 'create table orders (id int primary key);', sql: 'alter table orders set logged;' },
  check(context) {
    const table = alteredTable(context);
    if (!table) return [];
    return (['AT_SetLogged', 'AT_SetUnLogged'] as const).flatMap((subtype) =>
      commandsOf(context, subtype)
        .filter((command) => commandForecast(context, command).work === 'rewrite')
        .map(() => ({
          message:
            subtype === 'AT_SetLogged'
              ? t(
                  'All of {0} is written anew while nobody can use it. Make a new logged table and copy the rows in batches.',
                  table,
                )
              : t(
                  'All of {0} is written anew while nobody can use it, and the next crash empties it. Use a new unlogged table for rows that may be lost.',
                  table,
                ),
          fix: null,
        })),
    );
  },
};

import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { alteredTable, commandsOf } from '../reading/commands';
import type { Rule } from '../rule';

export const exclusionConstraint: Rule = {
  id: 'exclusion-constraint',
  title: 'An exclusion constraint on a table that has rows',
  severity: 'error',
  on: ['AT_AddConstraint'],
  since: null,
  until: null,
  why: 'ADD EXCLUDE builds its index and compares all rows under ACCESS EXCLUSIVE. It has no NOT VALID, and no index built CONCURRENTLY can become one.',
  url: 'https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-EXCLUDE',
  bad: {
    before: 'create table bookings (id int primary key, room text);',
    sql: 'alter table bookings add constraint bookings_room exclude using btree (room with =);',
  },
  good: {
    before: 'create table rooms (id int primary key);',
    sql: 'create table bookings (id int primary key, room text, exclude using btree (room with =));',
  },
  check(context) {
    const table = alteredTable(context);
    if (!table) return [];
    return commandsOf(context, 'AT_AddConstraint')
      .filter((command) => asKind(command.def, 'Constraint')?.contype === 'CONSTR_EXCLUSION')
      .map(() => ({
        message: t(
          'The exclusion constraint reads {0} and builds an index while nobody can read or write it, and there is no way to add it online. Make a new table with the constraint and copy the rows, or do it while nobody uses {0}.',
          table,
        ),
        fix: null,
      }));
  },
};

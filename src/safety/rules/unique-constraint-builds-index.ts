import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { keyByIndex } from '../reading/added-key';
import { alteredTable, commandsOf } from '../reading/commands';
import type { Rule } from '../rule';

export const uniqueConstraintBuildsIndex: Rule = {
  id: 'unique-constraint-builds-index',
  title: 'A UNIQUE constraint that builds its index',
  severity: 'error',
  on: ['AT_AddConstraint'],
  since: null,
  until: null,
  why: 'ADD UNIQUE builds an index under ACCESS EXCLUSIVE, so that nobody can even read the table meanwhile. A unique index built CONCURRENTLY can be made the constraint in a moment.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX',
  bad: {
    before: 'create table orders (id int primary key, code text);',
    sql: 'alter table orders add constraint orders_code unique (code);',
  },
  good: {
    before:
      'create table orders (id int primary key, code text); create unique index orders_code on orders (code);',
    sql: 'alter table orders add constraint orders_code unique using index orders_code;',
  },
  check(context) {
    const table = alteredTable(context);
    if (!table) return [];
    return commandsOf(context, 'AT_AddConstraint').flatMap((command) => {
      const constraint = asKind(command.def, 'Constraint');
      if (constraint?.contype !== 'CONSTR_UNIQUE' || constraint.indexname) return [];
      const message = t(
        'The constraint builds an index on {0} while nobody can read or write it. Build a unique index CONCURRENTLY, then add the constraint USING INDEX.',
        table,
      );
      return [{ message, fix: keyByIndex(context, constraint) }];
    });
  },
};

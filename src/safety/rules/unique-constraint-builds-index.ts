import { t } from '../../messages/translate';
import type { Rule } from '../rule';
import { addedConstraints, alteredTable } from '../reading/commands';

export const uniqueConstraintBuildsIndex: Rule = {
  id: 'unique-constraint-builds-index',
  title: 'A key or exclusion constraint that builds its index',
  severity: 'error',
  since: null,
  until: null,
  why: 'ADD UNIQUE, PRIMARY KEY and EXCLUDE build an index under ACCESS EXCLUSIVE, so that nobody can even read the table meanwhile. A unique index built CONCURRENTLY can be made the constraint in a moment.',
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
    return addedConstraints(context)
      .filter(({ constraint }) =>
        ['CONSTR_UNIQUE', 'CONSTR_PRIMARY', 'CONSTR_EXCLUSION'].includes(constraint.contype ?? ''),
      )
      .filter(({ constraint }) => !constraint.indexname)
      .map(({ constraint }) => ({
        message:
          constraint.contype === 'CONSTR_EXCLUSION'
            ? t(
                'The exclusion constraint reads {0} and builds an index while nobody can read or write it. There is no way to add it without: use a new table.',
                table,
              )
            : t(
                'The constraint builds an index on {0} while nobody can read or write it. Build a unique index CONCURRENTLY, then add the constraint USING INDEX.',
                table,
              ),
        fix: null,
      }));
  },
};

import { t } from '../../messages/translate';
import type { Rule } from '../rule';
import { addedConstraints, alteredTable } from '../reading/commands';

export const constraintNotValid: Rule = {
  id: 'constraint-not-valid',
  title: 'Adding a CHECK or foreign key that is checked at once',
  severity: 'error',
  since: null,
  until: null,
  why: 'Adding the constraint reads every row while writes wait, for a foreign key on both tables. NOT VALID adds it in a moment, and VALIDATE CONSTRAINT in a later transaction reads the rows while writes go on.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT',
  bad: {
    before: 'create table orders (id int primary key, amount int);',
    sql: 'alter table orders add constraint amount_positive check (amount > 0);',
  },
  good: {
    before: 'create table orders (id int primary key, amount int);',
    sql: 'alter table orders add constraint amount_positive check (amount > 0) not valid;',
  },
  check(context) {
    const table = alteredTable(context);
    if (!table || !context.forecast.works.some((work) => work.kind === 'scan' || work.kind === 'rewrite'))
      return [];
    return addedConstraints(context)
      .filter(
        ({ constraint }) => constraint.contype === 'CONSTR_CHECK' || constraint.contype === 'CONSTR_FOREIGN',
      )
      .filter(({ constraint }) => !constraint.skip_validation && constraint.is_enforced !== false)
      .map(({ constraint, column }) => {
        const what = constraint.contype === 'CONSTR_CHECK' ? t('CHECK') : t('foreign key');
        const message = column
          ? t(
              'The {0} of the new column {1} reads all rows of {2} while others wait. Add the column first, then the constraint with NOT VALID, and validate it in a later migration.',
              what,
              column,
              table,
            )
          : t(
              'Adding the {0} reads all rows of {1} while others wait. Add it with NOT VALID, and validate it in a later migration.',
              what,
              table,
            );
        return { message, fix: null };
      });
  },
};

import { t } from '../../messages/translate';
import { isSerial } from '../column-type';
import { addedColumns } from '../reading/added-columns';
import { inlineConstraint } from '../reading/column-definition';
import { commandForecast } from '../reading/command-forecast';
import type { Rule } from '../rule';

export const serialOrIdentityColumn: Rule = {
  id: 'serial-or-identity-column',
  title: 'A new column that numbers the rows that are there',
  severity: 'error',
  since: null,
  until: null,
  why: 'Adding a serial or identity column gives every row that is there a number, so PostgreSQL writes the table and its indexes anew under ACCESS EXCLUSIVE. Identity instead of serial changes nothing about that.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
  bad: {
    before: 'create table orders (id int primary key, note text);',
    sql: 'alter table orders add column number bigint generated always as identity;',
  },
  good: {
    before: 'create table orders (id int primary key, note text);',
    sql: `alter table orders add column number bigint;
      create sequence orders_number_seq owned by orders.number;
      alter table orders alter column number set default nextval('orders_number_seq');`,
  },
  check(context) {
    return addedColumns(context).flatMap(({ command, definition, name, table }) => {
      const numbers =
        isSerial(definition.typeName) || inlineConstraint(definition, 'CONSTR_IDENTITY') !== null;
      if (!numbers || commandForecast(context, command).work !== 'rewrite') return [];
      const message = t(
        'Numbering the rows of {1} for {0} writes all of them anew while nobody can read or write the table. Add a plain bigint, give it a sequence as its default, number the rows in batches, and make it an identity at the end.',
        name,
        table,
      );
      return [{ message, fix: null }];
    });
  },
};

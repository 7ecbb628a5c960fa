import { t } from '../../messages/translate';
import { columnType, isConstrainedDomain } from '../column-type';
import { relationLabel } from '../forecast/describe-forecast';
import { addedColumns } from '../reading/added-columns';
import { commandForecast } from '../reading/command-forecast';
import type { Rule } from '../rule';

export const constrainedDomainColumn: Rule = {
  id: 'constrained-domain-column',
  title: 'A new column of a domain with a constraint',
  severity: 'error',
  on: ['AT_AddColumn'],
  since: null,
  until: null,
  why: 'The constraint of the domain is checked for every row that is there, and for that PostgreSQL writes the table and its indexes anew, even without a default. The base type with a CHECK that is added NOT VALID and validated later does not.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
  bad: {
    before: 'create domain positive as int check (value > 0); create table orders (id int primary key);',
    sql: 'alter table orders add column amount positive;',
  },
  good: {
    before: 'create domain positive as int check (value > 0); create table orders (id int primary key);',
    sql: 'alter table orders add column amount int; alter table orders add constraint positive check (amount > 0) not valid;',
  },
  check(context) {
    return addedColumns(context).flatMap(({ command, definition, name, table }) => {
      const type = columnType(context.schema, definition.typeName);
      if (!isConstrainedDomain(context.schema, type)) return [];
      if (commandForecast(context, command).work !== 'rewrite') return [];
      const message = t(
        'The constraint of {2} is checked for every row: adding {0} writes all of {1} anew while nobody can read or write it. Use the base type, add its CHECK NOT VALID, and validate it in a later migration.',
        name,
        table,
        relationLabel(type.name),
      );
      return [{ message, fix: null }];
    });
  },
};

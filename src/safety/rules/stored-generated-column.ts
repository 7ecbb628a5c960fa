import { t } from '../../messages/translate';
import { addedColumns } from '../reading/added-columns';
import { inlineConstraint } from '../reading/column-definition';
import { commandForecast } from '../reading/command-forecast';
import type { Rule } from '../rule';

export const storedGeneratedColumn: Rule = {
  id: 'stored-generated-column',
  title: 'A new stored generated column',
  severity: 'error',
  on: ['AlterTableStmt'],
  since: null,
  until: null,
  why: 'The value of a stored generated column is computed for every row that is there, so PostgreSQL writes the table and its indexes anew under ACCESS EXCLUSIVE. A plain column that a trigger fills, and from 18 a VIRTUAL one, is added in a moment.',
  url: 'https://www.postgresql.org/docs/current/ddl-generated-columns.html',
  bad: {
    before: 'create table orders (id int primary key, amount int);',
    sql: 'alter table orders add column doubled int generated always as (amount * 2) stored;',
  },
  good: {
    before: 'create table orders (id int primary key, amount int);',
    sql: 'alter table orders add column doubled int generated always as (amount * 2) virtual;',
    since: 18,
  },
  check(context) {
    return addedColumns(context).flatMap(({ command, definition, name, table }) => {
      const generated = inlineConstraint(definition, 'CONSTR_GENERATED');
      if (!generated || commandForecast(context, command).work !== 'rewrite') return [];
      const message =
        context.script.serverMajor >= 18
          ? t(
              'Computing {0} writes all of {1} anew while nobody can read or write it. Make it VIRTUAL, or add a plain column, fill it by a trigger for new rows and in batches for the others.',
              name,
              table,
            )
          : t(
              'Computing {0} writes all of {1} anew while nobody can read or write it. Add a plain column, fill it by a trigger for new rows and in batches for the others.',
              name,
              table,
            );
      return [{ message, fix: null }];
    });
  },
};

import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import type { Rule } from '../rule';
import { alteredTable, commandsOf } from '../reading/commands';

export const volatileDefault: Rule = {
  id: 'volatile-default',
  title: 'A new column whose values must be computed for every row',
  severity: 'error',
  since: null,
  until: null,
  why: 'A volatile default, serial, identity, a stored generated column or a constrained domain makes PostgreSQL write the whole table and its indexes anew. Nobody can read or write the table until that is done.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: 'alter table orders add column seen timestamptz default clock_timestamp();',
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: 'alter table orders add column seen timestamptz default now();',
  },
  check(context) {
    const table = alteredTable(context);
    const columns = commandsOf(context, 'AT_AddColumn');
    if (!table || columns.length === 0 || context.forecast.work !== 'rewrite') return [];
    if (commandsOf(context, 'AT_AlterColumnType').length > 0) return [];
    const names = columns.map((command) => asKind(command.def, 'ColumnDef')?.colname ?? '').join(', ');
    const message = t(
      'Adding {0} writes all of {1} anew while nobody can read or write it. Add the column without a default, set the default afterwards, and fill the rows in batches.',
      names,
      table,
    );
    return [{ message, fix: null }];
  },
};

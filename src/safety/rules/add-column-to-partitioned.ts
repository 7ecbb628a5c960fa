import { t } from '../../messages/translate';
import { descendants } from '../known-neighbours';
import { addedColumns } from '../reading/added-columns';
import type { Rule } from '../rule';

export const addColumnToPartitioned: Rule = {
  id: 'add-column-to-partitioned',
  title: 'Adding a column to a table with partitions',
  severity: 'info',
  planned: true,
  on: ['AT_AddColumn'],
  since: null,
  until: null,
  why: 'The column is added to every partition too, each under ACCESS EXCLUSIVE until the transaction ends. One long query on any of them holds the statement up, and it holds up all the others meanwhile.',
  url: 'https://www.postgresql.org/docs/current/ddl-partitioning.html',
  bad: {
    before:
      'create table days (day int) partition by range (day); create table all_days partition of days for values from (minvalue) to (maxvalue);',
    sql: 'alter table days add column note text;',
  },
  good: {
    before: 'create table days (day int);',
    sql: 'alter table days add column note text;',
  },
  check(context) {
    return addedColumns(context).flatMap(({ name, table, key }) => {
      if (context.schema.relations.get(key)?.kind !== 'partitioned') return [];
      const count = descendants(context.schema, key).length;
      if (count === 0) return [];
      const message = t(
        'Adding {0} locks {1} and its partitions ({2}) at once. Run it under a short lock_timeout and try again when one of them is busy.',
        name,
        table,
        count,
      );
      return [{ message, fix: null }];
    });
  },
};

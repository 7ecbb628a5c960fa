import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationKey } from '../known-schema';
import { commandForecast } from '../reading/command-forecast';
import { alteredTable, commandsOf } from '../reading/commands';
import type { Rule } from '../rule';

export const typeChangeRebuildsIndex: Rule = {
  id: 'type-change-rebuilds-index',
  title: 'A type change that builds indexes anew',
  severity: 'error',
  on: ['AT_AlterColumnType'],
  since: null,
  until: null,
  why: 'Another collation or another way to compare orders an index differently, so PostgreSQL builds the indexes of the column anew even where the rows stay. Nobody can read or write the table meanwhile.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DATA-TYPE',
  bad: {
    before: 'create table orders (id int primary key, code text); create index orders_code on orders (code);',
    sql: 'alter table orders alter column code type text collate "C";',
  },
  good: {
    before: 'create table orders (id int primary key, code text);',
    sql: 'alter table orders alter column code type text collate "C";',
  },
  check(context) {
    const table = alteredTable(context);
    if (!table) return [];
    const key = relationKey(context.schema, asKind(context.statement.node, 'AlterTableStmt')?.relation);
    return commandsOf(context, 'AT_AlterColumnType').flatMap((command) => {
      const column = command.name ?? '';
      if (commandForecast(context, command).work !== 'index-build') return [];
      const indexes = (context.schema.relations.get(key)?.indexes ?? [])
        .filter((index) => index.uses.includes(column))
        .map((index) => index.name);
      const message = t(
        'Changing {0} builds {2} anew while nobody can read or write {1}. Build indexes with the new order CONCURRENTLY on a new column that is kept equal, and switch.',
        column,
        table,
        indexes.join(', '),
      );
      return [{ message, fix: null }];
    });
  },
};

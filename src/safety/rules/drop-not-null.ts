import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationKey } from '../known-schema';
import { alteredTable, commandsOf } from '../reading/commands';
import type { Rule } from '../rule';

export const dropNotNull: Rule = {
  id: 'drop-not-null',
  title: 'Allowing NULL where readers never met it',
  severity: 'info',
  on: ['AT_DropNotNull'],
  since: null,
  until: null,
  why: 'From now on the column may hold NULL, and code that was written for values everywhere may fail on it. Setting NOT NULL again has to prove all rows first.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL',
  bad: {
    before: 'create table orders (id int primary key, note text not null);',
    sql: 'alter table orders alter column note drop not null;',
  },
  good: {
    before: 'create table orders (id int primary key, note text not null);',
    sql: "alter table orders alter column note set default '';",
  },
  check(context) {
    const table = alteredTable(context);
    if (!table || context.script.direction === 'down') return [];
    const key = relationKey(context.schema, asKind(context.statement.node, 'AlterTableStmt')?.relation);
    const columns = context.schema.relations.get(key)?.columns ?? [];
    return commandsOf(context, 'AT_DropNotNull').flatMap((command) => {
      const known = columns.find((column) => column.name === command.name);
      if (known && !known.notNull) return [];
      const message = t(
        'Readers of {0}.{1} may meet NULL from now on. Deploy code that expects it before this runs.',
        table,
        command.name ?? '',
      );
      return [{ message, fix: null }];
    });
  },
};

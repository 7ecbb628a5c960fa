import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationKey } from '../known-schema';
import { alteredTable, commandsOf } from '../reading/commands';
import type { Rule } from '../rule';

export const dropColumnStillRequired: Rule = {
  id: 'drop-column-still-required',
  title: 'Dropping a column that every INSERT has to fill',
  severity: 'warning',
  on: ['AT_DropColumn'],
  since: null,
  until: null,
  why: 'Code that still fills the column fails after this migration, and code that does not fill it any more fails before: NOT NULL without a default leaves no moment at which both run. Once NOT NULL is gone, code can stop filling the column first.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL',
  bad: {
    before: 'create table orders (id int primary key, note text not null);',
    sql: 'alter table orders drop column note;',
  },
  good: {
    before: 'create table orders (id int primary key, note text);',
    sql: 'alter table orders drop column note;',
  },
  check(context) {
    const table = alteredTable(context);
    if (!table || context.script.direction === 'down') return [];
    const key = relationKey(context.schema, asKind(context.statement.node, 'AlterTableStmt')?.relation);
    const columns = context.schema.relations.get(key)?.columns ?? [];
    return commandsOf(context, 'AT_DropColumn').flatMap((command) => {
      const column = columns.find((each) => each.name === command.name);
      if (!column?.notNull || column.hasDefault || column.generated) return [];
      const message = t(
        'Every INSERT into {0} has to fill {1} until this runs, and must not afterwards. Drop NOT NULL in an earlier migration, deploy code that does without the column, then drop it.',
        table,
        column.name,
      );
      return [{ message, fix: null }];
    });
  },
};

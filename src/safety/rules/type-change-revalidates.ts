import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { mentions } from '../known-constraint';
import { relationKey } from '../known-schema';
import { commandForecast } from '../reading/command-forecast';
import { alteredTable, commandsOf } from '../reading/commands';
import type { Rule } from '../rule';

export const typeChangeRevalidates: Rule = {
  id: 'type-change-revalidates',
  title: 'A type change that proves a CHECK again',
  severity: 'error',
  on: ['AT_AlterColumnType'],
  since: null,
  until: null,
  why: 'Even where the rows stay as they are, PostgreSQL proves every CHECK of the column again and reads the whole table for it. Nobody can read or write the table meanwhile.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DATA-TYPE',
  bad: {
    before:
      "create table orders (id int primary key, code varchar(10), constraint code_set check (code <> ''));",
    sql: 'alter table orders alter column code type varchar(20);',
  },
  good: {
    before:
      "create table orders (id int primary key, code varchar(10), constraint code_set check (code <> ''));",
    sql: `alter table orders drop constraint code_set;
      alter table orders alter column code type varchar(20);
      alter table orders add constraint code_set check (code <> '') not valid;`,
  },
  check(context) {
    const table = alteredTable(context);
    if (!table) return [];
    const key = relationKey(context.schema, asKind(context.statement.node, 'AlterTableStmt')?.relation);
    const dropped = commandsOf(context, 'AT_DropConstraint').map((command) => command.name);
    return commandsOf(context, 'AT_AlterColumnType').flatMap((command) => {
      const column = command.name ?? '';
      if (commandForecast(context, command).work !== 'scan') return [];
      const checks = (context.schema.relations.get(key)?.constraints ?? [])
        .filter((each) => each.kind === 'check' && each.validated && mentions(each.conjuncts, column))
        .map((each) => each.name)
        .filter((name) => !dropped.includes(name));
      if (checks.length === 0) return [];
      const message = t(
        'Changing the type of {0} reads all rows of {1} to prove {2} again, while nobody can read or write the table. Drop it, change the type, add it again NOT VALID, and validate it in a later migration.',
        column,
        table,
        checks.join(', '),
      );
      return [{ message, fix: null }];
    });
  },
};

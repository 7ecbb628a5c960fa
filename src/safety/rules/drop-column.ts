import { t } from '../../messages/translate';
import type { Rule } from '../rule';
import { alteredTable, commandsOf } from '../reading/commands';
import { isDeprecationRecorded } from '../reading/deprecation';

export const dropColumn: Rule = {
  id: 'drop-column',
  title: 'Dropping a column',
  severity: 'warning',
  on: ['AlterTableStmt'],
  since: null,
  until: null,
  why: 'Code that still reads or writes the column fails at once, and its data cannot be had back without a backup. It belongs into the contract phase, after nobody uses the column any more.',
  url: 'https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-REMOVING-A-COLUMN',
  bad: {
    before: 'create table orders (id int primary key, note text);',
    sql: 'alter table orders drop column note;',
  },
  good: {
    before: 'create table orders (id int primary key, note text not null);',
    sql: 'alter table orders alter column note drop not null;',
  },
  check(context) {
    const table = alteredTable(context);
    if (!table || context.script.direction === 'down' || isDeprecationRecorded(context)) return [];
    return commandsOf(context, 'AT_DropColumn').map((command) => ({
      message: t(
        'The values of {0}.{1} are gone for good, and code that still uses it fails. Drop it when no running version uses it and a backup is there.',
        table,
        command.name ?? '',
      ),
      fix: null,
    }));
  },
};

import { t } from '../../messages/translate';
import type { Rule } from '../rule';
import { alteredTable, commandsOf } from '../reading/commands';
import { isDeprecationRecorded } from '../reading/deprecation';

export const dropColumn: Rule = {
  id: 'drop-column',
  title: 'Dropping a column',
  severity: 'warning',
  on: ['AT_DropColumn'],
  since: null,
  until: null,
  why: 'Code that still reads or writes the column fails at once, and its data cannot be had back without a backup. It belongs in the contract phase, when nobody uses the column any more.',
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
    const columns = commandsOf(context, 'AT_DropColumn').map((command) => `${table}.${command.name ?? ''}`);
    if (columns.length === 0) return [];
    const message =
      columns.length === 1
        ? t(
            'The values of {0} are gone for good, and code that still uses it fails. Drop it when no running version uses it and a backup is there.',
            columns[0]!,
          )
        : t(
            'The values of {0} are gone for good, and code that still uses them fails. Drop them when no running version uses them and a backup is there.',
            columns.join(', '),
          );
    return [{ message, fix: null }];
  },
};

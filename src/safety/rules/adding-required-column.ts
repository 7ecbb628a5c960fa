import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { isSerial } from '../column-type';
import type { Rule } from '../rule';
import { alteredTable, commandsOf } from '../reading/commands';

export const addingRequiredColumn: Rule = {
  id: 'adding-required-column',
  title: 'Adding a required column without a default',
  severity: 'error',
  since: null,
  until: null,
  why: 'Rows that exist have no value for the new column, so the statement fails on any table that is not empty. Where it succeeds, application code that does not know the column can no longer insert.',
  url: 'https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-ADDING-A-COLUMN',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: 'alter table orders add column note text not null;',
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: "alter table orders add column note text not null default '';",
  },
  check(context) {
    const table = alteredTable(context);
    if (!table) return [];
    return commandsOf(context, 'AT_AddColumn').flatMap((command) => {
      const definition = asKind(command.def, 'ColumnDef');
      const kinds = (definition?.constraints ?? []).map((node) => asKind(node, 'Constraint')?.contype);
      const required = kinds.includes('CONSTR_NOTNULL') || kinds.includes('CONSTR_PRIMARY');
      const filled = kinds.some(
        (kind) => kind === 'CONSTR_DEFAULT' || kind === 'CONSTR_IDENTITY' || kind === 'CONSTR_GENERATED',
      );
      const serial = isSerial(definition?.typeName);
      if (!required || filled || serial) return [];
      const message = t(
        'The required column {0} has no value for the rows {1} already has, and old code cannot insert any more. Add it nullable, fill it in batches, then prove NOT NULL.',
        definition?.colname ?? '',
        table,
      );
      return [{ message, fix: null }];
    });
  },
};

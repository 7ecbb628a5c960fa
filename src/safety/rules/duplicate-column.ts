import type { Node } from '@pgsql/types';
import { t } from '../../messages/translate';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import type { Rule, RuleContext } from '../rule';

export const duplicateColumn: Rule = {
  id: 'duplicate-column',
  title: 'One column twice',
  severity: 'error',
  on: ['CreateStmt', 'InsertStmt', 'UpdateStmt', 'AT_AddColumn'],
  since: null,
  until: null,
  why: 'A table cannot have two columns of one name, and a statement cannot write one column twice. PostgreSQL refuses the statement, and the migration fails there.',
  url: 'https://www.postgresql.org/docs/current/sql-createtable.html',
  bad: { before: '', sql: 'create table orders (id int primary key, note text, note varchar(20));' },
  good: { before: '', sql: 'create table orders (id int primary key, note text, notes varchar(20));' },
  check(context) {
    const twice = repeated(writtenColumns(context.statement)) ?? addedAgain(context);
    if (twice === null) return [];
    const table = tableOf(context);
    const message = t(
      'This fails: {0} would have the column {1} twice. Remove one, or give it another name.',
      relationLabel(table),
      twice,
    );
    return [{ message, fix: null }];
  },
};

function tableOf({ statement, schema }: RuleContext): string {
  const fields = statement.node[statement.kind] as { relation?: Parameters<typeof relationKey>[1] };
  return relationKey(schema, fields.relation);
}

/** The columns that a statement makes or writes, in its order. */
function writtenColumns(statement: Statement): string[] {
  const create = asKind(statement.node, 'CreateStmt');
  if (create) return columnNames(create.tableElts);
  const insert = asKind(statement.node, 'InsertStmt');
  if (insert) return targets(insert.cols);
  const update = asKind(statement.node, 'UpdateStmt');
  if (update) return targets(update.targetList);
  return columnNames(addedDefinitions(statement));
}

/** Columns that an ALTER TABLE adds, without those with IF NOT EXISTS. */
function addedDefinitions(statement: Statement): Node[] {
  return (asKind(statement.node, 'AlterTableStmt')?.cmds ?? []).flatMap((node) => {
    const command = asKind(node, 'AlterTableCmd');
    const isAdded = command?.subtype === 'AT_AddColumn' && !command.missing_ok;
    return isAdded && command.def ? [command.def] : [];
  });
}

/** A column the database has already. What earlier migrations add up to may have been changed out of their sight. */
function addedAgain({ statement, schema }: RuleContext): string | null {
  if (schema.source !== 'catalog') return null;
  const alter = asKind(statement.node, 'AlterTableStmt');
  const known = schema.relations.get(relationKey(schema, alter?.relation));
  if (!known) return null;
  const dropped = (alter?.cmds ?? [])
    .map((node) => asKind(node, 'AlterTableCmd'))
    .filter((command) => command?.subtype === 'AT_DropColumn')
    .map((command) => command?.name);
  const added = columnNames(addedDefinitions(statement));
  return (
    added.find((name) => !dropped.includes(name) && known.columns.some((column) => column.name === name)) ??
    null
  );
}

function columnNames(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).map((node) => asKind(node, 'ColumnDef')?.colname).filter((name) => name !== undefined);
}

/** Parts of a column (`a[1]`, `a.b`) may be written several times. */
function targets(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? [])
    .map((node) => asKind(node, 'ResTarget'))
    .filter((target) => (target?.indirection ?? []).length === 0)
    .map((target) => target?.name ?? '');
}

function repeated(names: readonly string[]): string | null {
  return names.find((name, index) => name !== '' && names.indexOf(name) !== index) ?? null;
}

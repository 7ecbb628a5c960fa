import type { CreateStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import type { Rule, RuleContext } from '../rule';

export const tableWithoutPrimaryKey: Rule = {
  id: 'table-without-primary-key',
  title: 'A table without a primary key',
  severity: 'info',
  on: ['CreateStmt'],
  since: null,
  until: null,
  optIn: true,
  why: 'Without a primary key two rows can be the same, and nothing can name one of them. Logical replication of updates, and backfills in batches, need a key.',
  url: 'https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS',
  bad: { before: '', sql: 'create table orders (id int, amount int);' },
  good: { before: '', sql: 'create table orders (id int primary key, amount int);' },
  check(context) {
    const create = asKind(context.statement.node, 'CreateStmt');
    if (!create || create.relation?.relpersistence === 't' || create.partbound || create.ofTypename)
      return [];
    const copies = (create.tableElts ?? []).some((element) => asKind(element, 'TableLikeClause'));
    if (copies || create.inhRelations?.length || hasKey(create) || getsKeyLater(context, create)) return [];
    const message = t(
      'Nothing names a row of {0}. Give it a primary key.',
      relationLabel(relationKey(context.schema, create.relation)),
    );
    return [{ message, fix: null }];
  },
};

function hasKey(create: CreateStmt): boolean {
  return [...(create.tableElts ?? []), ...(create.constraints ?? [])].some((element) =>
    [element, ...(asKind(element, 'ColumnDef')?.constraints ?? [])].some(
      (node) => asKind(node, 'Constraint')?.contype === 'CONSTR_PRIMARY',
    ),
  );
}

function getsKeyLater({ script, statement, schema }: RuleContext, create: CreateStmt): boolean {
  const key = relationKey(schema, create.relation);
  return script.statements.slice(statement.index + 1).some((each) => {
    const alter = asKind(each.node, 'AlterTableStmt');
    if (!alter || relationKey(schema, alter.relation) !== key) return false;
    return (alter.cmds ?? []).some((node) => {
      const definition = asKind(node, 'AlterTableCmd')?.def;
      return asKind(definition, 'Constraint')?.contype === 'CONSTR_PRIMARY';
    });
  });
}

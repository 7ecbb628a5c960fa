import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { asKind } from '../../sql/tree';
import { freeConstraintName, freeIndexName } from '../default-name';
import { relationLabel } from '../forecast/describe-forecast';
import type { FixProposal } from '../fix-proposal';
import type { KnownRelation } from '../known-schema';
import { isUnseen } from '../reading/commands';
import { schemaOf } from '../reading/constraint-by-index';
import { addedForeignKeys, type AddedForeignKey } from '../reading/foreign-keys';
import { insertAfter } from '../reading/script-edits';
import type { Rule, RuleContext } from '../rule';

export const foreignKeyWithoutIndex: Rule = {
  id: 'foreign-key-without-index',
  title: 'A foreign key without an index on its own side',
  severity: 'info',
  on: ['CreateStmt', 'AT_AddColumn', 'AT_AddConstraint'],
  since: null,
  until: null,
  why: 'PostgreSQL looks for referencing rows whenever a referenced row is deleted or its key changes. Without an index on the referencing columns it reads the whole table each time.',
  url: 'https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK',
  bad: {
    before:
      'create table customers (id int primary key); create table orders (id int primary key, customer_id int);',
    sql: 'alter table orders add constraint orders_customer foreign key (customer_id) references customers not valid;',
  },
  good: {
    before:
      'create table customers (id int primary key); create table orders (id int primary key, customer_id int); create index orders_customer_idx on orders (customer_id);',
    sql: 'alter table orders add constraint orders_customer foreign key (customer_id) references customers not valid;',
  },
  check(context) {
    const { script, statement, schema } = context;
    const added = addedForeignKeys(context);
    if (added.length === 0 || script.direction === 'down') return [];
    const end = script.atEnd(schema, statement);
    return added
      .filter(({ table, columns }) => {
        const relation = end.get(table);
        return relation !== undefined && relation.columns.length > 0 && !hasIndex(relation, columns);
      })
      .map((key) => ({
        message: t(
          'No index of {0} starts with {1}: each delete in {2} reads all of {0}. Build one CONCURRENTLY first.',
          relationLabel(key.table),
          key.columns.join(', '),
          relationLabel(key.references),
        ),
        fix: withIndex(context, key),
      }));
  },
};

/** An index that starts with the columns, in whatever order. */
function hasIndex(relation: KnownRelation, columns: readonly string[]): boolean {
  return relation.indexes.some(
    (index) =>
      index.valid && columns.every((column) => index.columns.slice(0, columns.length).includes(column)),
  );
}

function withIndex(context: RuleContext, key: AddedForeignKey): FixProposal | null {
  const { statement, schema, script } = context;
  const name = freeIndexName(schema, key.table, key.columns);
  const on = `${formatIdentifier(name)} ON ${key.table} (${key.columns.map(formatIdentifier).join(', ')})`;
  if (statement.kind === 'CreateStmt' || isUnseen(context, key.table)) {
    const edit = insertAfter(script, statement, [`CREATE INDEX ${on};`]);
    return { kind: 'edit', title: t('Create the index with the table'), edits: [edit], follows: [] };
  }
  const single = asKind(statement.node, 'AlterTableStmt')?.cmds?.length === 1;
  if (!single || key.inline || schema.relations.get(key.table)?.kind === 'partitioned') return null;
  const constraint = key.constraint.conname ?? freeConstraintName(schema, key.table, 'foreign', key.columns);
  const drop = `ALTER TABLE ${key.table} DROP CONSTRAINT`;
  const dropIndex = `DROP INDEX CONCURRENTLY IF EXISTS ${formatQualifiedName({ schema: schemaOf(schema, key.table), name })}`;
  const build = `CREATE INDEX CONCURRENTLY ${on}`;
  return {
    kind: 'outside-transaction',
    title: t('Build the index {0} CONCURRENTLY, then add the foreign key', name),
    statement: `${build};\n${statement.text}`,
    inverse: `${drop} IF EXISTS ${formatIdentifier(constraint)};\n${dropIndex}`,
    name: `foreign key ${constraint}`,
    object: { kind: 'constraint', table: key.table, name: constraint },
    after: `DROP INDEX IF EXISTS ${formatQualifiedName({ schema: schemaOf(schema, key.table), name })}`,
    apart: [
      { name: `index ${name}`, up: `${build};\n`, down: `${dropIndex};\n`, transactional: false },
      {
        name: `foreign key ${constraint}`,
        up: `${statement.text};\n`,
        down: `${drop} ${formatIdentifier(constraint)};\n`,
        transactional: true,
      },
    ],
  };
}

import { t } from '../../messages/translate';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import { addedForeignKeys } from '../reading/foreign-keys';
import { relationsNamed } from '../reading/tables-named';
import { settingInForce } from '../reading/time-setting';
import type { Rule, RuleContext } from '../rule';

export const createTableReferences: Rule = {
  id: 'create-table-references',
  title: 'A new table with a foreign key to one that is in use',
  severity: 'info',
  on: ['CreateStmt'],
  since: null,
  until: null,
  why: 'The foreign key puts a trigger on the table it points at, under SHARE ROW EXCLUSIVE, so that writes to it wait until the transaction ends. For a new table that is a moment, unless more work follows in the same transaction.',
  url: 'https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES',
  bad: {
    before: 'create table customers (id int primary key);',
    sql: 'create table orders (id int primary key, customer_id int references customers);',
  },
  good: {
    before: 'create table customers (id int primary key);',
    sql: 'create table orders (id int primary key, customer_id int);',
  },
  check(context) {
    if (context.statement.kind !== 'CreateStmt') return [];
    const locked = context.forecast.locks
      .filter((lock) => lock.mode === 'ShareRowExclusiveLock')
      .map((lock) => lock.relation);
    const stopped = [...new Set(addedForeignKeys(context).map((key) => key.references))]
      .filter((key) => locked.includes(key))
      .map(relationLabel);
    if (stopped.length === 0) return [];
    const held = workAfter(context);
    const limit = settingInForce(context.script, 'lock_timeout', context.statement.index);
    // A moment, for which nobody queues longer than the limit.
    const { plan } = context.script;
    const limited = plan?.kind === 'step' && plan.timed;
    if (!held && (limited || (limit && limit.milliseconds > 0))) return [];
    const message = held
      ? t(
          'Writes to {0} wait from here to the end of the transaction, which goes on to work on other tables. Put the new table into a migration of its own.',
          stopped.join(', '),
        )
      : t(
          'Writes to {0} wait from here until the transaction ends. Let nothing that takes long follow in it.',
          stopped.join(', '),
        );
    return [{ message, fix: null, ...(held ? { severity: 'warning' as const } : {}) }];
  },
};

/** Whether statements after this one in its transaction name tables that are there already. */
function workAfter({ statement, schema, script }: RuleContext): boolean {
  const block = script.blocks[statement.index] ?? null;
  if (block === null) return false;
  return script.statements
    .slice(statement.index + 1)
    .filter((each) => script.blocks[each.index] === block && !isLight(each))
    .some((each) =>
      relationsNamed(schema, each)
        .filter((key) => !isMadeBy(script.statements, schema, key))
        .some((key) => schema.relations.get(key)?.fresh === false),
    );
}

function isLight(statement: Statement): boolean {
  return ['CreateStmt', 'CommentStmt', 'GrantStmt', 'VariableSetStmt', 'TransactionStmt'].includes(
    statement.kind,
  );
}

function isMadeBy(statements: readonly Statement[], schema: RuleContext['schema'], key: string): boolean {
  return statements.some((each) => {
    const create = asKind(each.node, 'CreateStmt');
    return create !== null && relationKey(schema, create.relation) === key;
  });
}

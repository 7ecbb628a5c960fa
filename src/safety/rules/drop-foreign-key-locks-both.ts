import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { dottedKey, relationKey } from '../known-schema';
import { descendants, referencingTables } from '../known-neighbours';
import { nameParts } from '../known-schema-drop';
import type { Rule, RuleContext } from '../rule';

export const dropForeignKeyLocksBoth: Rule = {
  id: 'drop-foreign-key-locks-both',
  title: 'Dropping a foreign key locks the tables at both ends',
  severity: 'warning',
  on: ['DropStmt', 'AT_DropConstraint', 'AT_DropColumn'],
  since: null,
  until: null,
  why: 'A foreign key has triggers on both tables, so dropping it, by itself or with its table, takes ACCESS EXCLUSIVE on both. Whoever reads the other table waits too, and two tables locked at once can deadlock with transactions that use them in the other order.',
  url: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS',
  bad: {
    before:
      'create table customers (id int primary key); create table orders (id int primary key, customer_id int constraint orders_customer references customers);',
    sql: 'alter table orders drop constraint orders_customer;',
  },
  good: {
    before:
      'create table customers (id int primary key); create table orders (id int primary key, customer_id int, constraint positive check (id > 0));',
    sql: 'alter table orders drop constraint positive;',
  },
  check(context) {
    const { forecast, schema, script } = context;
    const targets = droppedFrom(context);
    if (targets.length === 0 || script.direction === 'down') return [];
    const own = new Set(targets.flatMap((key) => [key, ...descendants(schema, key)]));
    const partners = new Set(
      [...own].flatMap((key) => [
        ...(schema.relations.get(key)?.constraints ?? []).flatMap(({ references }) => references ?? []),
        ...referencingTables(schema, key),
      ]),
    );
    const others = forecast.locks
      .filter(
        ({ mode, relation }) =>
          mode === 'AccessExclusiveLock' && !own.has(relation) && partners.has(relation),
      )
      .map(({ relation }) => relationLabel(relation));
    if (others.length === 0 || !forecast.locks.some(({ relation }) => own.has(relation))) return [];
    const message = t(
      'This stops reads and writes of {0} too, at the other end of the foreign key, for a moment. Do it in a migration of its own with a short lock_timeout, and try again when it does not get the locks.',
      others.join(', '),
    );
    return [{ message, fix: null }];
  },
};

/** The tables that are dropped, or that lose a constraint. */
function droppedFrom({ statement, schema }: RuleContext): string[] {
  const drop = asKind(statement.node, 'DropStmt');
  if (drop?.removeType === 'OBJECT_TABLE')
    return (drop.objects ?? []).map((object) => dottedKey(schema, nameParts(object), schema.relations));
  const alter = asKind(statement.node, 'AlterTableStmt');
  const drops = (alter?.cmds ?? []).some((node) => {
    const subtype = asKind(node, 'AlterTableCmd')?.subtype;
    return subtype === 'AT_DropConstraint' || subtype === 'AT_DropColumn';
  });
  return drops ? [relationKey(schema, alter?.relation)] : [];
}

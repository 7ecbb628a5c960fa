import type { DropStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import type { FixProposal } from '../fix-proposal';
import { dottedKey } from '../known-schema';
import { tableOfIndex } from '../known-neighbours';
import { nameParts } from '../known-schema-drop';
import { isUnseen } from '../reading/commands';
import { afterWord } from '../reading/statement-text';
import type { Rule } from '../rule';

export const dropIndexNotConcurrent: Rule = {
  id: 'drop-index-not-concurrent',
  title: 'Dropping an index under ACCESS EXCLUSIVE',
  severity: 'warning',
  on: ['DropStmt'],
  since: null,
  until: null,
  why: 'DROP INDEX takes ACCESS EXCLUSIVE on the table, so that it waits for every query on it, and all queries after it wait for it. DROP INDEX CONCURRENTLY stops neither reads nor writes.',
  url: 'https://www.postgresql.org/docs/current/sql-dropindex.html',
  bad: {
    before:
      'create table orders (id int primary key, customer_id int); create index orders_customer on orders (customer_id);',
    sql: 'drop index orders_customer;',
  },
  good: {
    before:
      'create table orders (id int primary key, customer_id int); create index orders_customer on orders (customer_id);',
    sql: 'drop index concurrently orders_customer;',
    transaction: 'none',
  },
  check(context) {
    const { statement, schema, script } = context;
    const drop = asKind(statement.node, 'DropStmt');
    if (drop?.removeType !== 'OBJECT_INDEX' || drop.concurrent || script.direction === 'down') return [];
    const keys = (drop.objects ?? []).map((object) => dottedKey(schema, nameParts(object), schema.relations));
    const tables = keys.map((key) => tableOfIndex(schema, key)?.table);
    // No migration before it made one: most likely there is nothing to drop.
    if (drop.missing_ok && schema.relations.size > 0 && tables.every((table) => table === undefined))
      return [];
    // CONCURRENTLY is refused for the index of a partitioned table.
    const others = tables.filter(
      (table) => !table || (!isUnseen(context, table) && schema.relations.get(table)?.kind !== 'partitioned'),
    );
    if (others.length === 0) return [];
    const known = [...new Set(others.filter((table) => table !== undefined).map(relationLabel))];
    const message = t(
      'Reads and writes of {0} queue behind this until it has its lock. Use DROP INDEX CONCURRENTLY, in a file without a transaction.',
      known.join(', ') || t('the table'),
    );
    return [{ message, fix: concurrently(statement, drop, keys) }];
  },
};

/** CONCURRENTLY takes one index, and no CASCADE. */
function concurrently(statement: Statement, drop: DropStmt, keys: readonly string[]): FixProposal | null {
  const [key, ...more] = keys;
  if (key === undefined || more.length > 0 || drop.behavior === 'DROP_CASCADE') return null;
  return {
    kind: 'outside-transaction',
    title: t('Drop {0} CONCURRENTLY', relationLabel(key)),
    statement: afterWord(statement.text, 'index', ' CONCURRENTLY'),
    inverse: null,
    name: `drop index ${nameParts(drop.objects?.[0]).at(-1) ?? ''}`,
    object: { kind: 'index', name: key },
  };
}

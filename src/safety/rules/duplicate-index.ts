import type { IndexStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey, type KnownIndex } from '../known-schema';
import { isPlainIndex } from '../plain-index';
import type { Rule, RuleContext } from '../rule';

export const duplicateIndex: Rule = {
  id: 'duplicate-index',
  title: 'An index that another one serves for',
  severity: 'info',
  on: ['IndexStmt'],
  since: null,
  until: null,
  why: 'A B-tree index also serves queries on its first columns alone, so an index of just these finds nothing more. Each index is written with every row and takes its space.',
  url: 'https://www.postgresql.org/docs/current/indexes-multicolumn.html',
  bad: {
    before:
      'create table orders (id int primary key, customer_id int, made date); create index orders_customer_made on orders (customer_id, made);',
    sql: 'create index concurrently orders_customer on orders (customer_id);',
    transaction: 'none',
  },
  good: {
    before:
      'create table orders (id int primary key, customer_id int, made date); create index orders_customer_made on orders (customer_id, made);',
    sql: 'create index concurrently orders_made on orders (made);',
    transaction: 'none',
  },
  check(context) {
    const { statement, schema, script } = context;
    const index = asKind(statement.node, 'IndexStmt');
    if (!index || !isPlainIndex(index) || index.indexIncludingParams?.length || script.direction === 'down')
      return [];
    const table = relationKey(schema, index.relation);
    const columns = (index.indexParams ?? []).map((node) => asKind(node, 'IndexElem')?.name ?? '');
    const other = schema.relations
      .get(table)
      ?.indexes.find((each) => each.name !== index.idxname && serves(each, index, columns));
    if (!other || isReplaced(context, index, other)) return [];
    const message = t(
      'The index {0} of {1} starts with {2} already and serves the same queries. Leave this one out.',
      other.name,
      relationLabel(table),
      columns.join(', '),
    );
    return [{ message, fix: null }];
  },
};

/** A unique index demands something of its own, which only one of the same columns does too. */
function serves(other: KnownIndex, index: IndexStmt, columns: readonly string[]): boolean {
  if (!other.plain || !other.valid) return false;
  if (index.unique && (!other.unique || other.columns.length !== columns.length)) return false;
  return columns.every((column, place) => other.columns[place] === column);
}

/** Whether statements after it drop the other index, or do something with this one. */
function isReplaced({ script, statement }: RuleContext, index: IndexStmt, other: KnownIndex): boolean {
  const names = [index.idxname, other.name]
    .filter((name) => name !== undefined)
    .map((name) => JSON.stringify(name));
  return script.statements.slice(statement.index + 1).some((each) => {
    const text = JSON.stringify(each.node);
    return names.some((name) => text.includes(name));
  });
}

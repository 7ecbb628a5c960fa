import type { IndexStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import type { FixProposal } from '../fix-proposal';
import { relationKey } from '../known-schema';
import { schemaOf } from '../reading/constraint-by-index';
import { isUnseen } from '../reading/commands';
import { wordPlace } from '../reading/statement-text';
import type { Rule } from '../rule';

export const invalidIndexHidden: Rule = {
  id: 'invalid-index-hidden',
  title: 'IF NOT EXISTS may leave an invalid index in place',
  severity: 'warning',
  on: ['IndexStmt'],
  since: null,
  until: null,
  why: 'CREATE INDEX CONCURRENTLY that fails leaves an invalid index behind, which slows writes and serves no query. IF NOT EXISTS goes by the name alone, so the next run finds that index and reports success.',
  url: 'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
  bad: {
    before: 'create table orders (id int primary key, customer_id int);',
    sql: 'create index concurrently if not exists orders_customer on orders (customer_id);',
    transaction: 'none',
  },
  good: {
    before: 'create table orders (id int primary key, customer_id int);',
    sql: 'drop index concurrently if exists orders_customer; create index concurrently orders_customer on orders (customer_id);',
    transaction: 'none',
  },
  check(context) {
    const { statement, schema } = context;
    const index = asKind(statement.node, 'IndexStmt');
    if (!index?.concurrent || !index.if_not_exists || !index.idxname) return [];
    const table = relationKey(schema, index.relation);
    if (isUnseen(context, table)) return [];
    const name = formatQualifiedName({ schema: schemaOf(schema, table), name: index.idxname });
    const fix = withDrop(statement, index, name);
    const present = schema.relations.get(table)?.indexes.find((each) => each.name === index.idxname);
    if (present && !present.valid) {
      const message = t(
        'The index {0} exists and is invalid, and IF NOT EXISTS leaves it so. Drop it first with DROP INDEX CONCURRENTLY IF EXISTS.',
        index.idxname,
      );
      return [{ message, fix, severity: 'error' }];
    }
    // A valid one is there already: nothing happens.
    if (present && schema.source === 'catalog') return [];
    const message = t(
      'If an earlier attempt failed, an invalid index {0} is there and IF NOT EXISTS takes it for done. Drop it first with DROP INDEX CONCURRENTLY IF EXISTS, and create it without IF NOT EXISTS.',
      index.idxname,
    );
    return [{ message, fix }];
  },
};

function withDrop(statement: Statement, index: IndexStmt, name: string): FixProposal | null {
  const start = wordPlace(statement.text, 'if');
  const end = start && wordPlace(statement.text, 'exists', start.end);
  if (!end) return null;
  const rest = statement.text.slice(end.end).replace(/^\s+/, '');
  const create = statement.text.slice(0, start.start) + rest;
  const drop = `DROP INDEX CONCURRENTLY IF EXISTS ${name}`;
  return {
    kind: 'outside-transaction',
    title: t('Drop what an earlier attempt left of {0}, then create it', index.idxname ?? ''),
    statement: `${drop};\n${create}`,
    inverse: drop,
    name: `index ${index.idxname ?? ''}`,
    object: { kind: 'index', name },
    apart: [
      { name: `drop leftover ${index.idxname ?? ''}`, up: `${drop};\n`, down: '', transactional: false },
      { name: `index ${index.idxname ?? ''}`, up: `${create};\n`, down: `${drop};\n`, transactional: false },
    ],
  };
}

import assert from 'node:assert/strict';
import type { Finding } from '../../src/safety/finding';
import { lintScript, type LintInput } from '../../src/safety/lint';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { schemaAfter } from './lock-truth';
import { wrappedUp } from './wrapped-up';

const orders =
  'create table customers (id int primary key); create table orders (id int primary key, code text, customer_id int references customers); create index orders_code on orders (code);';
const events =
  'create table events (id int not null, kind int) partition by range (id); create table events_1 (id int not null, kind int);';

/** What the rules say beyond their own examples. */
describe('safety: rules of constraints, indexes and partitions', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const lint = (before: string, sql: string, extra: Partial<LintInput> = {}): Finding[] =>
    lintScript(parser, wrappedUp(sql, { schema: schemaAfter(parser, before), ...extra })).findings;

  const severities = (findings: Finding[], rule: string): string[] =>
    findings.filter((finding) => finding.rule === rule).map((finding) => finding.severity);

  it('calls an index that is known to be invalid an error, and a valid one nothing', () => {
    const sql = 'create index concurrently if not exists orders_code on orders (code)';
    const schema = schemaAfter(parser, orders);
    schema.source = 'catalog';
    const rule = 'invalid-index-hidden';
    assert.deepEqual(severities(lint(orders, sql, { schema, transaction: 'none' }), rule), []);
    for (const index of schema.relations.get('public.orders')!.indexes) index.valid = false;
    const found = lint(orders, sql, { schema, transaction: 'none' });
    assert.deepEqual(severities(found, rule), ['error']);
    assert.match(found.find((finding) => finding.rule === rule)!.message, /exists and is invalid/);
  });

  it('warns of a new table that points at a busy one when more work follows', () => {
    const create = 'create table lines (id int primary key, customer_id int references customers);';
    const rule = 'create-table-references';
    assert.deepEqual(severities(lint(orders, create), rule), ['info']);
    assert.deepEqual(severities(lint(orders, `${create} create index on lines (customer_id);`), rule), [
      'info',
    ]);
    const more = `${create} update orders set code = 'x' where id = 1;`;
    assert.deepEqual(severities(lint(orders, more), rule), ['warning']);
    assert.deepEqual(severities(lint(orders, more, { transaction: 'none' }), rule), ['info']);
    const levels = { [rule]: 'error' as const };
    assert.deepEqual(severities(lint(orders, more, { levels }), rule), ['error']);
  });

  it('names all tables a dropped key or table locks', () => {
    const rule = 'drop-foreign-key-locks-both';
    for (const sql of [
      'alter table orders drop constraint orders_customer_id_fkey',
      'alter table customers drop constraint customers_pkey cascade',
      'drop table orders',
    ]) {
      const found = lint(orders, sql).filter((finding) => finding.rule === rule);
      assert.equal(found.length, 1, sql);
      assert.match(found[0]!.message, sql.includes('customers ') ? /orders/ : /customers/);
    }
    assert.deepEqual(severities(lint(orders, 'drop table orders', { direction: 'down' }), rule), []);
  });

  it('calls the scan of a default partition worse than that of the new one', () => {
    const attach = 'alter table events attach partition events_1 for values from (1) to (10)';
    const rule = 'attach-partition-scan';
    assert.deepEqual(severities(lint(events, attach), rule), ['warning']);
    const rest = `${events} create table events_rest partition of events default;`;
    assert.deepEqual(severities(lint(rest, attach), rule), ['error']);
  });

  it('offers no NOT VALID for a foreign key of a partitioned table before 18', () => {
    const before = `create table kinds (id int primary key); ${events}`;
    const add = 'alter table events add constraint known foreign key (kind) references kinds';
    const partitioned = `${before} alter table events attach partition events_1 default;`;
    const fixOf = (serverMajor: number): unknown =>
      lint(partitioned, add, {
        serverMajor,
        target: { path: 'example.sql', outside: { by: 'always' }, compose: () => [], other: null },
      }).find((finding) => finding.rule === 'constraint-not-valid')?.fix;
    assert.equal(fixOf(17), null);
    assert.ok(fixOf(18));
  });

  it('does not call an index a duplicate of one with another order, method or condition', () => {
    const made = (index: string): string[] =>
      severities(
        lint(`create table t (a int, b int); ${index};`, 'create index concurrently t_a on t (a)', {
          transaction: 'none',
        }),
        'duplicate-index',
      );
    assert.deepEqual(made('create index i on t (a, b)'), ['info']);
    assert.deepEqual(made('create unique index i on t (a)'), ['info']);
    for (const other of ['(b, a)', '(a desc)', 'using hash (a)', '(a) where b > 0', '((a + 1))'])
      assert.deepEqual(made(`create index i on t ${other}`), [], other);
  });

  it('leaves the index alone that replaces another', () => {
    const sql = 'create index orders_code_2 on orders (code); drop index orders_code;';
    assert.deepEqual(severities(lint(orders, sql), 'duplicate-index'), []);
  });

  it('knows what DROP SCHEMA takes only with CASCADE', () => {
    assert.deepEqual(severities(lint('', 'drop schema old'), 'drop-schema'), ['warning']);
    assert.deepEqual(severities(lint('', 'drop schema old cascade'), 'drop-schema'), ['error']);
  });

  it('says of a statement inside its own BEGIN what is wrong, without a fix that would not help', () => {
    const sql = 'begin; create index concurrently i on orders (customer_id); commit;';
    const found = lint(orders, sql, { transaction: 'none' }).filter(
      (finding) => finding.rule === 'concurrent-in-transaction',
    );
    assert.deepEqual(
      found.map((finding) => finding.fix),
      [null],
    );
  });
});

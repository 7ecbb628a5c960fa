import assert from 'node:assert/strict';
import { useByStatement, type StatementUse } from '../../../src/assess/load/use-by-statement';
import { statementLoad } from '../../../src/assess/load/read-statement-load';
import { loadParser, type SqlParser } from '../../../src/sql/parser';

const table = { name: { schema: 'shop', name: 'orders' }, column: 'note' };

describe('how a statement uses a table', () => {
  let parser: SqlParser;

  before(async () => {
    parser = await loadParser();
  });

  const use = (sql: string): StatementUse | null => useByStatement(sql, parser, table);

  const cases: [string, StatementUse | null][] = [
    ['SELECT id FROM orders WHERE id = $1', { writes: false, column: 'none' }],
    ['SELECT o.note FROM shop.orders o', { writes: false, column: 'named' }],
    ['SELECT count(*) FROM orders WHERE note IS NULL', { writes: false, column: 'named' }],
    ['SELECT * FROM customers c JOIN orders o ON o.customer = c.id', { writes: false, column: 'all' }],
    ['INSERT INTO orders (id, note) VALUES ($1, $2)', { writes: true, column: 'named' }],
    ['INSERT INTO orders VALUES ($1, $2)', { writes: true, column: 'all' }],
    ['INSERT INTO orders (id) VALUES ($1) RETURNING note', { writes: true, column: 'named' }],
    ['UPDATE orders SET note = $1 WHERE id = $2', { writes: true, column: 'named' }],
    ['UPDATE customers SET name = $1 FROM orders o WHERE o.id = $2', { writes: false, column: 'none' }],
    ['DELETE FROM orders WHERE id = $1', { writes: true, column: 'all' }],
    ['WITH gone AS (DELETE FROM orders RETURNING id) SELECT id FROM gone', { writes: true, column: 'all' }],
    ['COPY orders (id, note) FROM STDIN', { writes: true, column: 'named' }],
    ['COPY orders TO STDOUT', { writes: false, column: 'all' }],
    ['CREATE TABLE orders (note text)', null],
    ['VACUUM orders', null],
    ['SELECT id FROM archive.orders', null],
    ['SELECT orders FROM customers', null],
    ['SELECT id FROM orders_old', null],
    ['SELECT id FROM orders WHERE', null],
    ['<insufficient privilege>', null],
  ];
  for (const [sql, expected] of cases) it(sql, () => assert.deepEqual(use(sql), expected));

  it('keeps numbers and order of those that use it, on one line each', () => {
    const row = (query: string, calls: string) => ({ query, calls, mean: 0.5, total: 1 });
    assert.deepEqual(
      statementLoad(
        [
          row('SELECT id\n  FROM orders', '12'),
          row('SELECT orders FROM x', '9'),
          row('DELETE FROM orders', '1'),
        ],
        parser,
        table,
      ).map(({ text, calls, meanMilliseconds }) => [text, calls, meanMilliseconds]),
      [
        ['SELECT id FROM orders', 12, 0.5],
        ['DELETE FROM orders', 1, 0.5],
      ],
    );
  });
});

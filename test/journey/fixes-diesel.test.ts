import assert from 'node:assert/strict';
import path from 'node:path';
import { lintFiles } from '../../src/journey/lint';
import { testContext } from '../support/journey-context';
import { memoryFiles } from '../support/memory-files';

/** Diesel says in a file beside the script that it runs outside a transaction. */
describe('fixes in a folder of Diesel', () => {
  const root = path.resolve('/workspace');
  const at = (file: string): string => path.join(root, 'migrations', ...file.split('/'));

  it('moves an index into a migration of its own, with the file that keeps it out of a transaction', async () => {
    const up = '2020-01-02-000000_index/up.sql';
    const files = memoryFiles({
      [path.join(root, 'diesel.toml')]: '',
      [at('2020-01-01-000000_orders/up.sql')]: 'create table orders (id int primary key, customer_id int);\n',
      [at('2020-01-01-000000_orders/down.sql')]: 'drop table orders;\n',
      [at(up)]: 'alter table orders add note text;\ncreate index orders_customer on orders (customer_id);\n',
      [at('2020-01-02-000000_index/down.sql')]:
        'drop index orders_customer;\nalter table orders drop note;\n',
    });
    const { files: linted } = await lintFiles({ ...testContext(root), files }, [at(up)]);
    const [finding, ...more] = linted
      .flatMap((file) => file.findings)
      .filter((each) => each.rule === 'index-not-concurrent');
    assert.deepEqual(more, []);
    const created = finding!.fix!.creates.map((file) => [
      path
        .relative(at(''), file.path)
        .split(path.sep)
        .join('/')
        .replace(/^[\d-]+_/, '<time>_'),
      file.text,
    ]);
    assert.deepEqual(created, [
      [
        '<time>_index_orders_customer/up.sql',
        'create index CONCURRENTLY orders_customer on orders (customer_id);\n',
      ],
      [
        '<time>_index_orders_customer/down.sql',
        'DROP INDEX CONCURRENTLY IF EXISTS public.orders_customer;\n',
      ],
      ['<time>_index_orders_customer/metadata.toml', 'run_in_transaction = false\n'],
    ]);
    const edited = new Set(finding!.fix!.edits.map((edit) => path.relative(at(''), edit.path)));
    assert.deepEqual([...edited].map((file) => path.basename(file)).sort(), ['down.sql', 'up.sql']);
  });

  it('leaves an index where it is that has such a file beside it already', async () => {
    const up = '2020-01-02-000000_index/up.sql';
    const files = memoryFiles({
      [path.join(root, 'diesel.toml')]: '',
      [at('2020-01-01-000000_orders/up.sql')]: 'create table orders (id int primary key, customer_id int);\n',
      [at(up)]: 'create index orders_customer on orders (customer_id);\n',
      [at('2020-01-02-000000_index/down.sql')]: 'drop index orders_customer;\n',
      [at('2020-01-02-000000_index/metadata.toml')]: 'run_in_transaction = false\n',
    });
    const { files: linted } = await lintFiles({ ...testContext(root), files }, [at(up)]);
    const finding = linted
      .flatMap((file) => file.findings)
      .find((each) => each.rule === 'index-not-concurrent');
    assert.deepEqual(finding!.fix!.creates, []);
    assert.deepEqual(
      finding!.fix!.edits.map((edit) => [edit.path, edit.newText]),
      [[at(up), 'create index CONCURRENTLY orders_customer on orders (customer_id)']],
    );
  });
});

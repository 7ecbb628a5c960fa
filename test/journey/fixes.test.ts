import assert from 'node:assert/strict';
import path from 'node:path';
import { lintFiles } from '../../src/journey/lint';
import type { Finding } from '../../src/safety/finding';
import { testContext } from '../support/journey-context';
import { memoryFiles } from '../support/memory-files';

/** Fixes in the folders of each layout: which files they change, and which they make. */
describe('fixes in a folder of migrations', () => {
  const root = path.resolve('/workspace');
  const orders = 'create table orders (id int primary key, customer_id int, code text not null);\n';
  const createIndex = 'create index orders_customer on orders (customer_id);\n';

  type Names = Record<string, string>;

  /** The files after the fix of the rule's only finding in `name`, without those that stayed as they were. */
  async function afterFix(files: Names, name: string, rule: string): Promise<Names | null> {
    const at = (file: string): string => path.join(root, 'migrations', file);
    const before = Object.fromEntries(Object.entries(files).map(([file, text]) => [at(file), text]));
    const context = { ...testContext(root), files: memoryFiles(before) };
    const { files: linted } = await lintFiles(context, [at(name)]);
    const findings = linted.flatMap((file) => file.findings).filter((finding) => finding.rule === rule);
    assert.equal(findings.length, 1, JSON.stringify(linted));
    const fix = findings[0]!.fix;
    if (!fix) return null;
    const changed: Names = {};
    for (const file of new Set(fix.edits.map((edit) => edit.path)))
      changed[path.basename(file)] = edited(before[file]!, fix, file);
    for (const { path: file, text } of fix.creates) {
      assert.ok(!(file in before), file);
      changed[path.basename(file)] = text;
    }
    return changed;
  }

  function edited(text: string, fix: NonNullable<Finding['fix']>, file: string): string {
    return fix.edits
      .filter((edit) => edit.path === file)
      .reverse()
      .sort((a, b) => b.start.offset - a.start.offset)
      .reduce(
        (result, edit) => result.slice(0, edit.start.offset) + edit.newText + result.slice(edit.end.offset),
        text,
      );
  }

  describe('golang-migrate', () => {
    const first = { '000001_orders.up.sql': orders, '000001_orders.down.sql': 'drop table orders;\n' };
    const up = '000002_index.up.sql';
    const down = '000002_index.down.sql';

    it('leaves a file with nothing but the index where it is', async () => {
      const files = { ...first, [up]: createIndex, [down]: 'drop index orders_customer;\n' };
      assert.deepEqual(await afterFix(files, up, 'index-not-concurrent'), {
        [up]: 'create index CONCURRENTLY orders_customer on orders (customer_id);\n',
      });
    });

    it('moves the index out of a file with other statements, with its comment, and its drop with it', async () => {
      const files = {
        ...first,
        [up]: `alter table orders add note text; -- free text\n-- Lists by customer.\n${createIndex}comment on table orders is 'x';\n`,
        [down]: 'drop index orders_customer;\nalter table orders drop note;\n',
        '000003_more.up.sql': 'select 1;\n',
        '000007_last.up.sql': 'select 1;\n',
      };
      assert.deepEqual(await afterFix(files, up, 'index-not-concurrent'), {
        [up]: "alter table orders add note text; -- free text\ncomment on table orders is 'x';\n",
        [down]: 'alter table orders drop note;\n',
        '000008_index_orders_customer.up.sql':
          '-- Lists by customer.\ncreate index CONCURRENTLY orders_customer on orders (customer_id);\n',
        '000008_index_orders_customer.down.sql':
          'DROP INDEX CONCURRENTLY IF EXISTS public.orders_customer;\n',
      });
    });

    it('moves it where only a setting stands beside it', async () => {
      const files = { ...first, [up]: `set lock_timeout = '2s';\n${createIndex}` };
      assert.deepEqual(await afterFix(files, up, 'index-not-concurrent'), {
        [up]: "set lock_timeout = '2s';\n",
        '000003_index_orders_customer.up.sql':
          'create index CONCURRENTLY orders_customer on orders (customer_id);\n',
        '000003_index_orders_customer.down.sql':
          'DROP INDEX CONCURRENTLY IF EXISTS public.orders_customer;\n',
      });
    });

    it('keeps the line ends of the file', async () => {
      const files = {
        ...first,
        [up]: '-- Lists.\r\ncreate index orders_customer\r\n  on orders (customer_id);\r\nselect 1;\r\n',
        [down]: 'select 1;\r\ndrop index if exists orders_customer;\r\n',
      };
      assert.deepEqual(await afterFix(files, up, 'index-not-concurrent'), {
        [up]: 'select 1;\r\n',
        [down]: 'select 1;\r\n',
        '000003_index_orders_customer.up.sql':
          '-- Lists.\r\ncreate index CONCURRENTLY orders_customer\r\n  on orders (customer_id);\r\n',
        '000003_index_orders_customer.down.sql':
          'DROP INDEX CONCURRENTLY IF EXISTS public.orders_customer;\r\n',
      });
    });

    it('offers nothing where the way back drops it together with something else', async () => {
      const files = {
        ...first,
        [up]: `${createIndex}create index orders_code on orders (code);\n`,
        [down]: 'drop index orders_customer, orders_code;\n',
      };
      const at = (file: string): string => path.join(root, 'migrations', file);
      const context = {
        ...testContext(root),
        files: memoryFiles(Object.fromEntries(Object.entries(files).map(([file, text]) => [at(file), text]))),
      };
      const { files: linted } = await lintFiles(context, [at(up)]);
      const found = linted[0]!.findings.filter((finding) => finding.rule === 'index-not-concurrent');
      assert.deepEqual(
        found.map((finding) => finding.fix),
        [null, null],
      );
    });

    it('offers no new migration for what stands in a way back', async () => {
      const files = { ...first, [up]: 'select 1;\n', [down]: `select 1;\n${createIndex}` };
      assert.equal(await afterFix(files, down, 'index-not-concurrent'), null);
    });
  });

  describe('plain pairs', () => {
    const first = { '001_orders.sql': orders, '001_orders_rollback.sql': 'drop table orders;\n' };
    const up = '002_index.sql';
    const down = '002_index_rollback.sql';

    it('marks a file with nothing but the index and settings', async () => {
      const files = {
        ...first,
        [up]: `set lock_timeout = '2s';\n-- Lists by customer.\n${createIndex}`,
        [down]: 'drop index orders_customer;\n',
      };
      assert.deepEqual(await afterFix(files, up, 'index-not-concurrent'), {
        [up]: "-- switchback:no-transaction\nset lock_timeout = '2s';\n-- Lists by customer.\ncreate index CONCURRENTLY orders_customer on orders (customer_id);\n",
      });
    });

    it('moves it out of a file with other statements, behind the last migration', async () => {
      const files = {
        ...first,
        [up]: `alter table orders add note text;\n${createIndex}`,
        [down]: 'drop index orders_customer;\nalter table orders drop note;\n',
        '003_more.sql': 'select 1;\n',
        '003_more_rollback.sql': 'select 1;\n',
      };
      assert.deepEqual(await afterFix(files, up, 'index-not-concurrent'), {
        [up]: 'alter table orders add note text;\n',
        [down]: 'alter table orders drop note;\n',
        '004_index_orders_customer.sql':
          '-- switchback:no-transaction\ncreate index CONCURRENTLY orders_customer on orders (customer_id);\n',
        '004_index_orders_customer_rollback.sql':
          '-- switchback:no-transaction\nDROP INDEX CONCURRENTLY IF EXISTS public.orders_customer;\n',
      });
    });
  });
});

import assert from 'node:assert/strict';
import path from 'node:path';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import type { Session } from '../../src/database/session';
import { lintFiles } from '../../src/journey/lint';
import type { Fix } from '../../src/safety/finding';
import { testContext } from '../support/journey-context';
import { memoryFiles } from '../support/memory-files';
import { testMajors } from '../support/servers';
import { beforeInDatabase } from '../support/before-in-database';

const table = `create table orders (id bigint primary key, note text, amount int default 7);
insert into orders select g, 'n' || g, g from generate_series(1, 100) g;`;

const cases: { rule: string; up: string; down: string; before?: string }[] = [
  {
    rule: 'set-not-null-scan',
    up: 'ALTER TABLE orders\n  ALTER COLUMN note SET NOT NULL; -- at last\n',
    down: 'alter table orders alter column note drop not null;\n',
  },
  {
    rule: 'set-not-null-scan',
    before: 'alter table orders add constraint orders_note_not_null check (length(note) > 0);',
    up: 'alter table orders alter note set not null, add column other text;\n',
    down: 'begin;\nalter table orders alter column note drop not null, drop column other;\ncommit;\n',
  },
  {
    rule: 'volatile-default',
    up: 'alter table orders add column key uuid /* new */ not null default md5(random()::text)::uuid, add b int;\n',
    down: 'alter table orders drop column key, drop column b;\n',
  },
  {
    rule: 'serial-or-identity-column',
    up: 'alter table orders add column number bigserial not null, add b int',
    down: 'alter table orders drop column number, drop column b;\n',
  },
  {
    rule: 'serial-or-identity-column',
    up: '  alter table public.orders\n    add column "No" int constraint "x y" generated always as identity; -- numbers\n',
    down: 'alter table orders drop column "No";\n',
  },
  {
    rule: 'adding-required-column',
    up: 'ALTER TABLE orders ADD COLUMN state text NOT NULL CHECK (state <> $$,$$);\n',
    down: 'alter table orders drop column state;\n',
  },
  {
    rule: 'type-change-rewrite',
    up: '-- more room\nalter table orders alter column amount type bigint using amount::bigint;\n',
    down: 'alter table orders alter column amount type int;\n',
  },
];

/** Column fixes in files that people have: each file runs, and each way back restores what was there before it. */
describe('fixes of columns, run from their files', function () {
  this.timeout(60_000);
  const root = path.resolve('/workspace');
  const at = (file: string): string => path.join(root, 'migrations', file);

  /** The migrations after the fix, in order. */
  async function fixed(
    each: (typeof cases)[number],
    serverMajor: number,
  ): Promise<{ up: string; down: string }[]> {
    const files: Record<string, string> = {
      [at('000001_orders.up.sql')]: `${table}\n${each.before ?? ''}\n`,
      [at('000001_orders.down.sql')]: 'drop table orders;\n',
      [at('000002_change.up.sql')]: each.up,
      [at('000002_change.down.sql')]: each.down,
    };
    const context = { ...testContext(root), files: memoryFiles(files) };
    const { files: linted } = await lintFiles(context, [at('000002_change.up.sql')], { serverMajor });
    const found = linted.flatMap((file) => file.findings).filter((finding) => finding.rule === each.rule);
    assert.equal(found.length, 1, JSON.stringify(linted));
    const { fix } = found[0]!;
    assert.ok(fix);
    for (const file of new Set(fix.edits.map((edit) => edit.path)))
      files[file] = edited(files[file]!, fix, file);
    for (const { path: file, text } of fix.creates) files[file] = text;
    const ups = Object.keys(files)
      .filter((file) => file.endsWith('.up.sql'))
      .sort();
    return ups.map((file) => ({ up: files[file]!, down: files[file.replace('.up.', '.down.')]! }));
  }

  function edited(text: string, fix: Fix, file: string): string {
    return fix.edits
      .filter((edit) => edit.path === file)
      .sort((a, b) => b.start.offset - a.start.offset || b.end.offset - a.end.offset)
      .reduce(
        (result, edit) => result.slice(0, edit.start.offset) + edit.newText + result.slice(edit.end.offset),
        text,
      );
  }

  for (const major of testMajors) {
    describe(`on PostgreSQL ${major}`, () => {
      let session: Session;
      beforeInDatabase(major, (opened) => (session = opened));
      beforeEach(() => session.script('drop schema public cascade; create schema public'));

      for (const each of cases) {
        it(`${each.rule} in \`${each.up.replace(/\s+/g, ' ').trim()}\` comes back step by step`, async () => {
          const migrations = await fixed(each, major);
          const states = [];
          for (const { up } of migrations) {
            states.push(await readCatalog(session));
            await session.script(up);
          }
          for (const { down } of [...migrations].reverse()) {
            await session.script(down);
            const differences = compareCatalogs(states.pop()!, await readCatalog(session));
            assert.deepEqual(differences, [], down);
          }
        });
      }

      it('the last state has what was wanted', async () => {
        for (const { up } of await fixed(cases[0]!, major)) await session.script(up);
        const { rows } = await session.query<{ required: boolean; checks: string }>(
          `select attnotnull as required, (select count(*) from pg_constraint where conrelid = attrelid and contype = 'c') as checks
             from pg_attribute where attrelid = 'orders'::regclass and attname = 'note'`,
        );
        assert.deepEqual(rows, [{ required: true, checks: '0' }]);
      });

      it('the trigger of a type change serves old and new writers, and no row is left behind', async () => {
        for (const { up } of await fixed(cases.at(-1)!, major)) await session.script(up);
        const values = async (where: string): Promise<unknown> =>
          (await session.query(`select amount, amount_new::int from orders where ${where}`)).rows;
        await session.script(
          'insert into orders (id, amount) values (201, 5); insert into orders (id, amount_new) values (202, 6)',
        );
        assert.deepEqual(await values('id > 200 order by id'), [
          { amount: 5, amount_new: 5 },
          { amount: 6, amount_new: 6 },
        ]);
        await session.script(
          'insert into orders (id) values (203); update orders set amount = 8 where id = 201',
        );
        await session.script(
          'update orders set amount_new = 9 where id = 202; update orders set note = note where id = 1',
        );
        assert.deepEqual(await values('id > 200 or id = 1 order by id'), [
          { amount: 1, amount_new: 1 },
          { amount: 8, amount_new: 8 },
          { amount: 9, amount_new: 9 },
          { amount: 7, amount_new: 7 },
        ]);
        await session.script('update orders set amount = 3, amount_new = 3 where id = 1');
        await assert.rejects(
          session.script('update orders set amount = 4, amount_new = 5 where id = 1'),
          /column whose type changes|refused/,
        );
        await assert.rejects(
          session.script('update orders set amount_new = 3000000000 where id = 1'),
          /range|refused/,
        );
      });
    });
  }
});

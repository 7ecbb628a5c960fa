import assert from 'node:assert/strict';
import path from 'node:path';
import { compareCatalogs } from '../../src/catalog/compare';
import type { Catalog } from '../../src/catalog/catalog';
import { readCatalog } from '../../src/catalog/read-catalog';
import type { Session } from '../../src/database/session';
import { lintFiles } from '../../src/journey/lint';
import { layoutById } from '../../src/layouts/layouts';
import type { Direction, LayoutId, Migration } from '../../src/layouts/layout';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { testContext } from '../support/journey-context';
import { memoryFiles } from '../support/memory-files';
import { testMajors } from '../support/servers';
import { beforeInDatabase } from '../support/before-in-database';

interface Case {
  rule: string;
  title: string;
  before: string;
  up: string;
  down: string;
  since?: number;
  /** Layouts whose runner cannot do it: there is then no fix. */
  not?: readonly LayoutId[];
}

const orders =
  "create table customers (id int primary key); create table orders (id int not null, code text, note text, customer_id int); insert into customers values (1); insert into orders select g, 'c' || g, null, 1 from generate_series(1, 50) g;";
const events =
  'create table events (id int not null, kind int) partition by range (id); create table events_1 (id int not null, kind int); insert into events_1 values (1, 1), (999, 2);';

/** Each fix in a folder of each layout: its files run, and each way back restores exactly what was before it. */
const cases: readonly Case[] = [
  {
    rule: 'constraint-not-valid',
    title: 'a CHECK of several columns without a name, beside others',
    before: orders,
    up: 'alter table orders add column size int, add check (id > 0 or note is null) -- always\n;\n',
    down: 'alter table orders drop constraint orders_check, drop column size;\n',
  },
  {
    rule: 'constraint-not-valid',
    title: 'a deferrable foreign key without a name',
    before: orders,
    up: 'alter table orders add foreign key (customer_id) references customers deferrable initially deferred;\n',
    down: 'alter table orders drop constraint orders_customer_id_fkey;\n',
  },
  {
    rule: 'unique-constraint-builds-index',
    title: 'alone in its file',
    before: orders,
    up: 'alter table orders add constraint orders_code unique (code);\n',
    down: 'alter table orders drop constraint orders_code;\n',
  },
  {
    rule: 'unique-constraint-builds-index',
    title: 'deferrable, with included columns, without a name, beside others',
    before: orders,
    up: 'alter table orders add column size int;\nalter table orders add unique (code, id) include (note) deferrable initially deferred;\n',
    down: 'alter table orders drop constraint orders_code_id_note_key;\nalter table orders drop column size;\n',
  },
  {
    rule: 'primary-key-builds-index',
    title: 'without a name',
    before: orders,
    up: 'alter table orders add primary key (id);\nalter table orders add column size int;\n',
    down: 'alter table orders drop column size;\nalter table orders drop constraint orders_pkey;\n',
  },
  {
    rule: 'inline-constraint-on-new-column',
    title: 'a CHECK',
    before: orders,
    up: 'alter table orders add column size int not null default 1 check (size > 0), add column other int;\n',
    down: 'alter table orders drop column size, drop column other;\n',
  },
  {
    rule: 'inline-constraint-on-new-column',
    title: 'REFERENCES with a default',
    before: orders,
    up: 'alter table orders add column payer int default 1 constraint payer_exists references customers (id) on delete cascade not null;\n',
    down: 'alter table orders drop column payer;\n',
  },
  {
    rule: 'inline-constraint-on-new-column',
    title: 'UNIQUE',
    before: orders,
    up: 'alter table orders add column token text unique;\n',
    down: 'alter table orders drop column token;\n',
  },
  {
    rule: 'validate-in-same-transaction',
    title: 'behind NOT VALID',
    before: orders,
    up: 'alter table orders add constraint positive check (id > 0) not valid;\nalter table orders validate constraint positive;\n',
    down: 'alter table orders drop constraint positive;\n',
  },
  {
    rule: 'foreign-key-without-index',
    title: 'on a table that is there',
    before: orders,
    up: 'alter table orders add constraint payer foreign key (customer_id) references customers not valid;\n',
    down: 'alter table orders drop constraint payer;\n',
  },
  {
    rule: 'foreign-key-without-index',
    title: 'with its table',
    before: orders,
    up: 'create table lines (id int primary key, customer_id int references customers);\n',
    down: 'drop table lines;\n',
  },
  {
    rule: 'drop-index-not-concurrent',
    title: 'beside others, made again by the way back',
    before: `${orders} create index orders_note on orders (note) where id > 3;`,
    up: 'alter table orders add column size int;\ndrop index orders_note;\n',
    down: 'create index orders_note on orders (note) where id > 3;\nalter table orders drop column size;\n',
  },
  {
    rule: 'reindex-not-concurrent',
    title: 'beside others',
    before: `${orders} create index orders_note on orders (note);`,
    up: 'alter table orders add column size int;\nreindex index orders_note;\n',
    down: 'alter table orders drop column size;\n',
  },
  {
    rule: 'concurrent-in-transaction',
    title: 'beside others',
    before: orders,
    up: 'alter table orders add column size int;\ncreate unique index concurrently orders_code on orders (code);\n',
    down: 'drop index concurrently orders_code;\nalter table orders drop column size;\n',
  },
  {
    rule: 'invalid-index-hidden',
    title: 'alone in its file',
    before: orders,
    up: 'create index concurrently if not exists orders_code on orders (code);\n',
    down: 'drop index if exists orders_code;\n',
  },
  {
    rule: 'index-on-partitioned-table',
    title: 'with two partitions',
    before:
      'create table events (id int, kind int) partition by range (id); create table events_1 partition of events for values from (1) to (10); create table events_2 partition of events for values from (10) to (20); insert into events values (1, 1), (12, 2);',
    up: 'create index events_kind on events using btree (kind desc) where kind > 0;\n',
    down: 'drop index events_kind;\n',
    not: ['golang-migrate', 'dbmate'],
  },
  {
    rule: 'attach-partition-scan',
    title: 'a range',
    before: events,
    up: 'alter table events attach partition events_1 for values from (1) to (1000);\n',
    down: 'alter table events detach partition events_1;\n',
  },
  {
    rule: 'attach-partition-scan',
    title: 'a list, beside others',
    before:
      "create table events (id int not null, kind text not null) partition by list (kind); create table events_a (id int not null, kind text not null); insert into events_a values (1, 'a');",
    up: "create table notes (id int);\nalter table events attach partition events_a for values in ('a', 'b');\n",
    down: 'alter table events detach partition events_a;\ndrop table notes;\n',
  },
  {
    rule: 'detach-partition',
    title: 'attached again by the way back',
    before:
      'create table events (id int, kind int) partition by range (id); create table events_1 partition of events for values from (1) to (1000); insert into events values (1, 1);',
    up: 'alter table events detach partition events_1;\n',
    down: 'alter table events attach partition events_1 for values from (1) to (1000);\n',
    since: 14,
  },
  {
    rule: 'detach-partition',
    title: 'beside others',
    before:
      'create table events (id int, kind int) partition by range (id); create table events_1 partition of events for values from (1) to (1000); insert into events values (1, 1);',
    up: 'create table notes (id int);\nalter table events detach partition events_1;\n',
    down: 'alter table events attach partition events_1 for values from (1) to (1000);\ndrop table notes;\n',
    since: 14,
  },
  {
    rule: 'refresh-materialized-view',
    title: 'with a unique index',
    before: `${orders} create materialized view codes as select id, code from orders; create unique index codes_id on codes (id);`,
    up: 'refresh materialized view codes;\n',
    down: 'select 1;\n',
  },
  {
    rule: 'domain-constraint',
    title: 'without a name',
    before:
      'create domain price as numeric; create table orders (id int, amount price); insert into orders values (1, 2);',
    up: 'alter domain price add check (value > 0);\n',
    down: 'alter domain price drop constraint price_check;\n',
  },
];

describe('fixes, run in a folder of each layout', function () {
  this.timeout(60_000);
  const folder = path.resolve('/workspace/migrations');
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const tried = ['golang-migrate', 'plain', 'dbmate', 'goose'] as const;
  type Tried = (typeof tried)[number];

  /** The files of a start and of the case, the case's up last but for its down. */
  function textsOf({ before: exists, up, down }: Case, layout: Tried): Record<string, string> {
    switch (layout) {
      case 'golang-migrate':
        return {
          '000001_start.up.sql': exists,
          '000002_change.up.sql': up,
          '000002_change.down.sql': down,
        };
      case 'plain':
        return { '001_start.sql': exists, '002_change.sql': up, '002_change_rollback.sql': down };
      case 'dbmate':
        return {
          '001_start.sql': `-- migrate:up\n${exists}\n-- migrate:down\n`,
          '002_change.sql': `-- migrate:up\n${up}\n-- migrate:down\n${down}`,
        };
      case 'goose':
        return {
          '001_start.sql': `-- +goose Up\n${exists}\n`,
          '002_change.sql': `-- +goose Up\n${up}\n-- +goose Down\n${down}`,
        };
    }
  }

  /** The folder after the fix; null where there is no fix. */
  async function fixedFolder(
    each: Case,
    layout: Tried,
    serverMajor: number,
  ): Promise<ReturnType<typeof memoryFiles> | null> {
    const texts = Object.entries(textsOf(each, layout)).map(([name, text]) => [
      path.join(folder, name),
      text,
    ]);
    const files = memoryFiles(Object.fromEntries(texts) as Record<string, string>);
    const context = { ...testContext(path.dirname(folder)), files };
    const { files: linted } = await lintFiles(context, [texts[1]![0]!], { serverMajor });
    const found = linted.flatMap((file) => file.findings).filter((finding) => finding.rule === each.rule);
    // A file of both directions may have one in each; the up stands above.
    const others = layout === 'dbmate' || layout === 'goose' ? 1 : 0;
    assert.ok(found.length >= 1 && found.length <= 1 + others, String(found.length));
    const fix = found[0]!.fix;
    if (!fix) return null;
    for (const file of new Set(fix.edits.map((edit) => edit.path))) {
      const edits = fix.edits.filter((edit) => edit.path === file).reverse();
      edits.sort((a, b) => b.start.offset - a.start.offset);
      let text = await files.read(file);
      for (const { start, end, newText } of edits)
        text = text.slice(0, start.offset) + newText + text.slice(end.offset);
      await files.write(file, text);
    }
    for (const { path: file, text } of fix.creates) await files.write(file, text);
    return files;
  }

  for (const major of testMajors) {
    describe(`on PostgreSQL ${major}`, () => {
      let session: Session;
      beforeInDatabase(major, (opened) => (session = opened));

      for (const each of cases) {
        if (major < (each.since ?? 0)) continue;
        for (const layout of tried) {
          it(`${each.rule}, ${each.title}: ${layout}`, async () => {
            const files = await fixedFolder(each, layout, major);
            if (each.not?.includes(layout)) {
              assert.equal(files, null);
              return;
            }
            assert.ok(files, 'there is a fix');
            await session.script('drop schema public cascade; create schema public');
            await session.script(each.before);
            const [, ...migrations] = await layoutById(layout).list(folder, files);
            const states: Catalog[] = [await readCatalog(session)];
            for (const migration of migrations) {
              await run(migration, 'up', layout, files);
              states.push(await readCatalog(session));
            }
            for (const [index, migration] of [...migrations.entries()].reverse()) {
              await run(migration, 'down', layout, files);
              const differences = compareCatalogs(states[index]!, await readCatalog(session));
              assert.deepEqual(differences, [], `down of ${migration.name}`);
            }
            await leavesNoFinding(each.rule, files, major);
          });
        }
      }

      /** As the layout's runner does. */
      async function run(
        migration: Migration,
        direction: Direction,
        layout: LayoutId,
        files: ReturnType<typeof memoryFiles>,
      ): Promise<void> {
        const script = await layoutById(layout).script(migration, direction, files);
        assert.ok(script, `${migration.name} ${direction}`);
        const { statements, problems } = parser.parse(script.sql);
        assert.deepEqual(problems, [], script.sql);
        if (script.transaction === 'wrapped')
          await session.transaction(() => session.script(script.sql), { rollback: false });
        else if (script.transaction === 'none') for (const { text } of statements) await session.query(text);
        else if (statements.length > 0) await session.script(script.sql);
      }
    });
  }

  async function leavesNoFinding(
    rule: string,
    files: ReturnType<typeof memoryFiles>,
    serverMajor: number,
  ): Promise<void> {
    const context = { ...testContext(path.dirname(folder)), files };
    const ups = files.paths().filter((file) => !/(?:\.down|_rollback)\.sql$/.test(file));
    const { files: linted } = await lintFiles(context, ups, { serverMajor });
    const left = linted.flatMap((file) => file.findings).filter((finding) => finding.rule === rule);
    assert.deepEqual(left, []);
  }
});

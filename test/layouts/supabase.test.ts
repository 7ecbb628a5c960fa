import { beforeInDatabase } from '../support/before-in-database';
import { testMajors } from '../support/servers';
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { Session } from '../../src/database/session';
import type { Direction, Migration } from '../../src/layouts/layout';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { supabase } from '../../src/layouts/supabase';
import { statementsHash } from '../../src/layouts/supabase-history';
import { supabaseStatements } from '../../src/layouts/supabase-statements';
import type { Files } from '../../src/ports/files';
import { splitStatements } from '../../src/sql/split';
import { memoryFiles } from '../support/memory-files';

const folder = path.resolve('/w/supabase/migrations');
const corpora = path.resolve(__dirname, '..', '..', '..', 'shared', 'corpora');

const inFolder = (texts: Record<string, string>): ReturnType<typeof memoryFiles> =>
  memoryFiles(
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [path.join(folder, name), text])),
  );

describe('the statements Supabase records', () => {
  // What pkg/parser/state_test.go and token_test.go of https://github.com/supabase/cli expect, in other words.
  const cases: [string, string[]][] = [
    ['select 1; select 2;', ['select 1', 'select 2']],
    ['select 1;\n\n', ['select 1']],
    ['', []],
    [';; ;', []],
    ['-- only a comment\n', ['-- only a comment']],
    ['end; -- after', ['end', '-- after']],
    ['select --; 1', ['select --; 1']],
    ['- ;end', ['-', 'end']],
    ['-- /* \n; */ end', ['-- /*', '*/ end']],
    ['select /* ; */ 1;', ['select /* ; */ 1']],
    ['select /*; /*;*/ ;*/ 1', ['select /*; /*;*/ ;*/ 1']],
    ['/ * ; */ end', ['/ *', '*/ end']],
    ['\\;;\\;', ['\\', '\\']],
    ['$tag$ any ; $$ $tag$;', ['$tag$ any ; $$ $tag$']],
    ['select "$"; $$', ['select "$"', '$$']],
    ["select ';'';' 1;", ["select ';'';' 1"]],
    ["select '\\'; 1'", ["select '\\'", "1'"]],
    ['create policy "a;b" on c; end', ['create policy "a;b" on c', 'end']],
    ['create policy "it""s" on c; end', ['create policy "it""s" on c', 'end']],
    [
      'create rule r as on update to t do (notify t; select 1); end',
      ['create rule r as on update to t do (notify t; select 1)', 'end'],
    ],
    ["do (-- )\nselect ')';\n-- )\n)\n; end", ["do (-- )\nselect ')';\n-- )\n)", 'end']],
    [
      "create function f() begin atomic select 'end'; select 1; END; select 2",
      ["create function f() begin atomic select 'end'; select 1; END", 'select 2'],
    ],
    [
      'create function f() BEGIN\nATOMIC-- END;\n-- END;\nEND\n; x',
      ['create function f() BEGIN\nATOMIC-- END;\n-- END;\nEND', 'x'],
    ],
    [
      'create table atomic_test (); select is_atomic; begin; x',
      ['create table atomic_test ()', 'select is_atomic', 'begin', 'x'],
    ],
    ['select $1; select $2', ['select $1', 'select $2']],
    ['a\r\n;\r\nb', ['a', 'b']],
  ];
  for (const [sql, expected] of cases) {
    it(`cuts ${JSON.stringify(sql)}`, () => assert.deepEqual(supabaseStatements(sql), expected));
  }

  it('loses nothing but semicolons and blanks', () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      '$',
      '$a$',
      '--',
      '\n',
      '/*',
      '*/',
      ';',
      '(',
      ')',
      '\\',
      'begin atomic',
      ' end',
      'x',
      '\u{1f600}',
      ' ',
    );
    const bare = (text: string): string => text.replace(/[\s;]+/g, '');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const sql = pieces.join('');
        const statements = supabaseStatements(sql);
        assert.equal(bare(statements.join('')), bare(sql));
        assert.ok(statements.every((statement) => statement !== '' && statement === statement.trim()));
      }),
      { numRuns: 2_000 },
    );
  });

  it('cuts real histories where PostgreSQL does', function () {
    const histories = ['coder', 'svix', 'uaa', 'mas'].filter((name) => existsSync(path.join(corpora, name)));
    if (histories.length === 0) {
      console.log('not run: the corpora are missing');
      return this.skip();
    }
    let compared = 0;
    for (const history of histories) {
      for (const name of readdirSync(path.join(corpora, history)).filter((each) => each.endsWith('.sql'))) {
        const sql = readFileSync(path.join(corpora, history, name), 'utf8');
        const pieces = splitStatements(sql).map(({ start, end }) => sql.slice(start, end));
        const withoutTop = (text: string): string => text.replace(/^(?:\s+|--.*(?:\n|$)|\/\*[^]*?\*\/)+/, '');
        const statements = supabaseStatements(sql)
          .map(withoutTop)
          .filter((text) => text !== '');
        // Where a statement ends for both; comments behind its last word are the CLI's only.
        assert.equal(statements.length, pieces.length, `${history}/${name}`);
        for (const [index, statement] of statements.entries()) {
          assert.ok(statement.startsWith(pieces[index]!.trim()), `${history}/${name}: ${pieces[index]}`);
        }
        compared += pieces.length;
      }
    }
    assert.ok(compared > 500, String(compared));
  });
});

describe('the layout of Supabase', () => {
  it('lists in the order of its table, with our ways back', async () => {
    const files = inFolder({
      '20210101000000_init.sql': '',
      '20240201000000_second.sql': '',
      '20240101000000_add_some_words.sql': '',
      '20240101_day.sql': '',
      '20240201000000_twin.sql': '',
      'down/20240201000000_second.sql': '',
      'down/20240101_other.sql': '',
      'notes.sql': '',
      'x_20240101000000.sql': '',
      '20240301000000.sql': '',
    });
    const list = await supabase.list(folder, files);
    assert.deepEqual(
      list.map(({ version, name, downPath }) => [version, name, downPath && path.relative(folder, downPath)]),
      [
        ['20240101', 'day', null],
        ['20240101000000', 'add_some_words', null],
        ['20240201000000', 'second', path.join('down', '20240201000000_second.sql')],
      ],
    );
    assert.match(list[2]!.problems![0]!, /_twin\.sql has the same version as 20240201000000_second\.sql/);
    assert.equal(supabase.folderOf(list[2]!.upPath), folder);
    assert.equal(supabase.folderOf(list[2]!.downPath!), folder);
    assert.equal(supabase.folderOf('/w/db/migrations/20240101000000_a.sql'), null);
    assert.equal(supabase.folderOf(path.join(folder, 'notes.sql')), null);
  });

  it('is found in its own folder only', async () => {
    const sure = async (...names: string[]): Promise<number | null> => {
      const files = memoryFiles(Object.fromEntries(names.map((name) => [name, ''])));
      return (await supabase.detect(path.dirname(path.resolve(names[0]!)), files))?.confidence ?? null;
    };
    const one = '/w/supabase/migrations/20240101000000_a.sql';
    assert.equal(await sure(one, '/w/supabase/config.toml'), 0.95);
    assert.equal(await sure(one), 0.85);
    assert.equal(await sure('/w/migrations/20240101000000_a.sql', '/w/config.toml'), null);
    assert.equal(await sure('/w/supabase/migrations/notes.sql', '/w/supabase/config.toml'), null);
  });

  it('composes a file with the time, later than all before, and its way back where the CLI does not look', async () => {
    const request = {
      folder,
      name: 'Add, words',
      up: 'u',
      down: 'd',
      transactional: false,
      now: new Date('2024-01-31T12:00:00Z'),
    };
    const paths = (files: readonly { path: string }[]): string[] =>
      files.map((file) => path.relative(folder, file.path));
    const files = supabase.compose(request, []);
    assert.deepEqual(paths(files), [
      '20240131120000_add_words.sql',
      path.join('down', '20240131120000_add_words.sql'),
    ]);
    const written = memoryFiles(Object.fromEntries(files.map((file) => [file.path, file.text])));
    const list = await supabase.list(folder, written);
    assert.deepEqual(
      [list[0]!.upPath, list[0]!.downPath],
      files.map((file) => file.path),
    );
    assert.equal((await supabase.script(list[0]!, 'down', written))!.sql, 'd');
    assert.deepEqual(paths(supabase.compose({ ...request, down: null }, list)), [
      '20240131120001_add_words.sql',
    ]);
  });

  it('knows what runs outside a transaction', async () => {
    const files = inFolder({
      '1_a.sql': 'create table t ();',
      '2_a.sql': '-- first\n/* then */ Create  Unique\nindex concurrently i on t (a);',
      '3_a.sql': "select 'vacuum';",
      '4_a.sql': 'create table u (); drop index concurrently i;',
      '5_a.sql': 'begin; create table w (); commit;',
      '6_a.sql': 'alter table p detach partition q concurrently;',
    });
    const list = await supabase.list(folder, files);
    const scripts = await Promise.all(list.map((each) => supabase.script(each, 'up', files)));
    assert.deepEqual(
      scripts.map((script) => script!.transaction),
      ['wrapped', 'none', 'wrapped', 'none', 'wrapped', 'none'],
    );
    assert.equal(await supabase.script(list[0]!, 'down', files), null);
  });

  it('lists 5,000 migrations without reading one', async () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `${20240101000000 + index}_name.sql`);
    const files = inFolder(Object.fromEntries(names.map((name) => [name, ''])));
    assert.equal(
      (await supabase.list(folder, { ...files, read: assert.fail, readIfExists: assert.fail })).length,
      5_000,
    );
  });
});

for (const major of testMajors) {
  describe(`the history of Supabase, on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let session: Session;
    beforeInDatabase(major, (opened) => (session = opened));
    beforeEach(() =>
      session.script(
        'drop schema if exists supabase_migrations cascade; drop schema public cascade; create schema public',
      ),
    );

    const first =
      'create table a (id int); -- one, "two"\n\ninsert into a values (1);\r\nset search_path to \'\';\n';
    const files = inFolder({
      '20240101000000_first.sql': first,
      '20240102000000_second_one.sql': 'create table public.b (t text default \'{"x", \\, 1}\');',
      '20240103000000_empty.sql': '\n',
      'down/20240102000000_second_one.sql': 'drop table public.b;',
    });

    const run = async (migration: Migration, direction: Direction, source: Files = files): Promise<void> => {
      const script = (await supabase.script(migration, direction, source))!;
      const execution = supabase.execution(migration, direction, {
        directory: 'supabase/migrations',
        previousVersion: null,
        by: 'somebody',
        sql: script.sql,
        contentHash: script.contentHash,
        recordedHash: null,
        id: '',
      });
      assert.equal(execution.lock, null);
      assert.deepEqual(execution.before, []);
      assert.equal(execution.sameTransaction, true);
      for (const sql of execution.prepare) await session.query(sql);
      await session.transaction(async () => {
        await session.script(script.sql);
        for (const { sql, parameters } of execution.record(12)) await session.query(sql, parameters);
      });
      await session.query('reset search_path');
    };
    const rows = async (): Promise<unknown[]> =>
      (
        await session.query(
          'select version, name, statements from supabase_migrations.schema_migrations order by version',
        )
      ).rows.map((row) => Object.values(row));

    it('makes the table as the CLI does', async () => {
      assert.deepEqual(await supabase.history('', session), {
        exists: false,
        table: 'supabase_migrations.schema_migrations',
        applied: [],
        cumulative: false,
      });
      const list = await supabase.list(folder, files);
      await run(list[0]!, 'up');
      const { rows: columns } = await session.query<{ text: string }>(
        `select attname || ' ' || format_type(atttypid, atttypmod) || case when attnotnull then ' not null' else '' end as text
         from pg_attribute where attrelid = 'supabase_migrations.schema_migrations'::regclass and attnum > 0 order by attnum`,
      );
      // pkg/migration/history.go: the statements it makes the table with, as the catalog shows it.
      assert.deepEqual(
        columns.map(({ text }) => text),
        ['version text not null', 'statements text[]', 'name text'],
      );
      const { rows: keys } = await session.query<{ text: string }>(
        `select conname || ' ' || pg_get_constraintdef(oid) as text from pg_constraint
         where conrelid = 'supabase_migrations.schema_migrations'::regclass and contype = 'p'`,
      );
      assert.deepEqual(keys, [{ text: 'schema_migrations_pkey PRIMARY KEY (version)' }]);
    });

    it('writes the rows of migrations and takes those of ways back away', async () => {
      const list = await supabase.list(folder, files);
      for (const migration of list) await run(migration, 'up');
      const expected = [
        [
          '20240101000000',
          'first',
          ['create table a (id int)', '-- one, "two"\n\ninsert into a values (1)', "set search_path to ''"],
        ],
        ['20240102000000', 'second_one', ['create table public.b (t text default \'{"x", \\, 1}\')']],
        ['20240103000000', 'empty', []],
      ];
      assert.deepEqual(await rows(), expected);
      const history = await supabase.history('', session);
      assert.deepEqual(
        history.applied.map(({ version, name, dirty }) => [version, name, dirty]),
        expected.map(([version, name]) => [version, name, false]),
      );
      const scripts = await Promise.all(list.map((each) => supabase.script(each, 'up', files)));
      assert.deepEqual(
        history.applied.map((row) => row.contentHash),
        scripts.map((script) => supabase.recordedHash(script!)),
      );
      await run(list[1]!, 'down');
      assert.deepEqual(await rows(), [expected[0], expected[2]]);
      await run(list[1]!, 'up');
      assert.deepEqual(await rows(), expected);
      await assert.rejects(run(list[2]!, 'up'), /duplicate key/);
    });

    it('notices an edited file, not one cut elsewhere', async () => {
      const list = await supabase.list(folder, files);
      await run(list[0]!, 'up');
      const flags = async (text: string): Promise<string[]> => {
        const up = await supabase.script(list[0]!, 'up', inFolder({ '20240101000000_first.sql': text }));
        const [status] = migrationStatuses({
          migrations: [list[0]!],
          history: await supabase.history('', session),
          layout: supabase,
          up: new Map([[list[0]!.version, up]]),
          down: new Map(),
        });
        return status!.flags.filter((flag) => flag === 'edited');
      };
      assert.deepEqual(await flags(first), []);
      assert.deepEqual(await flags(first.replace(/\r?\n/g, '\r\n')), []);
      assert.deepEqual(await flags(first.replace('(1)', '(2)')), ['edited']);
      await session.query('update supabase_migrations.schema_migrations set statements = array[$1::text]', [
        first,
      ]);
      assert.deepEqual(await flags(first), []);
      assert.equal(statementsHash([first]), statementsHash(supabaseStatements(first)));
    });

    it('reads tables of old versions, and goes on with them', async () => {
      await session.script(`create schema supabase_migrations;
        create table supabase_migrations.schema_migrations (version text not null primary key);
        insert into supabase_migrations.schema_migrations values ('20240102000000'), ('20240101000000')`);
      const history = await supabase.history('', session);
      assert.deepEqual(
        history.applied.map(({ version, name, contentHash }) => [version, name, contentHash]),
        [
          ['20240101000000', null, null],
          ['20240102000000', null, null],
        ],
      );
      const list = await supabase.list(folder, files);
      await run(list[2]!, 'up');
      assert.deepEqual((await rows()).at(-1), ['20240103000000', 'empty', []]);
    });

    it("refuses another tool's table of that name", async () => {
      await session.script(
        'create schema supabase_migrations; create table supabase_migrations.schema_migrations (version bigint, dirty boolean)',
      );
      await assert.rejects(supabase.history('', session), { code: 'invalid-input' });
    });
  });
}

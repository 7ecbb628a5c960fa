import assert from 'node:assert/strict';
import path from 'node:path';
import type { Session } from '../../src/database/session';
import { detectLayout, detectLayouts } from '../../src/layouts/detect-layouts';
import { diesel } from '../../src/layouts/diesel';
import type { Migration } from '../../src/layouts/layout';
import { preparationOf } from '../../src/layouts/preparation';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { beforeInDatabase } from '../support/before-in-database';
import { testMajors } from '../support/servers';
import { folder, inFolder, relative, request, run } from './crate';

const root = path.resolve('/w');

describe('diesel folders', () => {
  // version_from_string of migrations_internals: a time with dashes and one without are one kind of version.
  it('drops dashes from versions and orders them as texts', async () => {
    const files = inFolder({
      '20180102000000_plain_time/up.sql': '',
      '2017-09-23-182408_with_dashes/up.sql': '',
      '2017-09-23-182408_with_dashes/down.sql': '',
      '2017-09-23-182408_with_dashes/notes.md': '',
      '00000000000000_diesel_initial_setup/up.sql': '',
      '00000000000000_diesel_initial_setup/down.sql': '',
      '.hidden/up.sql': '',
      'README.md': '',
    });
    const list = await diesel.list(folder, files);
    assert.deepEqual(
      list.map((each) => [each.version, each.name, relative(each.upPath), relative(each.downPath)]),
      [
        [
          '00000000000000',
          'diesel_initial_setup',
          '00000000000000_diesel_initial_setup/up.sql',
          '00000000000000_diesel_initial_setup/down.sql',
        ],
        [
          '20170923182408',
          'with_dashes',
          '2017-09-23-182408_with_dashes/up.sql',
          '2017-09-23-182408_with_dashes/down.sql',
        ],
        ['20180102000000', 'plain_time', '20180102000000_plain_time/up.sql', null],
      ],
    );
    assert.deepEqual(
      (await diesel.list(folder, inFolder({ '9_a/up.sql': '', '10_b/up.sql': '', 'c/up.sql': '' }))).map(
        (each) => [each.version, each.name],
      ),
      [
        ['10', 'b'],
        ['9', 'a'],
        ['c', ''],
      ],
    );
  });

  it('names folders of one version, and what makes the tool refuse them all', async () => {
    const files = inFolder({
      '2020-01-01-000000_a/up.sql': '',
      '20200101000000_b/up.sql': '',
      '2020-01-02-000000_c/down.sql': '',
    });
    const [first, ...rest] = await diesel.list(folder, files);
    assert.deepEqual(rest, []);
    assert.match(first!.problems!.join(), /20200101000000_b has the same version as 2020-01-01-000000_a/);
    assert.match(first!.problems!.join(), /2020-01-02-000000_c has no up\.sql/);
  });

  for (const [metadata, transaction] of [
    [null, 'wrapped'],
    ['run_in_transaction = true\n', 'wrapped'],
    ['# why\r\nrun_in_transaction = false # here\r\n', 'implicit'],
    ['"run_in_transaction"=false', 'implicit'],
    // serde gives a missing boolean Rust's default.
    ['', 'implicit'],
    ['[other]\nrun_in_transaction = true\n', 'implicit'],
    // No boolean: the file is not read at all.
    ['run_in_transaction = "false"\n', 'wrapped'],
  ] as const) {
    it(`reads metadata.toml as the tool does: ${JSON.stringify(metadata)}`, async () => {
      const files = inFolder({
        '1_a/up.sql': 'select 1;\r\n',
        '1_a/down.sql': '',
        ...(metadata === null ? {} : { '1_a/metadata.toml': metadata }),
      });
      const [migration] = await diesel.list(folder, files);
      const up = await diesel.script(migration!, 'up', files);
      assert.equal(up!.transaction, transaction);
      assert.equal(up!.sql, 'select 1;\r\n');
      assert.equal((await diesel.script(migration!, 'down', files))!.transaction, transaction);
      assert.equal(diesel.recordedHash(up!), null);
    });
  }

  it('knows the folder above that of a file', () => {
    assert.equal(diesel.folderOf(path.join(folder, '2020-01-01-000000_a', 'up.sql')), folder);
    assert.equal(diesel.folderOf(path.join(folder, '1_a', 'down.sql')), folder);
    assert.equal(diesel.folderOf(path.join(folder, '1_a', 'migration.sql')), null);
    assert.equal(diesel.folderOf(path.join(folder, 'sql', 'up.sql')), null);
    assert.equal(diesel.folderOf(path.join(folder, '1_a.up.sql')), null);
  });
});

describe('detecting diesel', () => {
  const dashed = { '2020-01-01-000000_a/up.sql': '', '2020-01-01-000000_a/down.sql': '' };
  const confidence = async (
    names: Record<string, string>,
    elsewhere: Record<string, string> = {},
  ): Promise<number | null> => (await diesel.detect(folder, inFolder(names, elsewhere)))?.confidence ?? null;

  it('takes its configuration, the crate, or its first migration as proof', async () => {
    const one = { '1_a/up.sql': '' };
    assert.equal(await confidence(one, { [path.resolve('/w/diesel.toml')]: '' }), 0.95);
    const cargo = '[dependencies]\ndiesel = { version = "2", features = ["postgres"] }\n';
    assert.equal(await confidence(one, { [path.resolve('/w/crate/Cargo.toml')]: cargo }), 0.95);
    assert.equal(await confidence({ ...one, '00000000000000_diesel_initial_setup/up.sql': '' }), 0.95);
  });

  it('is less sure of names alone', async () => {
    assert.equal(await confidence(dashed), 0.6);
    assert.equal(await confidence({ '1_a/up.sql': '' }), 0.4);
    assert.equal(await confidence({ '1620000000000_a/up.sql': '' }), null);
    assert.equal(await confidence({ '20240101000000_a/migration.sql': '' }), null);
    assert.equal(await confidence({ 'sqls/up.sql': '' }), null);
    assert.equal(await confidence({ '1_a.up.sql': '', '1_a.down.sql': '' }), null);
    assert.equal(await confidence({}), null);
  });

  it('is found in a workspace by its folder', async () => {
    const files = inFolder(dashed, { [path.resolve('/w/diesel.toml')]: '' });
    const found = await detectLayouts({ root, folders: [], exclude: [], files });
    assert.deepEqual(
      found.map((each) => [each.folder, each.layout.id]),
      [[folder, 'diesel']],
    );
    assert.equal((await detectLayout(folder, files))!.layout.id, 'diesel');
  });
});

describe('composing for diesel', () => {
  const composed = async (
    existing: Record<string, string>,
    change: Partial<typeof request> = {},
  ): Promise<[string | null, string][]> => {
    const list = await diesel.list(folder, inFolder(existing));
    return diesel.compose({ ...request, ...change }, list).map((file) => [relative(file.path), file.text]);
  };

  it('makes a folder numbered as the last one', async () => {
    assert.deepEqual(await composed({}), [
      ['2026-03-04-050607_add_full_name/up.sql', 'u;\n'],
      ['2026-03-04-050607_add_full_name/down.sql', 'd;\n'],
    ]);
    const nameAfter = async (name: string): Promise<string> =>
      (await composed({ [`${name}/up.sql`]: '' }, { down: null }))[0]![0]!.split('/')[0]!;
    assert.equal(await nameAfter('00000000000000_diesel_initial_setup'), '2026-03-04-050607_add_full_name');
    assert.equal(await nameAfter('2026-03-04-050607_a'), '2026-03-04-050608_add_full_name');
    assert.equal(await nameAfter('2026-03-04-050607-0000_a'), '2026-03-04-050608-0000_add_full_name');
    assert.equal(await nameAfter('20200101000000_a'), '20260304050607_add_full_name');
    assert.equal(await nameAfter('0009_a'), '0010_add_full_name');
    assert.equal(await nameAfter('00_a'), '01_add_full_name');
    await assert.rejects(nameAfter('9_a'), { code: 'invalid-input' });
    await assert.rejects(nameAfter('v1_a'), { code: 'invalid-input' });
  });

  it('says in metadata.toml what runs outside a transaction, and is found again', async () => {
    const files = await composed({}, { transactional: false });
    assert.deepEqual(files[2], [
      '2026-03-04-050607_add_full_name/metadata.toml',
      'run_in_transaction = false\n',
    ]);
    const written = inFolder(Object.fromEntries(files) as Record<string, string>);
    const [migration] = await diesel.list(folder, written);
    assert.deepEqual(
      [relative(migration!.upPath), relative(migration!.downPath)],
      [files[0]![0], files[1]![0]],
    );
    assert.equal(migration!.version, '20260304050607');
    assert.equal((await diesel.script(migration!, 'up', written))!.transaction, 'implicit');
  });
});

for (const major of testMajors) {
  describe(`running as diesel does, on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let session: Session;
    beforeInDatabase(major, (opened) => (session = opened));
    beforeEach(() => session.script('drop schema public cascade; create schema public'));

    const files = inFolder({
      '00000000000000_diesel_initial_setup/up.sql': 'select 1;',
      '2020-01-01-000000_users/up.sql': 'create table users (id int);\r\n',
      '2020-01-01-000000_users/down.sql': 'drop table users;',
      '2020-01-02-000000_index/up.sql': 'create index concurrently users_id on users (id);',
      '2020-01-02-000000_index/down.sql': 'drop index concurrently users_id;',
      '2020-01-02-000000_index/metadata.toml': 'run_in_transaction = false',
    });
    const rows = async (): Promise<unknown[]> =>
      (
        await session.query(
          `select version, run_on between localtimestamp - interval '1 minute' and localtimestamp as recent
           from __diesel_schema_migrations order by version`,
        )
      ).rows;

    // run_migration and revert_migration of diesel_migrations/src/migration_harness.rs.
    it('writes and removes the rows of the tool', async () => {
      const list = await diesel.list(folder, files);
      assert.deepEqual(await diesel.history('', session), {
        exists: false,
        table: 'public.__diesel_schema_migrations',
        applied: [],
        cumulative: false,
      });
      for (const each of list) await run(diesel, session, each, 'up', files);
      const versions = ['00000000000000', '20200101000000', '20200102000000'];
      assert.deepEqual(
        await rows(),
        versions.map((version) => ({ version, recent: true })),
      );
      const history = await diesel.history('', session);
      assert.deepEqual(
        history.applied.map((row) => row.version),
        versions,
      );
      assert.ok(Math.abs(Date.parse(history.applied[0]!.appliedAt!) - Date.now()) < 60_000);
      const statuses = migrationStatuses({
        migrations: list,
        history,
        layout: diesel,
        up: new Map(),
        down: new Map(),
      });
      assert.deepEqual(
        statuses.map((status) => [status.version, status.state]),
        versions.map((version) => [version, 'applied']),
      );
      await run(diesel, session, list[2]!, 'down', files);
      await run(diesel, session, list[1]!, 'down', files);
      assert.deepEqual(await rows(), [{ version: '00000000000000', recent: true }]);
    });

    it('reads the local time of the session as the moment it was', async () => {
      for (const sql of preparationOf(diesel, {} as Migration)) await session.query(sql);
      await session.query("set timezone to 'Asia/Tokyo'");
      await session.query(
        "insert into __diesel_schema_migrations values ('2', '2020-01-01 09:00:00'), ('1', '2020-01-01 10:00:00')",
      );
      const { applied } = await diesel.history('', session);
      await session.query('reset timezone');
      assert.deepEqual(
        applied.map((row) => [row.version, row.appliedAt]),
        [
          ['2', '2020-01-01T00:00:00.000Z'],
          ['1', '2020-01-01T01:00:00.000Z'],
        ],
      );
    });

    it('makes the table as the tool does', async () => {
      for (const sql of preparationOf(diesel, {} as Migration)) {
        await session.query(sql);
        await session.query(sql);
      }
      const { rows: columns } = await session.query<{ line: string }>(
        `select concat_ws(' ', column_name, data_type, character_maximum_length, is_nullable, column_default) as line
         from information_schema.columns where table_name = '__diesel_schema_migrations' order by ordinal_position`,
      );
      assert.deepEqual(
        columns.map((column) => column.line),
        ['version character varying 50 NO', 'run_on timestamp without time zone NO CURRENT_TIMESTAMP'],
      );
      const { rows: keys } = await session.query(
        "select pg_get_constraintdef(oid) as key from pg_constraint where conrelid = '__diesel_schema_migrations'::regclass and contype = 'p'",
      );
      assert.deepEqual(keys, [{ key: 'PRIMARY KEY (version)' }]);
    });

    it("refuses another tool's table of the same name", async () => {
      await session.script('create table __diesel_schema_migrations (version bigint primary key)');
      await assert.rejects(diesel.history('', session), { code: 'invalid-input' });
    });
  });
}

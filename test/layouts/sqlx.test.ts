import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { Session } from '../../src/database/session';
import { detectLayout } from '../../src/layouts/detect-layouts';
import { golangMigrate } from '../../src/layouts/golang-migrate';
import type { Migration } from '../../src/layouts/layout';
import { preparationOf } from '../../src/layouts/preparation';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { sqlx } from '../../src/layouts/sqlx';
import type { Files } from '../../src/ports/files';
import { nodeFiles } from '../../src/ports/node-files';
import { beforeInDatabase } from '../support/before-in-database';
import { testMajors } from '../support/servers';
import { executionOf, folder, inFolder, relative, request, run } from './crate';

const cargo = '[package]\nname = "x"\n\n[dependencies]\nsqlx = { version = "0.8" }\n';

describe('sqlx files', () => {
  it('reads versions as numbers, descriptions with blanks, and both forms in one folder', async () => {
    const files = inFolder({
      '10_ten.sql': '',
      '0002_add_users.up.sql': '',
      '0002_add_users.down.sql': '',
      '20240131120000_a_b__c.sql': '',
      'down/10_ten.sql': '',
      'README.md': '',
      '3_upper.SQL': '',
    });
    const list = await sqlx.list(folder, files);
    assert.deepEqual(
      list.map((each) => [each.version, each.name, relative(each.upPath), relative(each.downPath)]),
      [
        ['2', 'add users', '0002_add_users.up.sql', '0002_add_users.down.sql'],
        ['10', 'ten', '10_ten.sql', 'down/10_ten.sql'],
        ['20240131120000', 'a b  c', '20240131120000_a_b__c.sql', null],
      ],
    );
    assert.deepEqual(
      list.flatMap((each) => each.problems ?? []),
      [],
    );
  });

  it('takes a suffix off as often as the tool does', async () => {
    const [simple, up] = await sqlx.list(folder, inFolder({ '1_a.sql.sql': '', '2_b.up.up.sql': '' }));
    assert.equal(simple!.name, 'a');
    assert.equal(up!.name, 'b.up');
  });

  it('names second files of a version, downs alone, and what makes the tool refuse the folder', async () => {
    const files = inFolder({
      '1_a.sql': '',
      '001_b.up.sql': '',
      '2_c.down.sql': '',
      'v3_d.sql': '',
      '9223372036854775808_e.sql': '',
    });
    const [first, second, ...rest] = await sqlx.list(folder, files);
    assert.deepEqual(rest, []);
    assert.equal(first!.problems!.length, 3);
    assert.match(first!.problems!.join(), /same version/);
    assert.match(first!.problems!.join(), /v3_d\.sql has no version/);
    assert.match(first!.problems!.join(), /9223372036854775808_e\.sql has no version/);
    assert.match(second!.problems!.join(), /no up file/);
    assert.equal(await sqlx.script(second!, 'up', files), null);
  });

  it('keeps the text as it is, and the marker to the first bytes', async () => {
    const files = inFolder({
      '1_a.sql': '-- no-transaction\r\nselect 1;\r\n',
      '2_b.sql': ' -- no-transaction\nselect 1;',
      '3_c.sql': '-- No-Transaction\nselect 1;',
      '4_d.sql': '',
      '5_e.sql': '-- no-transaction please\nselect 1',
    });
    const list = await sqlx.list(folder, files);
    const scripts = await Promise.all(list.map((each) => sqlx.script(each, 'up', files)));
    assert.deepEqual(
      scripts.map((script) => script!.transaction),
      ['implicit', 'wrapped', 'wrapped', 'wrapped', 'implicit'],
    );
    assert.equal(scripts[0]!.sql, '-- no-transaction\r\nselect 1;\r\n');
    assert.equal(scripts[0]!.offset, 0);
    assert.equal(await sqlx.script(list[0]!, 'down', files), null);
  });

  it('records the SHA-384 of the bytes, a carriage return among them', async () => {
    const files = inFolder({ '1_a.sql': 'select 1;\r\n', '2_b.sql': 'select 1;\n', '3_c.sql': '' });
    const list = await sqlx.list(folder, files);
    const [crlf, lf, empty] = await Promise.all(
      list.map(async (each) => sqlx.recordedHash((await sqlx.script(each, 'up', files))!)),
    );
    assert.equal(crlf, createHash('sha384').update(Buffer.from('select 1;\r\n')).digest('hex'));
    assert.notEqual(crlf, lf);
    // FIPS 180-4's digest of no bytes.
    assert.equal(
      empty,
      '38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b',
    );
  });

  it('knows the folder of a file, that of our ways back too', () => {
    assert.equal(sqlx.folderOf(path.join(folder, '1_a.sql')), folder);
    assert.equal(sqlx.folderOf(path.join(folder, 'down', '1_a.sql')), folder);
    assert.equal(sqlx.folderOf(path.join(folder, 'a_1.sql')), null);
    assert.equal(sqlx.folderOf(path.join(folder, '1.sql')), null);
  });
});

describe('detecting sqlx', () => {
  const pair = { '1_a.up.sql': '', '1_a.down.sql': '' };
  const manifest = path.resolve('/w/crate/Cargo.toml');

  for (const [what, names] of [
    ['pairs', pair],
    ['simple files', { '1_a.sql': '' }],
  ] as const) {
    it(`takes ${what} with a manifest that names the crate, over other tools`, async () => {
      const found = await detectLayout(folder, inFolder(names, { [manifest]: cargo }));
      // Whatever is registered, none of another tool's evidence is stronger.
      assert.ok((await sqlx.detect(folder, inFolder(names, { [manifest]: cargo })))!.confidence > 0.9);
      assert.match(
        (await sqlx.detect(folder, inFolder(names, { [manifest]: cargo })))!.evidence.join(),
        /Cargo\.toml above the folder depends on sqlx/,
      );
      assert.equal(found!.layout.id, 'sqlx');
    });
  }

  for (const line of [
    'sqlx.workspace = true',
    '[dependencies.sqlx]',
    '[workspace.dependencies.sqlx]',
    '"sqlx" = "0.8"',
  ]) {
    it(`reads ${line}`, async () => {
      const files = inFolder(pair, { [manifest]: `[package]\n${line}\n` });
      assert.equal((await sqlx.detect(folder, files))!.confidence, 0.93);
    });
  }

  it('takes traces of the tool at the root of a workspace', async () => {
    for (const trace of ['/w/.sqlx/query-1.json', '/w/sqlx.toml', '/w/crate/sqlx-data.json']) {
      const found = await detectLayout(folder, inFolder(pair, { [path.resolve(trace)]: '{}' }));
      assert.equal(found!.layout.id, 'sqlx', trace);
    }
  });

  it('leaves pairs to golang-migrate without such evidence', async () => {
    const others: Record<string, string>[] = [
      {},
      { [manifest]: '[dependencies]\nsqlx_migrator = "1"\n# sqlx = "0.8"\ntokio = "1"\n' },
      { [path.resolve('/w/crate/go.mod')]: 'module x', [path.resolve('/w/Cargo.toml')]: cargo },
    ];
    for (const elsewhere of others) {
      const found = await detectLayout(folder, inFolder(pair, elsewhere));
      assert.equal(found!.layout.id, 'golang-migrate');
      assert.ok((await sqlx.detect(folder, inFolder(pair, elsewhere)))!.confidence <= 0.5);
    }
  });

  it("leaves other tools' files alone in a Rust project", async () => {
    for (const text of [
      '-- migrate:up\nselect 1;',
      '-- +goose Up\nselect 1;',
      'select 1;\n--> statement-breakpoint\nselect 2;',
      '--liquibase formatted sql\n',
      '--! Previous: -\nselect 1;',
    ]) {
      const files = inFolder({ '20240131120000_a.sql': text }, { [manifest]: cargo });
      assert.equal(await sqlx.detect(folder, files), null, text);
    }
    assert.equal(await sqlx.detect(folder, inFolder({ 'V1__a.sql': '' }, { [manifest]: cargo })), null);
    assert.equal(await sqlx.detect(folder, inFolder({ '001_a.sql': '' })), null);
    assert.equal(await sqlx.detect(folder, inFolder({ 'a/up.sql': '' }, { [manifest]: cargo })), null);
  });
});

describe('composing for sqlx', () => {
  const names = async (files: Files, change: Partial<typeof request> = {}): Promise<(string | null)[]> =>
    sqlx
      .compose({ ...request, ...change }, await sqlx.list(folder, files))
      .map((file) => relative(file.path));

  it('follows the form and the numbers of the folder', async () => {
    assert.deepEqual(await names(inFolder({})), [
      '20260304050607_add_full_name.up.sql',
      '20260304050607_add_full_name.down.sql',
    ]);
    assert.deepEqual(await names(inFolder({}), { down: null }), ['20260304050607_add_full_name.sql']);
    assert.deepEqual(await names(inFolder({ '0041_x.sql': '' })), [
      '0042_add_full_name.sql',
      'down/0042_add_full_name.sql',
    ]);
    assert.deepEqual(await names(inFolder({ '0041_x.up.sql': '' }), { down: null }), [
      '0042_add_full_name.up.sql',
    ]);
    assert.deepEqual(await names(inFolder({ '20260304050607_x.up.sql': '' }), { down: null }), [
      '20260304050608_add_full_name.up.sql',
    ]);
  });

  it('is found again by list, marker and all', async () => {
    for (const existing of [{}, { '0041_x.sql': '' }, { '0041_x.up.sql': '' }] as Record<string, string>[]) {
      const before = await sqlx.list(folder, inFolder(existing));
      const composed = sqlx.compose({ ...request, transactional: false }, before);
      const written = Object.fromEntries(composed.map((file) => [file.path, file.text]));
      const files = inFolder(existing, written);
      const last = (await sqlx.list(folder, files)).at(-1)!;
      assert.deepEqual([last.upPath, last.downPath], [composed[0]!.path, composed[1]!.path]);
      assert.equal(last.version, String(BigInt(composed[0]!.version)));
      for (const direction of ['up', 'down'] as const) {
        assert.equal((await sqlx.script(last, direction, files))!.transaction, 'implicit');
      }
    }
  });
});

for (const major of testMajors) {
  describe(`running as sqlx does, on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let session: Session;
    beforeInDatabase(major, (opened) => (session = opened));
    beforeEach(() => session.script('drop schema public cascade; create schema public'));

    const files = inFolder({
      '1_make_users.up.sql': 'create table users (id int);\r\n',
      '1_make_users.down.sql': 'drop table users;',
      '2_index.sql': '-- no-transaction\ncreate index concurrently users_id on users (id);',
    });
    const rows = async (): Promise<unknown[]> =>
      (
        await session.query(
          `select version, description, installed_on between now() - interval '1 minute' and now() as recent,
             success, encode(checksum, 'hex') as checksum, execution_time from _sqlx_migrations order by version`,
        )
      ).rows;

    // sqlx-postgres/src/migrate.rs: what `apply` leaves once it has set the time, and what `revert` takes away.
    it('writes and removes the rows of the tool', async () => {
      const list = await sqlx.list(folder, files);
      assert.deepEqual(await sqlx.history('', session), {
        exists: false,
        table: 'public._sqlx_migrations',
        applied: [],
        cumulative: false,
      });
      for (const each of list) await run(sqlx, session, each, 'up', files);
      const sha = (text: string): string => createHash('sha384').update(text).digest('hex');
      const expected = [
        ['1', 'make users', 'create table users (id int);\r\n'],
        ['2', 'index', '-- no-transaction\ncreate index concurrently users_id on users (id);'],
      ].map(([version, description, text]) => ({
        version,
        description,
        recent: true,
        success: true,
        checksum: sha(text!),
        execution_time: '1500000',
      }));
      assert.deepEqual(await rows(), expected);
      const history = await sqlx.history('', session);
      assert.deepEqual(
        history.applied.map((row) => [
          row.version,
          row.name,
          row.milliseconds,
          row.contentHash,
          row.dirty,
          row.appliedBy,
        ]),
        expected.map((row) => [row.version, row.description, 1.5, row.checksum, false, null]),
      );
      await session.script('drop index users_id');
      await run(sqlx, session, list[0]!, 'down', files);
      assert.deepEqual(
        (await sqlx.history('', session)).applied.map((row) => row.version),
        ['2'],
      );
    });

    it('makes the table as the tool does', async () => {
      for (const sql of preparationOf(sqlx, {} as Migration)) {
        await session.query(sql);
        await session.query(sql);
      }
      const { rows: columns } = await session.query<{ line: string }>(
        `select concat_ws(' ', column_name, data_type, is_nullable, column_default) as line
         from information_schema.columns where table_name = '_sqlx_migrations' order by ordinal_position`,
      );
      assert.deepEqual(
        columns.map((column) => column.line),
        [
          'version bigint NO',
          'description text NO',
          'installed_on timestamp with time zone NO now()',
          'success boolean NO',
          'checksum bytea NO',
          'execution_time bigint NO',
        ],
      );
      const { rows: keys } = await session.query(
        "select pg_get_constraintdef(oid) as key from pg_constraint where conrelid = '_sqlx_migrations'::regclass and contype = 'p'",
      );
      assert.deepEqual(keys, [{ key: 'PRIMARY KEY (version)' }]);
    });

    it('tells what was begun and not finished, and what was edited since', async () => {
      const [first] = await sqlx.list(folder, files);
      await run(sqlx, session, first!, 'up', files);
      const edited = inFolder({ '1_make_users.up.sql': 'create table users (id int8);' });
      const up = new Map([['1', await sqlx.script(first!, 'up', edited)]]);
      const statuses = async (): Promise<unknown[]> =>
        migrationStatuses({
          migrations: [first!],
          history: await sqlx.history('', session),
          layout: sqlx,
          up,
          down: new Map(),
        }).map((status) => [status.state, status.flags]);
      assert.deepEqual(await statuses(), [['applied', ['edited']]]);
      await session.query('update _sqlx_migrations set success = false, execution_time = -1');
      assert.deepEqual(await statuses(), [['failed', ['edited']]]);
      assert.equal((await sqlx.history('', session)).applied[0]!.milliseconds, null);
    });

    // Why a byte order mark is in no checksum of a row that is there.
    it('knows that no file with a byte order mark was ever applied', async () => {
      await assert.rejects(session.script('\uFEFFselect 1'), { code: 'syntax-error' });
      await assert.rejects(session.script('\uFEFF-- no-transaction\nselect 1'), { code: 'syntax-error' });
    });

    it("refuses another tool's table of the same name", async () => {
      await session.script('create table _sqlx_migrations (version text primary key)');
      await assert.rejects(sqlx.history('', session), { code: 'invalid-input' });
    });

    // generate_lock_id of sqlx-postgres/src/migrate.rs, worked out by zlib's CRC-32.
    it("takes the tool's lock on the name of the database", async () => {
      const { lock } = executionOf(sqlx, {} as Migration, 'up');
      const id = BigInt(crc32(session.facts.database)) * 0x3d32ad9en;
      const held = async (): Promise<unknown[]> =>
        (
          await session.query(
            `select ((classid::int8 << 32) + objid::int8)::text as id from pg_locks
             where locktype = 'advisory' and pid = pg_backend_pid() and objsubid = 1`,
          )
        ).rows;
      await session.query(lock!.take);
      assert.deepEqual(await held(), [{ id: String(id) }]);
      await session.query(lock!.release);
      assert.deepEqual(await held(), []);
    });
  });
}

for (const [corpus, count, detected, pairs] of [
  ['svix', 16, 'golang-migrate', 16],
  ['mas', 30, 'sqlx', 0],
] as const) {
  describe(`the history of ${corpus}`, function () {
    this.timeout(120_000);
    const corpusFolder = path.resolve(__dirname, '../../../shared/corpora', corpus);
    const files = nodeFiles();
    let session: Session;
    before(function () {
      if (existsSync(corpusFolder)) return;
      console.log(`not run: the corpus ${corpus} is missing`);
      this.skip();
    });
    beforeInDatabase(18, (opened) => (session = opened));

    it('is detected by its files, in order, every file of it', async () => {
      assert.equal((await detectLayout(corpusFolder, files))!.layout.id, detected);
      assert.notEqual(await sqlx.detect(corpusFolder, files), null);
      const list = await sqlx.list(corpusFolder, files);
      assert.equal(list.length, count);
      assert.equal(list.filter((each) => each.downPath !== null).length, pairs);
      assert.deepEqual(
        list.flatMap((each) => each.problems ?? []),
        [],
      );
      const used = list.flatMap((each) => [each.upPath, each.downPath]).filter((each) => each !== null);
      const entries = (await files.list(corpusFolder)).filter((entry) => entry.name.endsWith('.sql'));
      assert.deepEqual(
        used.map((each) => path.basename(each)).sort(),
        entries.map((entry) => entry.name).sort(),
      );
      const versions = list.map((each) => each.version);
      assert.deepEqual(versions, [...versions].sort());
      if (pairs > 0) {
        const other = await golangMigrate.list(corpusFolder, files);
        assert.deepEqual(
          other.map((each) => each.version),
          versions,
        );
      }
    });

    it('applies from empty and is then all applied, unedited', async () => {
      const list = await sqlx.list(corpusFolder, files);
      for (const each of list) await run(sqlx, session, each, 'up', files);
      const up = new Map(
        await Promise.all(
          list.map(async (each) => [each.version, await sqlx.script(each, 'up', files)] as const),
        ),
      );
      const history = await sqlx.history('', session);
      const statuses = migrationStatuses({ migrations: list, history, layout: sqlx, up, down: new Map() });
      assert.equal(statuses.length, count);
      for (const status of statuses) {
        assert.equal(status.state, 'applied', status.version);
        assert.ok(!status.flags.includes('edited'), status.version);
      }
    });
  });
}

import assert from 'node:assert/strict';
import fc from 'fast-check';
import path from 'node:path';
import type { Session } from '../../src/database/session';
import { detectLayout, detectLayouts } from '../../src/layouts/detect-layouts';
import type { Migration } from '../../src/layouts/layout';
import { preparationOf } from '../../src/layouts/preparation';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { refinery } from '../../src/layouts/refinery';
import { refineryChecksum } from '../../src/layouts/refinery-files';
import { beforeInDatabase } from '../support/before-in-database';
import { testMajors } from '../support/servers';
import { executionOf, folder, inFolder, relative, request, run } from './crate';

const root = path.resolve('/w');
const cargo = '[dependencies]\nrefinery = { version = "0.9", features = ["tokio-postgres"] }\n';
const manifest = path.resolve('/w/crate/Cargo.toml');

describe('refinery files', () => {
  it('orders by number, with and without V, and finds our ways back', async () => {
    const files = inFolder({
      'V10__ten.sql': '',
      'V0002__two_words.sql': '',
      'U3__late.sql': '',
      'V4__größe.sql': '',
      'down/V0002__two_words.down.sql': '',
      'V5__module.rs': '',
      'V6_one_underscore.sql': '',
      'R__again.sql': '',
      'v7__small.sql': '',
      'V8__with-dash.sql': '',
    });
    const list = await refinery.list(folder, files);
    assert.deepEqual(
      list.map((each) => [each.version, each.name, relative(each.upPath), relative(each.downPath)]),
      [
        ['2', 'two_words', 'V0002__two_words.sql', 'down/V0002__two_words.down.sql'],
        ['3', 'late', 'U3__late.sql', null],
        ['4', 'größe', 'V4__größe.sql', null],
        ['10', 'ten', 'V10__ten.sql', null],
      ],
    );
    assert.deepEqual(
      list.flatMap((each) => each.problems ?? []),
      [],
    );
  });

  it('names files of one version, and versions that make the tool refuse the folder', async () => {
    const files = inFolder({
      'V1__a.sql': '',
      'U01__b.sql': '',
      'V1.2__c.sql': '',
      'V2147483648__d.sql': '',
      'V2147483647__e.sql': '',
    });
    const [first, last, ...rest] = await refinery.list(folder, files);
    assert.deepEqual([last!.version, rest], ['2147483647', []]);
    assert.equal(first!.problems!.length, 3);
    assert.match(first!.problems!.join(), /same version/);
    assert.match(first!.problems!.join(), /V1\.2__c\.sql has a version/);
    assert.match(first!.problems!.join(), /V2147483648__d\.sql has a version/);
  });

  it('sends the file as it is, in a transaction', async () => {
    const files = inFolder({ 'V1__a.sql': '-- refinery\r\nselect 1;\r\n', 'down/V1__a.down.sql': '' });
    const [migration] = await refinery.list(folder, files);
    const up = await refinery.script(migration!, 'up', files);
    assert.deepEqual([up!.sql, up!.offset, up!.transaction], ['-- refinery\r\nselect 1;\r\n', 0, 'wrapped']);
    assert.equal((await refinery.script(migration!, 'down', files))!.sql, '');
  });

  it('knows the folder of a file, that of our ways back too', () => {
    assert.equal(refinery.folderOf(path.join(folder, 'V1__a.sql')), folder);
    assert.equal(refinery.folderOf(path.join(folder, 'down', 'V1__a.down.sql')), folder);
    assert.equal(refinery.folderOf(path.join(folder, 'V1__a.down.sql')), null);
    assert.equal(refinery.folderOf(path.join(folder, 'V1.2__a.sql')), null);
    assert.equal(refinery.folderOf(path.join(folder, '1_a.sql')), null);
  });
});

// The checksum of runner.rs was compared with rows that refinery itself has written: versions 5, 12 and 16 in the
// published dump of nearai/cloud-api, over the files of these versions. Their texts stay there; the values here are of
// texts of our own, from the code that gave those rows, and a second implementation below agrees with it.
describe("refinery's checksum", () => {
  const known: [string, string, string, string][] = [
    ['initial', '1', 'create table users (id int);\n', '3895922482892869708'],
    ['initial', '2', 'create table users (id int);\n', '6839625558002986593'],
    ['initial', '1', 'create table users (id int);\r\n', '7954557683380945797'],
    ['größe', '2147483647', '', '4066847493692888427'],
    ['add_email', '20', 'alter table users add column email text;', '1621827788618548632'],
  ];
  for (const [name, version, sql, checksum] of known) {
    it(`of version ${version}, ${JSON.stringify(sql)}`, async () => {
      assert.equal(refineryChecksum({ prefix: 'V', version, name }, sql), checksum);
      const files = inFolder({ [`V${version.padStart(4, '0')}__${name}.sql`]: sql });
      const [migration] = await refinery.list(folder, files);
      assert.equal(refinery.recordedHash((await refinery.script(migration!, 'up', files))!), checksum);
    });
  }

  it('hashes each part as Rust does, whatever its length', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 20 }),
        fc.nat(),
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        (name, version, sql) => {
          const number = [0, 8, 16, 24].map((shift) => (version >>> shift) & 255);
          const bytes = [...Buffer.from(name), 255, ...number, ...Buffer.from(sql), 255];
          assert.equal(
            refineryChecksum({ prefix: 'U', version: String(version), name }, sql),
            String(sipHash(1, 3, bytes)),
          );
        },
      ),
    );
  });

  // The second implementation has the rounds as parameters, and SipHash-2-4 has published values: appendix A of
  // https://www.aumasson.jp/siphash/siphash.pdf, key 00 01 .. 0f over 00 01 .. 0e.
  it('is compared with an implementation that gives the published value of SipHash-2-4', () => {
    const bytes = Array.from({ length: 15 }, (_, index) => index);
    assert.equal(sipHash(2, 4, bytes, 0x0706050403020100n, 0x0f0e0d0c0b0a0908n), 0xa129ca6149be45e5n);
  });
});

/** SipHash-c-d, written apart from the product's: all padded first, words folded from single bytes. */
function sipHash(c: number, d: number, bytes: readonly number[], k0 = 0n, k1 = 0n): bigint {
  const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
  const turn = (value: bigint, by: number): bigint => wrap(value << BigInt(by)) | (value >> BigInt(64 - by));
  const text = (letters: string): bigint => BigInt(`0x${Buffer.from(letters).toString('hex')}`);
  let v = [k0 ^ text('somepseu'), k1 ^ text('dorandom'), k0 ^ text('lygenera'), k1 ^ text('tedbytes')];
  const rounds = (count: number): void => {
    for (let round = 0; round < count; round += 1) {
      let [a, b, e, f] = v as [bigint, bigint, bigint, bigint];
      a = wrap(a + b);
      e = wrap(e + f);
      b = turn(b, 13) ^ a;
      f = turn(f, 16) ^ e;
      a = turn(a, 32);
      e = wrap(e + b);
      a = wrap(a + f);
      b = turn(b, 17) ^ e;
      f = turn(f, 21) ^ a;
      v = [a, b, turn(e, 32), f];
    }
  };
  const padded = [...bytes, ...Array<number>(7 - (bytes.length % 8)).fill(0), bytes.length % 256];
  for (let at = 0; at < padded.length; at += 8) {
    const word = padded.slice(at, at + 8).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
    v[3]! ^= word;
    rounds(c);
    v[0]! ^= word;
  }
  v[2]! ^= 255n;
  rounds(d);
  return v.reduce((sum, each) => sum ^ each);
}

describe('detecting refinery', () => {
  const names = { 'V1__a.sql': '', 'V2__b.sql': '' };

  it('is a Rust project that depends on it, and Flyway elsewhere', async () => {
    const rust = inFolder(names, { [manifest]: cargo });
    assert.equal((await refinery.detect(folder, rust))!.confidence, 0.95);
    assert.equal((await detectLayout(folder, rust))!.layout.id, 'refinery');
    const configured = inFolder(names, { [path.resolve('/w/refinery.toml')]: '' });
    assert.equal((await detectLayout(folder, configured))!.layout.id, 'refinery');
    const alone = inFolder(names);
    assert.equal((await refinery.detect(folder, alone))!.confidence, 0.4);
    assert.equal((await detectLayout(folder, alone))!.layout.id, 'flyway');
    const other = inFolder(names, { [manifest]: '[dependencies]\nsqlx = "0.8"\n' });
    assert.equal((await detectLayout(folder, other))!.layout.id, 'flyway');
  });

  it('takes no other names, whatever the project depends on', async () => {
    for (const name of ['1_a.sql', '1_a.up.sql', 'V1.2__a.sql', '1_a/up.sql', 'R__a.sql']) {
      assert.equal(
        await refinery.detect(folder, inFolder({ [name]: '' }, { [manifest]: cargo })),
        null,
        name,
      );
    }
  });

  it('is found in a workspace once, its ways back included', async () => {
    const files = inFolder({ ...names, 'down/V1__a.down.sql': '' }, { [manifest]: cargo });
    const found = await detectLayouts({ root, folders: [], exclude: [], files });
    assert.deepEqual(
      found.map((each) => [each.folder, each.layout.id]),
      [[folder, 'refinery']],
    );
  });
});

describe('composing for refinery', () => {
  it('counts on in the width of the folder, and is found again by list', async () => {
    for (const [existing, stem] of [
      [{}, 'V1__add_full_name'],
      [{ 'V9__a.sql': '', 'V10__b.sql': '' }, 'V11__add_full_name'],
      [{ 'V0009__a.sql': '' }, 'V0010__add_full_name'],
      [{ 'V1700000000__a.sql': '' }, `V${Date.parse('2026-03-04T05:06:07Z') / 1000}__add_full_name`],
    ] as [Record<string, string>, string][]) {
      const composed = refinery.compose(request, await refinery.list(folder, inFolder(existing)));
      assert.deepEqual(
        composed.map((file) => [relative(file.path), file.text]),
        [
          [`${stem}.sql`, 'u;\n'],
          [`down/${stem}.down.sql`, 'd;\n'],
        ],
      );
      const written = Object.fromEntries(composed.map((file) => [file.path, file.text]));
      const last = (await refinery.list(folder, inFolder(existing, written))).at(-1)!;
      assert.deepEqual([last.upPath, last.downPath], [composed[0]!.path, composed[1]!.path]);
      assert.equal(refinery.compose({ ...request, down: null }, []).length, 1);
    }
  });

  // refinery_core/src/util.rs walks through folders: a way back must not be named like a migration.
  it('names ways back as the tool reads no file', () => {
    const [, down] = refinery.compose(request, []);
    assert.doesNotMatch(path.basename(down!.path), /^[UV]\d+(?:\.\d+)?__\w+\.(?:sql|rs)$/);
  });
});

for (const major of testMajors) {
  describe(`running as refinery does, on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let session: Session;
    beforeInDatabase(major, (opened) => (session = opened));
    beforeEach(() => session.script('drop schema public cascade; create schema public'));

    const files = inFolder({
      'V1__make_users.sql': 'create table users (id int);\r\n',
      'down/V1__make_users.down.sql': 'drop table users;',
      'U2__late.sql': 'select 1;',
    });

    // insert_migration_query of refinery_core/src/traits/mod.rs.
    it('writes and removes the rows of the tool', async () => {
      const list = await refinery.list(folder, files);
      assert.deepEqual(await refinery.history('', session), {
        exists: false,
        table: 'public.refinery_schema_history',
        applied: [],
        cumulative: false,
      });
      await session.query("set timezone to 'Asia/Tokyo'");
      assert.ok(list.every((each) => executionOf(refinery, each, 'up').sameTransaction));
      for (const each of list) await run(refinery, session, each, 'up', files);
      await session.query('reset timezone');
      const { rows } = await session.query<{ version: number; applied_on: string }>(
        'select * from refinery_schema_history order by version',
      );
      const checksum = (name: string, version: string, sql: string): string =>
        refineryChecksum({ prefix: 'V', version, name }, sql);
      assert.deepEqual(
        rows.map(({ applied_on: _time, ...row }) => row),
        [
          {
            version: 1,
            name: 'make_users',
            checksum: checksum('make_users', '1', 'create table users (id int);\r\n'),
          },
          { version: 2, name: 'late', checksum: checksum('late', '2', 'select 1;') },
        ],
      );
      for (const { applied_on } of rows) {
        // As Rust's time crate writes it: in UTC, and no zero at the end of a fraction.
        assert.match(applied_on, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{0,5}[1-9])?Z$/);
        assert.ok(Math.abs(Date.parse(applied_on) - Date.now()) < 60_000);
      }
      const history = await refinery.history('', session);
      const up = new Map(
        await Promise.all(
          list.map(async (each) => [each.version, await refinery.script(each, 'up', files)] as const),
        ),
      );
      const statuses = migrationStatuses({
        migrations: list,
        history,
        layout: refinery,
        up,
        down: new Map(),
      });
      assert.deepEqual(
        statuses.map((status) => [status.version, status.state, status.flags]),
        [
          ['1', 'applied', []],
          ['2', 'applied', ['no-down']],
        ],
      );
      await run(refinery, session, list[0]!, 'down', files);
      assert.deepEqual(
        (await refinery.history('', session)).applied.map((row) => row.version),
        ['2'],
      );
    });

    it('gives rows in the order applied, whatever the zone of their time, and says what was edited', async () => {
      for (const sql of preparationOf(refinery, {} as Migration)) {
        await session.query(sql);
        await session.query(sql);
      }
      await session.query(
        `insert into refinery_schema_history values
           (1, 'a', '2021-10-11T23:13:56.840335347-06:00', '1'), (2, 'b', '2021-10-12T05:13:55Z', '2'), (3, 'c', null, null)`,
      );
      const history = await refinery.history('', session);
      assert.deepEqual(
        history.applied.map((row) => [row.version, row.appliedAt, row.contentHash]),
        [
          ['3', null, null],
          ['2', '2021-10-12T05:13:55.000Z', '2'],
          ['1', '2021-10-12T05:13:56.840Z', '1'],
        ],
      );
      const own = inFolder({ 'V1__a.sql': 'select 1;' });
      const [migration] = await refinery.list(folder, own);
      const up = new Map([['1', await refinery.script(migration!, 'up', own)]]);
      const [status] = migrationStatuses({
        migrations: [migration!],
        history,
        layout: refinery,
        up,
        down: new Map(),
      });
      assert.ok(status!.flags.includes('edited'));
    });

    it('makes the table as the tool does', async () => {
      for (const sql of preparationOf(refinery, {} as Migration)) await session.query(sql);
      const { rows: columns } = await session.query<{ line: string }>(
        `select concat_ws(' ', column_name, data_type, character_maximum_length, is_nullable, column_default) as line
         from information_schema.columns where table_name = 'refinery_schema_history' order by ordinal_position`,
      );
      assert.deepEqual(
        columns.map((column) => column.line),
        [
          'version integer NO',
          'name character varying 255 YES',
          'applied_on character varying 255 YES',
          'checksum character varying 255 YES',
        ],
      );
      const { rows: keys } = await session.query(
        "select pg_get_constraintdef(oid) as key from pg_constraint where conrelid = 'refinery_schema_history'::regclass and contype = 'p'",
      );
      assert.deepEqual(keys, [{ key: 'PRIMARY KEY (version)' }]);
    });

    it("refuses a table of wide versions, and another tool's", async () => {
      await session.script(
        'create table refinery_schema_history (version int8 primary key, name varchar(255), applied_on varchar(255), checksum varchar(255))',
      );
      await assert.rejects(refinery.history('', session), {
        code: 'invalid-input',
        message: /int8-versions/,
      });
      await session.script(
        'drop table refinery_schema_history; create table refinery_schema_history (version int4)',
      );
      await assert.rejects(refinery.history('', session), { code: 'invalid-input' });
    });
  });
}

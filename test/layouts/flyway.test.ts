import { beforeInDatabase } from '../support/before-in-database';
import { testMajors } from '../support/servers';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { Session } from '../../src/database/session';
import { flyway } from '../../src/layouts/flyway';
import { flywayChecksum } from '../../src/layouts/flyway-checksum';
import { compareFlywayVersions, parseFlywayName } from '../../src/layouts/flyway-names';
import type { Direction, ExecutionContext, Migration } from '../../src/layouts/layout';
import { preparationOf } from '../../src/layouts/preparation';
import { isAddressOf } from '../../src/layouts/migration-address';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { migrationTitle } from '../../src/layouts/migration-title';
import { runOnEmpty } from '../../src/layouts/run-on-empty';
import type { Files } from '../../src/ports/files';
import { nodeFiles } from '../../src/ports/node-files';
import { splitStatements } from '../../src/sql/split';
import { memoryFiles } from '../support/memory-files';

const folder = path.resolve('/w/db/migration');
const corpora = path.resolve(__dirname, '..', '..', '..', 'shared', 'corpora');

const inFolder = (texts: Record<string, string>): ReturnType<typeof memoryFiles> =>
  memoryFiles(
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [path.join(folder, name), text])),
  );
const listed = async (...names: string[]): Promise<Migration[]> =>
  flyway.list(folder, inFolder(Object.fromEntries(names.map((name) => [name, '']))));

describe('the layout of Flyway', () => {
  it('reads names as Flyway does', () => {
    const version = (name: string): string | null => parseFlywayName(name)?.version ?? null;
    assert.equal(version('V1__x.sql'), '1');
    assert.equal(version('V1_10_0__x.sql'), '1.10.0');
    assert.equal(version('V2.57__x.sql'), '2.57');
    assert.equal(version('V007__x.sql'), '007');
    assert.equal(version('V3.sql'), '3');
    assert.equal(parseFlywayName('V1__add_some_words.sql')!.description, 'add some words');
    assert.equal(parseFlywayName('V1___led.sql')!.description, ' led');
    for (const name of [
      'V0001.Initial_Schema.up.sql',
      'v1__x.sql',
      'V1__x.SQL',
      'V1_a__x.sql',
      'V__x.sql',
      'Vx.sql',
      'V1._2__x.sql',
      'R1__x.sql',
      '1__x.sql',
      'V1__x.sql.conf',
      'beforeMigrate.sql',
    ]) {
      assert.equal(parseFlywayName(name), null, name);
    }
  });

  it('compares versions part by part, missing parts as zero', () => {
    assert.ok(compareFlywayVersions('1.9.9', '1.10.0') < 0);
    assert.ok(compareFlywayVersions('2.7.0', '2.7.0.1') < 0);
    assert.ok(compareFlywayVersions('2.7.0.1', '2.7.1') < 0);
    assert.equal(compareFlywayVersions('1.0', '1'), 0);
    assert.equal(compareFlywayVersions('001', '1'), 0);
    assert.ok(compareFlywayVersions('20240101', '9007199254740993') < 0);
    const version = fc.oneof(
      fc.string(),
      fc.array(fc.nat(30), { minLength: 1 }).map((all) => all.join('.')),
      fc.array(fc.nat(3), { minLength: 1 }).map((all) => `B${all.join('.')}`),
      fc.string().map((name) => `R__${name}`),
    );
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const sign = (one: string, other: string): number => Math.sign(compareFlywayVersions(one, other));
        assert.equal(sign(a, b), -sign(b, a) + 0);
        if (sign(a, b) <= 0 && sign(b, c) <= 0) assert.ok(sign(a, c) <= 0);
      }),
    );
  });

  it('lists versions in order with their undo files, baselines behind theirs, repeatable ones last', async () => {
    const list = await listed(
      'R__b_view.sql',
      'R__a_view.sql',
      'R__B.sql',
      'B1_9_9__all.sql',
      'B2__all.sql',
      'V1_10_0__c.sql',
      'V1_9_9__b.sql',
      'V1__a.sql',
      'U1.9.9__b.sql',
      'U7__orphan.sql',
      'readme.sql',
    );
    assert.deepEqual(
      list.map(({ version, name, downPath }) => [version, name, downPath && path.basename(downPath)]),
      [
        ['1', 'a', null],
        ['1.9.9', 'b', 'U1.9.9__b.sql'],
        ['B1.9.9', 'all', null],
        ['1.10.0', 'c', null],
        ['B2', 'all', null],
        ['R__B', 'B', null],
        ['R__a_view', 'a view', null],
        ['R__b_view', 'b view', null],
      ],
    );
    assert.deepEqual(
      list.map(({ kind, repeats }) => [kind, repeats].filter(Boolean).join()),
      ['', '', 'baseline', '', 'baseline', ...Array<string>(3).fill('repeatable,changed')],
    );
    assert.deepEqual(list.map(migrationTitle).slice(-3), ['R__B', 'R__a_view', 'R__b_view']);
    assert.equal(isAddressOf(path.join(folder, 'R__a_view.sql'), list.at(-2)!), true);
    // On an empty database the baseline before a migration stands for what is before it.
    const before = (place: number): string[] => runOnEmpty(list, place).map(({ version }) => version);
    assert.deepEqual(before(1), ['1']);
    assert.deepEqual(before(2), []);
    assert.deepEqual(before(3), ['B1.9.9']);
    assert.deepEqual(before(list.length), ['B2', 'R__B', 'R__a_view', 'R__b_view']);
    assert.equal(flyway.folderOf(path.join(folder, 'V1__a.sql')), folder);
    assert.equal(flyway.folderOf(path.join(folder, 'U1__a.sql')), folder);
    assert.equal(flyway.folderOf(path.join(folder, 'R__a.sql')), null);
  });

  it('names the second file of a version', async () => {
    const list = await listed('V1.0__a.sql', 'V1__b.sql', 'U1__a.sql', 'U1_0__a.sql', 'V2__c.sql');
    assert.equal(list.length, 2);
    assert.equal(list[0]!.problems!.length, 2);
    assert.match(list[0]!.problems![0]!, /V1__b\.sql has the same version as V1\.0__a\.sql/);
    const [repeatable, ...others] = await listed('R__a_view.sql', 'R__a view.sql');
    assert.deepEqual(others, []);
    assert.match(repeatable!.problems!.join(), /has the same description as R__a/);
  });

  it('computes the checksum that Flyway recorded', () => {
    // Resolved by Flyway 6.0.0: https://github.com/flyway/flyway/issues/2474
    const one = 'alter table location_history add column valid_until timestamp with time zone;';
    assert.equal(flywayChecksum(one), '-1039259818');
    // From a pg_dump of flyway_schema_history, with its files: qlassalle/ElementsRecorder on GitHub.
    const two = 'alter table elements_recorder_schema.resource\nalter column name type varchar(255);';
    assert.equal(flywayChecksum(two), '1557588126');
    for (const same of [two.replace('\n', '\r\n'), two.replace('\n', '\r'), `\uFEFF${two}\n\n`]) {
      assert.equal(flywayChecksum(same), '1557588126');
    }
    assert.notEqual(flywayChecksum(two.replace('\n', ' ')), '1557588126');
    // The check value of CRC-32, as a signed number.
    assert.equal(flywayChecksum('123456789'), String(0xcbf43926 | 0));
    assert.equal(flywayChecksum(''), '0');
    assert.equal(flywayChecksum('\u00e9\u{1f600}'), String(crc32('\u00e9\u{1f600}')));
  });

  it('knows what runs outside a transaction', async () => {
    const files = inFolder({
      'V1__a.sql': 'create table t ();\r\n',
      'V2__a.sql': '-- on top\n--flyway:executeInTransaction=false\ncreate table u ();',
      'V3__a.sql': 'create table v ();\n-- flyway:executeInTransaction=false',
      'V4__a.sql': 'create table w ();',
      'V4__a.sql.conf': '# why\r\nexecuteInTransaction=false\r\n',
      'V5__a.sql': '/* one */ create unique -- two\n index  Concurrently i on t (a);',
      'V5__a.sql.conf': 'encoding=UTF-8',
      'V6__a.sql': 'vacuum t;',
      'V6__a.sql.conf': 'executeInTransaction=true',
      'V7__a.sql': "select 'vacuum'; -- drop index concurrently",
      'V8__a.sql': 'select 1; VACUUM t;',
    });
    const list = await flyway.list(folder, files);
    const kinds = await Promise.all(list.map((each) => flyway.script(each, 'up', files)));
    assert.deepEqual(
      kinds.map((script) => script!.transaction),
      ['wrapped', 'none', 'wrapped', 'none', 'none', 'wrapped', 'wrapped', 'none'],
    );
    assert.equal(kinds[0]!.offset, 0);
    assert.equal(kinds[0]!.sql, 'create table t ();\r\n');
    assert.equal(await flyway.script(list[0]!, 'down', files), null);
  });

  it('leaves placeholders as they are', async () => {
    const files = inFolder({ 'V1__a.sql': 'create table ${schema}.t ();' });
    const [migration] = await flyway.list(folder, files);
    assert.equal((await flyway.script(migration!, 'up', files))!.sql, 'create table ${schema}.t ();');
  });

  it('composes the next version in the style of the folder', async () => {
    const request = {
      folder,
      name: 'Add, the words',
      up: 'u',
      down: 'd',
      transactional: true,
      now: new Date(1700000000_000),
    };
    const names = async (...existing: string[]): Promise<string[]> =>
      flyway.compose(request, await listed(...existing)).map((file) => path.basename(file.path));
    assert.deepEqual(await names(), ['V1__add_the_words.sql', 'U1__add_the_words.sql']);
    assert.deepEqual((await names('V9__a.sql', 'V10__b.sql', 'R__z.sql'))[0], 'V11__add_the_words.sql');
    assert.deepEqual((await names('V9__a.sql', 'B12__b.sql'))[0], 'V13__add_the_words.sql');
    assert.deepEqual((await names('V009__a.sql'))[0], 'V010__add_the_words.sql');
    assert.deepEqual((await names('V1_9_9__a.sql', 'V1_10_0__b.sql'))[0], 'V1_10_1__add_the_words.sql');
    assert.deepEqual((await names('V2.57__a.sql', 'V2.6__b.sql'))[0], 'V2.58__add_the_words.sql');
    assert.deepEqual((await names('V4_99_1567727816__a.sql'))[0], 'V4_99_1700000000__add_the_words.sql');
    assert.deepEqual((await names('V20230101000000__a.sql'))[0], 'V20231114221320__add_the_words.sql');
    const files = flyway.compose({ ...request, transactional: false }, []);
    assert.equal(files[0]!.text, '-- flyway:executeInTransaction=false\nu');
    assert.deepEqual(
      files.slice(2).map((file) => [path.basename(file.path), file.text]),
      ['V', 'U'].map((prefix) => [`${prefix}1__add_the_words.sql.conf`, 'executeInTransaction=false\n']),
    );
    const written = memoryFiles(Object.fromEntries(files.map((file) => [file.path, file.text])));
    const [migration] = await flyway.list(folder, written);
    assert.equal(migration!.version, files[0]!.version);
    assert.equal(migration!.upPath, files[0]!.path);
    assert.equal(migration!.downPath, files[1]!.path);
    assert.equal((await flyway.script(migration!, 'down', written))!.transaction, 'none');
  });

  it('is told from look-alikes', async () => {
    const sure = async (texts: Record<string, string>): Promise<number | null> =>
      (await flyway.detect(folder, memoryFiles(texts)))?.confidence ?? null;
    const one = { '/w/db/migration/V1__a.sql': '' };
    assert.equal(await sure(one), 0.8);
    assert.equal(await sure({ ...one, '/w/flyway.toml': '' }), 0.95);
    assert.equal(await sure({ ...one, '/w/pom.xml': '<artifactId>flyway-core</artifactId>' }), 0.95);
    assert.equal(await sure({ ...one, '/w/build.gradle.kts': 'implementation("other")' }), 0.8);
    assert.equal(await sure({ ...one, '/w/Cargo.toml': '[dependencies]\nrefinery = "0.8"\n' }), null);
    assert.equal(await sure({ '/w/db/migration/R__a.sql': '' }), null);
    assert.equal(await sure({ '/w/db/migration/V0001.Name.up.sql': '' }), null);
    assert.equal(await sure({ '/w/db/migration/001_a.sql': '' }), null);
    const elsewhere = path.resolve('/w/sql');
    const plain = await flyway.detect(elsewhere, memoryFiles({ '/w/sql/V1__a.sql': '' }));
    assert.equal(plain!.confidence, 0.6);
  });

  it("does not take authelia's files for its own", async function () {
    const authelia = path.join(corpora, 'authelia');
    if (!existsSync(authelia)) {
      console.log('not run: the corpus authelia is missing');
      return this.skip();
    }
    assert.equal(await flyway.detect(authelia, nodeFiles()), null);
    assert.deepEqual(await flyway.list(authelia, nodeFiles()), []);
  });

  it('lists 5,000 migrations without reading one', async () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `V1_${index}__name.sql`);
    const files = inFolder(Object.fromEntries(names.map((name) => [name, ''])));
    const unread = { ...files, read: assert.fail, readIfExists: assert.fail };
    const list = await flyway.list(folder, unread);
    assert.equal(list.length, 5_000);
    assert.equal(list[4_999]!.version, '1.4999');
  });
});

for (const major of testMajors) {
  describe(`the history of Flyway, on PostgreSQL ${major}`, function () {
    this.timeout(120_000);
    let session: Session;
    beforeInDatabase(major, (opened) => (session = opened));
    beforeEach(() => session.script('drop schema public cascade; create schema public'));

    const files = inFolder({
      'V1__first_table.sql': 'create table a (id int);',
      'V2_0__second.sql': "set search_path to ''; create table public.b (id int);",
      'U2_0__second.sql': 'drop table public.b;',
      'V3__index.sql': 'create index concurrently i on a (id);',
      'U3__index.sql': 'drop index concurrently i;',
    });

    const run = async (migration: Migration, direction: Direction, source: Files = files): Promise<void> => {
      const up = await flyway.script(migration, 'up', source);
      const script = (await flyway.script(migration, direction, source))!;
      const context: ExecutionContext = {
        directory: 'db/migration',
        previousVersion: null,
        by: 'somebody',
        sql: script.sql,
        contentHash: script.contentHash,
        recordedHash: flyway.recordedHash(up!),
        id: '',
      };
      const execution = flyway.execution(migration, direction, context);
      await session.query(execution.lock!.take);
      for (const sql of execution.prepare) await session.query(sql);
      assert.deepEqual(execution.before, []);
      assert.equal(execution.sameTransaction, true);
      const record = async (): Promise<void> => {
        for (const { sql, parameters } of execution.record(12.4)) await session.query(sql, parameters);
      };
      if (script.transaction === 'none') {
        for (const { start, end } of splitStatements(script.sql)) {
          await session.query(script.sql.slice(start, end));
        }
        await session.transaction(record);
      } else {
        await session.transaction(async () => {
          await session.script(script.sql);
          await record();
        });
      }
      await session.query(execution.lock!.release);
    };

    const rows = async (): Promise<unknown[]> =>
      (
        await session.query(
          `select installed_rank, version, description, type, script, checksum, installed_by = current_user as by,
             abs(extract(epoch from now()::timestamp - installed_on)) < 600 as lately, execution_time, success
           from flyway_schema_history order by installed_rank`,
        )
      ).rows.map((row) => Object.values(row));
    const versions = async (): Promise<string[]> =>
      (await flyway.history('', session)).applied.map((row) => row.version);

    it('makes the table as Flyway does', async () => {
      assert.deepEqual(await flyway.history('', session), {
        exists: false,
        table: 'public.flyway_schema_history',
        applied: [],
        cumulative: false,
      });
      const [first] = await flyway.list(folder, files);
      await run(first!, 'up');
      const { rows: columns } = await session.query<{ text: string }>(
        `select a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
           || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '') as text
         from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
         where a.attrelid = 'flyway_schema_history'::regclass and a.attnum > 0 order by a.attnum`,
      );
      // PostgreSQLDatabase.getRawCreateScript in Flyway's source, as the catalog shows it.
      assert.deepEqual(
        columns.map(({ text }) => text),
        [
          'installed_rank integer not null',
          'version character varying(50)',
          'description character varying(200) not null',
          'type character varying(20) not null',
          'script character varying(1000) not null',
          'checksum integer',
          'installed_by character varying(100) not null',
          'installed_on timestamp without time zone not null now()',
          'execution_time integer not null',
          'success boolean not null',
        ],
      );
      const { rows: indexes } = await session.query<{ text: string }>(
        `select pg_get_indexdef(indexrelid) as text from pg_index
         where indrelid = 'flyway_schema_history'::regclass order by 1`,
      );
      assert.deepEqual(
        indexes.map(({ text }) => text),
        [
          'CREATE INDEX flyway_schema_history_s_idx ON public.flyway_schema_history USING btree (success)',
          'CREATE UNIQUE INDEX flyway_schema_history_pk ON public.flyway_schema_history USING btree (installed_rank)',
        ],
      );
    });

    it('writes the rows of migrations, whatever they set, and takes those of ways back away', async () => {
      const list = await flyway.list(folder, files);
      for (const migration of list) await run(migration, 'up');
      const expected = [
        [
          1,
          '1',
          'first table',
          'SQL',
          'V1__first_table.sql',
          crc32('create table a (id int);'),
          true,
          true,
          12,
          true,
        ],
        [
          ...[2, '2.0', 'second', 'SQL', 'V2_0__second.sql'],
          ...[crc32("set search_path to ''; create table public.b (id int);"), true, true, 12, true],
        ],
        [
          ...[3, '3', 'index', 'SQL', 'V3__index.sql'],
          ...[crc32('create index concurrently i on a (id);'), true, true, 12, true],
        ],
      ];
      assert.deepEqual(await rows(), expected);
      const history = await flyway.history('', session);
      assert.deepEqual(
        history.applied.map(({ version, name, contentHash, milliseconds, dirty }) => [
          version,
          name,
          contentHash,
          milliseconds,
          dirty,
        ]),
        expected.map((row) => [row[1], row[2], String(row[5]), 12, false]),
      );
      assert.equal(history.applied[0]!.appliedBy, session.facts.user);
      assert.ok(Math.abs(Date.parse(history.applied[0]!.appliedAt!) - Date.now()) < 600_000);
      await run(list[2]!, 'down');
      await run(list[1]!, 'down');
      assert.deepEqual(await rows(), expected.slice(0, 1));
      await run(list[1]!, 'up');
      assert.deepEqual(await rows(), expected.slice(0, 2));
    });

    const statusOf = async (source: Files): Promise<string[]> => {
      const migrations = await flyway.list(folder, source);
      const scripts = await Promise.all(migrations.map((each) => flyway.script(each, 'up', source)));
      return migrationStatuses({
        migrations,
        history: await flyway.history('', session),
        layout: flyway,
        up: new Map(migrations.map(({ version }, index) => [version, scripts[index]!])),
        down: new Map(),
      }).map(({ version, state, flags }) =>
        [version, state, ...flags.filter((flag) => flag !== 'no-down')].join(' '),
      );
    };

    // Rows as JdbcTableSchemaHistory writes them; states as MigrationInfoServiceImpl tells them (pending, outdated).
    it('runs a repeatable migration again when its text has changed, a row each time', async () => {
      const one = 'create or replace view v as select 1 as n;';
      const two = 'create or replace view v as select 2 as n;';
      const source = (view: string, more: Record<string, string> = {}): ReturnType<typeof inFolder> =>
        inFolder({ 'V1__a.sql': 'create table t ();', 'R__a_view.sql': view, ...more });
      const row = (rank: number, text: string): unknown[] => [
        ...[rank, null, 'a view', 'SQL', 'R__a_view.sql', crc32(text), true, true, 12, true],
      ];
      const [first, repeatable] = await flyway.list(folder, source(one));
      await run(first!, 'up', source(one));
      assert.deepEqual(await statusOf(source(one)), ['1 applied', 'R__a_view pending']);
      await run(repeatable!, 'up', source(one));
      assert.deepEqual((await rows()).slice(1), [row(2, one)]);
      assert.deepEqual(await statusOf(source(one)), ['1 applied', 'R__a_view applied']);
      assert.deepEqual(await statusOf(source(`${one}\r\n`)), ['1 applied', 'R__a_view applied']);
      assert.deepEqual(await statusOf(source(two)), ['1 applied', 'R__a_view pending runs-again']);
      // What is behind it in the list is not behind it for the versions.
      const later = { 'V2__b.sql': '' };
      assert.deepEqual((await statusOf(source(one, later)))[1], '2 pending');
      await run(repeatable!, 'up', source(two));
      assert.deepEqual((await rows()).slice(1), [row(2, one), row(3, two)]);
      assert.deepEqual(await statusOf(source(two)), ['1 applied', 'R__a_view applied']);
      // The last run counts, not any.
      assert.deepEqual(await statusOf(source(one)), ['1 applied', 'R__a_view pending runs-again']);
      // With placeholders Flyway sums up what they stand for, which nobody knows here.
      assert.deepEqual((await statusOf(source('select ${n};')))[1], 'R__a_view applied');
      await session.script(`insert into flyway_schema_history values
        (4, null, 'a view', 'SQL', 'R__a_view.sql', 5, 'x', now(), 1, false)`);
      assert.deepEqual((await statusOf(source(two)))[1], 'R__a_view failed');
      await run(repeatable!, 'up', source(two));
      assert.deepEqual((await rows()).slice(1), [row(2, one), row(3, two), row(4, two)]);
      // flyway repair, of one whose file is gone.
      await session.script(`insert into flyway_schema_history values
        (5, null, 'a view', 'DELETE', 'R__a_view.sql', 5, 'x', now(), 1, true)`);
      assert.deepEqual((await statusOf(source(two)))[1], 'R__a_view pending');
      assert.deepEqual(await versions(), ['1']);
    });

    it('takes the rows of a repeatable migration away when it is marked as not applied', async () => {
      const source = inFolder({ 'V1__a.sql': 'select 1;', 'R__a.sql': 'select 2;', 'R__b.sql': 'select 3;' });
      const list = await flyway.list(folder, source);
      for (const migration of list) await run(migration, 'up', source);
      const { record } = flyway.execution(list[1]!, 'down', {
        ...{
          directory: '',
          previousVersion: null,
          by: '',
          sql: '',
          contentHash: '',
          recordedHash: null,
          id: '',
        },
      });
      for (const { sql, parameters } of record(0)) await session.query(sql, parameters);
      assert.deepEqual(await versions(), ['1', 'R__b']);
      const gone = inFolder({ 'V1__a.sql': 'select 1;', 'R__a.sql': 'select 2;' });
      assert.deepEqual(await statusOf(gone), ['1 applied', 'R__a pending', 'R__b missing']);
    });

    // BaselineMigrationType, and CoreMigrationStateCalculator: pending, below baseline, ignored.
    it('runs the last baseline on an empty history, in place of the versions up to its own', async () => {
      const source = inFolder({
        'V1__a.sql': 'create table a ();',
        'B1__old.sql': 'create table a ();',
        'V2__b.sql': 'create table b ();',
        'B2__all.sql': 'create table a (); create table b ();',
        'V3__c.sql': 'create table c ();',
        'R__v.sql': 'create view v as select 1;',
      });
      const [first, , , baseline, third] = await flyway.list(folder, source);
      assert.deepEqual(await statusOf(source), [
        ...['1 skipped', 'B1 skipped', '2 skipped', 'B2 pending', '3 pending', 'R__v pending'],
      ]);
      await run(baseline!, 'up', source);
      assert.deepEqual(await rows(), [
        [
          ...[1, '2', 'all', 'SQL_BASELINE', 'B2__all.sql'],
          ...[crc32('create table a (); create table b ();'), true, true, 12, true],
        ],
      ]);
      assert.deepEqual(await statusOf(source), [
        ...['1 applied', 'B1 skipped', '2 applied', 'B2 applied', '3 pending', 'R__v pending'],
      ]);
      await run(third!, 'up', source);
      assert.equal((await statusOf(source))[4], '3 applied');
      const without = inFolder({ 'V3__c.sql': 'create table c ();' });
      assert.deepEqual(await statusOf(without), ['3 applied']);
      await session.script('delete from flyway_schema_history; drop table a, b, c');
      await run(first!, 'up', source);
      assert.deepEqual(await statusOf(source), [
        ...['1 applied', 'B1 skipped', '2 pending', 'B2 skipped', '3 pending', 'R__v pending'],
      ]);
      // What flyway baseline writes is no run of the file.
      await session.script(`delete from flyway_schema_history; insert into flyway_schema_history values
        (1, '2', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', null, 'x', now(), 0, true)`);
      assert.deepEqual((await statusOf(source)).slice(2, 5), ['2 applied', 'B2 skipped', '3 pending']);
    });

    it('notices an edited file, not one with other line ends', async () => {
      const [first] = await flyway.list(folder, files);
      await run(first!, 'up');
      const flags = async (text: string): Promise<string[]> => {
        const source = inFolder({ 'V1__first_table.sql': text });
        const up = await flyway.script(first!, 'up', source);
        const [status] = migrationStatuses({
          migrations: [first!],
          history: await flyway.history('', session),
          layout: flyway,
          up: new Map([['1', up]]),
          down: new Map(),
        });
        return status!.flags.filter((flag) => flag === 'edited');
      };
      assert.deepEqual(await flags('create table a (id int);\r\n'), []);
      assert.deepEqual(await flags('create table a (id bigint);'), ['edited']);
    });

    // The rows of `flyway undo` as https://github.com/flyway/flywaydb.org shows them in its undo tutorial.
    it('adds an undo row where the history has one, and takes an undone version for pending', async () => {
      const list = await flyway.list(folder, files);
      await run(list[0]!, 'up');
      await session.script(`
        insert into flyway_schema_history values (2, '2.0', 'second', 'SQL', 'V2_0__second.sql', 5, 'x', now(), 1, true);
        insert into flyway_schema_history values (3, '2.0', 'second', 'UNDO_SQL', 'U2_0__second.sql', 6, 'x', now(), 1, true)`);
      assert.deepEqual(await versions(), ['1']);
      await run(list[1]!, 'up');
      assert.deepEqual(await versions(), ['1', '2.0']);
      await run(list[1]!, 'down');
      assert.deepEqual(await versions(), ['1']);
      assert.deepEqual((await rows()).slice(3), [
        [
          ...[4, '2.0', 'second', 'SQL', 'V2_0__second.sql'],
          ...[crc32("set search_path to ''; create table public.b (id int);"), true, true, 12, true],
        ],
        [
          5,
          '2.0',
          'second',
          'UNDO_SQL',
          'U2_0__second.sql',
          crc32('drop table public.b;'),
          true,
          true,
          12,
          true,
        ],
      ]);
    });

    it('reads baselines, repeatable migrations, schemas, deleted and failed ones', async () => {
      const list = await flyway.list(folder, files);
      for (const sql of preparationOf(flyway, list[0]!)) {
        await session.query(sql);
      }
      await session.script(`
        insert into flyway_schema_history values
          (0, null, '<< Flyway Schema Creation >>', 'SCHEMA', '"public"', null, 'x', now(), 0, true),
          (1, '2', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', null, 'x', now(), 0, true),
          (2, '2.5', 'gone', 'SQL', 'V2_5__gone.sql', 7, 'x', now(), 0, true),
          (3, '2.5', 'gone', 'DELETE', 'V2_5__gone.sql', 7, 'x', now(), 0, true),
          (6, '2.7', 'in java', 'JDBC', 'db.migration.V2_7__in_java', 10, 'x', now(), 0, true),
          (4, null, 'view', 'SQL', 'R__view.sql', 8, 'x', now(), 0, true),
          (5, '3', 'index', 'SQL', 'V3__index.sql', 9, 'x', now(), 0, false)`);
      const history = await flyway.history('', session);
      assert.deepEqual(
        history.applied.map(({ version, dirty, kind }) => [version, dirty, kind]),
        [
          ['R__view', false, 'repeatable'],
          ['3', true, undefined],
        ],
      );
      assert.equal(history.baseline!.version, '2');
      const statuses = migrationStatuses({
        migrations: list,
        history,
        layout: flyway,
        up: new Map(),
        down: new Map(),
      });
      // 2.0 is the baseline's version 2 in other words.
      assert.deepEqual(
        statuses.map(({ version, state }) => [version, state]),
        [
          ['1', 'applied'],
          ['2.0', 'applied'],
          ['3', 'failed'],
          ['R__view', 'missing'],
        ],
      );
      await session.script('create table a (id int)');
      await run(list[2]!, 'up');
      assert.deepEqual(
        (await rows()).map((row) => [...(row as unknown[]).slice(0, 2), (row as unknown[]).at(-1)]),
        [
          [0, null, true],
          [1, '2', true],
          [2, '2.5', true],
          [3, '2.5', true],
          [4, null, true],
          [6, '2.7', true],
          [7, '3', true],
        ],
      );
    });

    it('takes the lock of Flyway, for the schema it works in', async () => {
      const [first] = await flyway.list(folder, files);
      const { lock } = flyway.execution(first!, 'up', {
        directory: '',
        previousVersion: null,
        by: '',
        sql: '',
        contentHash: '',
        recordedHash: null,
        id: '',
      });
      await session.script('create schema if not exists "Über b"');
      for (const schema of ['public', 'Über b']) {
        await session.query(`set search_path to "${schema}"`);
        await session.query(lock!.take);
        const held = await session.query<{ id: string }>(
          `select ((classid::int8 << 32) + objid::int8)::text as id from pg_locks
           where locktype = 'advisory' and pid = pg_backend_pid() and objsubid = 1`,
        );
        // PostgreSQLAdvisoryLockTemplate: the bytes of "Flyway", plus Table.toString().hashCode() of Java.
        const flywayBytes = [...'Flyway'].reduce(
          (sum, letter) => sum * 256n + BigInt(letter.charCodeAt(0)),
          0n,
        );
        const hash = [...`"${schema}"."flyway_schema_history"`].reduce(
          (sum, letter) => (Math.imul(31, sum) + letter.charCodeAt(0)) | 0,
          0,
        );
        assert.deepEqual(held.rows, [{ id: String(flywayBytes + BigInt(hash)) }]);
        const released = await session.query(lock!.release);
        assert.deepEqual(Object.values(released.rows[0]!), [true]);
      }
      await session.script('reset search_path; drop schema "Über b"');
    });

    it("refuses another tool's table of that name", async () => {
      await session.script('create table flyway_schema_history (version text)');
      await assert.rejects(flyway.history('', session), { code: 'invalid-input' });
      const [first] = await flyway.list(folder, files);
      await assert.rejects(run(first!, 'up'));
    });

    it('applies the whole history of uaa', async function () {
      const uaa = path.join(corpora, 'uaa');
      if (!existsSync(uaa)) {
        console.log('not run: the corpus uaa is missing');
        return this.skip();
      }
      await session.query('select pg_advisory_unlock_all()');
      const source = nodeFiles();
      assert.equal((await flyway.detect(uaa, source))!.confidence, 0.6);
      const list = await flyway.list(uaa, source);
      assert.equal(list.length, (await source.list(uaa)).length);
      assert.equal(list.length, 89);
      assert.deepEqual(
        list.flatMap((migration) => migration.problems ?? []),
        [],
      );
      const order = list.map((migration) => migration.version);
      assert.deepEqual(order.slice(0, 2), ['1.5.2', '1.5.5']);
      assert.deepEqual(order.slice(-2), ['4.109', '4.110']);
      assert.deepEqual(order.slice(order.indexOf('1.8.4'), order.indexOf('2.0.0') + 1), [
        '1.8.4',
        '1.10.0',
        '2.0.0',
      ]);
      assert.equal(order.indexOf('2.7.0.1'), order.indexOf('2.7.0') + 1);
      for (const migration of list) await run(migration, 'up', source);
      assert.deepEqual(await versions(), order);
      const history = await flyway.history('', session);
      const scripts = await Promise.all(list.map((migration) => flyway.script(migration, 'up', source)));
      const statuses = migrationStatuses({
        migrations: list,
        history,
        layout: flyway,
        up: new Map(list.map((migration, index) => [migration.version, scripts[index]!])),
        down: new Map(),
      });
      assert.deepEqual(
        [...new Set(statuses.map(({ state, flags }) => `${state} ${flags.join()}`))],
        ['applied no-down'],
      );
    });
  });
}

/** CRC-32 (IEEE) of the lines without their ends, signed; written apart from the product's. */
function crc32(text: string): number {
  let crc = ~0;
  for (const byte of Buffer.from(text.split(/\r\n|\n|\r/).join(''), 'utf8')) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc;
}

import assert from 'node:assert/strict';
import path from 'node:path';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { detectLayout } from '../../src/layouts/detect-layouts';
import type { Direction, Migration, MigrationScript } from '../../src/layouts/layout';
import { liquibase } from '../../src/layouts/liquibase';
import { migrationStatuses } from '../../src/layouts/migration-status';
import type { Files } from '../../src/ports/files';
import { loadParser } from '../../src/sql/parser';
import { memoryFiles } from '../support/memory-files';
import { testMajors, testServer, testSession, type TestDatabase } from '../support/servers';
import { executionOf } from './crate';

const root = path.resolve('/w');
const at = (name: string): string => path.join(root, ...name.split('/'));
const head = '--liquibase formatted sql\n';
const inWorkspace = (names: Record<string, string>): ReturnType<typeof memoryFiles> =>
  memoryFiles(Object.fromEntries(Object.entries(names).map(([name, text]) => [at(name), text])));
const versions = (migrations: readonly Migration[]): string[] => migrations.map(({ version }) => version);

/** The scripts of the changesets of one file, by id. */
async function scripts(text: string): Promise<Record<string, Record<Direction, MigrationScript | null>>> {
  const files = inWorkspace({ 'sql/1.sql': text });
  const found: Record<string, Record<Direction, MigrationScript | null>> = {};
  for (const migration of await liquibase.list(at('sql'), files)) {
    const [up, down] = await Promise.all([
      liquibase.script(migration, 'up', files),
      liquibase.script(migration, 'down', files),
    ]);
    found[migration.name] = { up, down };
  }
  return found;
}

/** What is not blank, at the places of the file. */
function assertPlaces(text: string, script: MigrationScript): void {
  const there = text.slice(script.offset, script.offset + script.sql.length);
  for (const [index, character] of [...script.sql].entries()) {
    if (character !== ' ' && character !== there[index])
      assert.equal(character, ';', `at ${index} of ${script.sql}`);
  }
  assert.equal(script.linesBefore, text.slice(0, script.offset).split('\n').length - 1);
}

describe('Liquibase: formatted SQL', () => {
  const text = [
    '--liquibase formatted sql',
    '',
    '--changeset alice:a1',
    '--comment: makes Übung',
    "create table t1 (id int, note text default 'ä;b');",
    '--rollback drop table t1;',
    '',
    '-- Changeset alice:a2 labels:"one two" context:test runInTransaction:false',
    'create index concurrently i1 on t1 (id);',
    '--rollback drop index',
    '--rollback   i1;',
    '',
    '--changeset "bob smith":"a b" dbms:mysql',
    'create table nope (id int);',
    '--changeset bob:b3 splitStatements:false',
    'create function f() returns int language sql as $$ select 1; -- inner',
    ' select 2; $$;',
    '/* liquibase rollback',
    'drop function f();',
    'select 1;',
    '*/',
    '--changeset bob:4 ignore:true',
    'select 4;',
    '--changeset bob:"5 b" endDelimiter:// rollbackEndDelimiter://',
    'create table d1 (id int)//',
    'create table d2 (id int)//',
    '--rollback drop table d1//',
    '--rollback drop table d2//',
    '--changeset bob:b6',
    '--ignoreLines:start',
    '--changeset nobody:7',
    '--ignoreLines:end',
    '--preconditions onFail:MARK_RAN',
    "--precondition-sql-check expectedResult:0 select count(*) from pg_class where relname = 'nix'",
    'create table p6 (id int)',
    'go',
    '--ignoreLines:1',
    'create nonsense',
    '--rollback empty',
    '--changeset bob:b8',
    'create table p8 (id int);',
    '--rollback changesetId:b6 changesetAuthor:bob',
    '',
  ].join('\n');
  // Recorded by Liquibase 4.28.0 for these.
  const sums: Record<string, string> = {
    a1: '9:dd6aa0ceb29101243f87e8fcec770563',
    a2: '9:d78a65243a3381d5305b8c870406eb18',
    b3: '9:0514d28b246c8ed29772488fdf2a8112',
    '5 b': '9:671770f95cd9bc8d82e84c26aad915dd',
  };

  for (const [name, given] of [
    ['as written', text],
    ['with CRLF', text.replaceAll('\n', '\r\n')],
    ['after a byte order mark', `\uFEFF${text}`],
  ] as const) {
    it(`cuts a file into its changesets, at their places: ${name}`, async () => {
      const found = await scripts(given);
      const sql = (script: MigrationScript | null): string | null =>
        script && script.sql.replace(/\s+/g, ' ').trim();
      assert.deepEqual(Object.keys(found), ['a1', 'a2', 'b3', '5 b', 'b6', 'b8']);
      assert.deepEqual(
        Object.values(found).map(({ down }) => sql(down)),
        [
          'drop table t1;',
          'drop index i1;',
          'drop function f(); select 1;',
          'drop table d1; drop table d2;',
          '',
          sql(found['b6']!.up),
        ],
      );
      assert.match(
        sql(found['a1']!.up)!,
        /^--changeset alice:a1 --comment: makes Übung create table t1 .*;$/,
      );
      assert.match(sql(found['b3']!.up)!, /select 2; \$\$;$/);
      assert.match(sql(found['5 b']!.up)!, /create table d1 \(id int\); create table d2 \(id int\);$/);
      assert.match(sql(found['b6']!.up)!, /'nix' create table p6 \(id int\) ;$/);
      assert.deepEqual(
        Object.values(found).map(({ up }) => up!.transaction),
        ['wrapped', 'none', 'wrapped', 'wrapped', 'wrapped', 'wrapped'],
      );
      for (const { up, down } of Object.values(found))
        for (const script of [up!, down!]) assertPlaces(given.replace(/^\uFEFF/, ''), script);
      for (const [id, sum] of Object.entries(sums)) assert.equal(liquibase.recordedHash(found[id]!.up!), sum);
      const parser = await loadParser();
      for (const { up } of Object.values(found)) assert.ok(parser.parse(up!.sql).statements.length > 0);
    });
  }

  it('knows a file by the sums the tool takes it for', async () => {
    const found = await scripts(
      [
        head,
        '--changeset a:plain\nselect 1;',
        '--changeset a:again runOnChange:true\nselect 1;',
        '--changeset a:valid\n--validCheckSum: 9:0000\nselect 1;',
        '--changeset a:any\n--validCheckSum any\nselect 1;',
        '--changeset a:parameter\nselect ${one};',
      ].join('\n'),
    );
    const sum = '9:a7ca957848b7a2d82c733ec390529b49';
    assert.equal(found['plain']!.up!.checksum, sum);
    assert.equal(found['parameter']!.up!.checksum, null);
    const accepts = (id: string, recorded: string): boolean =>
      liquibase.acceptsHash!(found[id]!.up!, recorded);
    assert.deepEqual(
      ['plain', 'again', 'valid', 'any', 'parameter'].map((id) => [accepts(id, sum), accepts(id, '9:0000')]),
      [
        [true, false],
        [true, true],
        [true, true],
        [true, true],
        [true, true],
      ],
    );
    assert.equal(accepts('plain', '8:0000'), true);
  });

  it('leaves out what is for other databases', async () => {
    const lines = ['postgresql', 'oracle,postgresql', '!mysql', 'all', '!postgresql', 'none', 'oracle'].map(
      (dbms, index) => `--changeset a:${index} dbms:${dbms}\nselect 1;\n`,
    );
    assert.deepEqual(Object.keys(await scripts(head + lines.join(''))), ['0', '1', '2', '3']);
  });

  it('tells of changesets that the tool refuses', async () => {
    const files = inWorkspace({
      'sql/1.sql': `${head}--changeset a:1\nselect 1;\n--changeset a:1\nselect 2;\n--changeset a:2\n--rollback select 1;\n`,
    });
    const migrations = await liquibase.list(at('sql'), files);
    assert.deepEqual(
      migrations.map(({ version, problems }) => [version, problems?.length]),
      [
        ['1.sql::1::a', 1],
        ['1.sql::2::a', 1],
      ],
    );
  });
});

describe('Liquibase: changelogs', () => {
  const one = (id: string): string => `${head}--changeset a:${id}\nselect 1;\n`;

  it('orders files by what the changelog includes, and leaves code out', async () => {
    const changelogs: Record<string, string> = {
      'changelog.yaml': [
        'databaseChangeLog:',
        '  - include:',
        '      file: changes/2.sql',
        '  - changeSet:',
        '      id: c',
        '      author: b',
        '      changes: []',
        '  - include: { file: db/more.xml }',
        '  - includeAll:',
        '      path: changes/all',
        '      relativeToChangelogFile: true',
        '',
      ].join('\n'),
      'changelog.xml': `<databaseChangeLog><!-- <include file="changes/x.sql"/> --><include file='changes/2.sql'/>
        <changeSet author="b" id="c"><sql>select 1</sql></changeSet>
        <include file="db/more.xml"/><includeAll path="changes/all/" relativeToChangelogFile="true"/></databaseChangeLog>`,
      'changelog.json': JSON.stringify({
        databaseChangeLog: [
          { include: { file: 'changes/2.sql' } },
          { changeSet: { id: 'c', author: 'b' } },
          { include: { file: 'db/more.xml' } },
          { includeAll: { path: 'changes/all', relativeToChangelogFile: true } },
        ],
      }),
    };
    for (const [name, text] of Object.entries(changelogs)) {
      const files = inWorkspace({
        [name]: text,
        'db/more.xml':
          '<databaseChangeLog><include file="../changes/1.sql" relativeToChangelogFile="true"/></databaseChangeLog>',
        'changes/1.sql': `--liquibase formatted sql logicalFilePath:old/1.sql\n--changeset a:1\nselect 1;\n`,
        'changes/2.sql': one('2'),
        'changes/3.sql': one('3'),
        'changes/all/b.sql': one('b'),
        'changes/all/a.sql': 'create table raw ();',
      });
      const [first, ...rest] = await liquibase.list(at('changes'), files);
      assert.deepEqual(versions([first!, ...rest]), ['changes/2.sql::2::a', 'old/1.sql::1::a'], name);
      assert.deepEqual(first!.codeVersions, [`${name}::c::b`]);
      assert.match(first!.problems![0]!, /never runs 3\.sql: changelog\./);
      const all = await liquibase.list(at('changes/all'), files);
      assert.deepEqual(versions(all), ['changes/all/a.sql::raw::includeAll', 'changes/all/b.sql::b::a']);
    }
  });

  it('takes a folder named after changelogs whole, with paths from where the tool searches', async () => {
    const names = {
      'app/src/main/resources/db/changelog/db.changelog-master.yaml':
        'databaseChangeLog:\n- includeAll:\n    path: db/changelog/changes\n',
      'app/src/main/resources/db/changelog/changes/002.sql': one('2'),
      'app/src/main/resources/db/changelog/changes/001.sql': one('1'),
    };
    const files = inWorkspace(names);
    const changelog = at('app/src/main/resources/db/changelog');
    assert.equal(liquibase.folderOf(path.join(changelog, 'changes', '001.sql')), changelog);
    const found = await detectLayout(changelog, files);
    assert.deepEqual([found?.layout.id, found?.evidence.confidence], ['liquibase', 0.95]);
    const migrations = await liquibase.list(changelog, files);
    assert.deepEqual(versions(migrations), [
      'db/changelog/changes/001.sql::1::a',
      'db/changelog/changes/002.sql::2::a',
    ]);
    const settings = inWorkspace({
      'liquibase.properties': 'changelog-file: sql/all.yaml\nliquibase.searchPath = db\n',
      'db/sql/all.yaml': 'databaseChangeLog: [{ include: { file: b.sql, relativeToChangelogFile: true } }]',
      'db/sql/b.sql': one('b'),
    });
    assert.deepEqual(versions(await liquibase.list(at('db/sql'), settings)), ['sql/b.sql::b::a']);
    const alone = inWorkspace({ 'db/b.sql': one('b'), 'db/a.sql': one('a'), 'db/c.sql': 'select 1' });
    assert.deepEqual(versions(await liquibase.list(at('db'), alone)), ['a.sql::a::a', 'b.sql::b::a']);
  });

  it('detects its folders and no look-alikes', async () => {
    const detect = async (names: Record<string, string>): Promise<number | null> =>
      (await liquibase.detect(at('db'), inWorkspace(names)))?.confidence ?? null;
    assert.equal(await detect({ 'db/1.sql': one('1') }), 0.95);
    assert.equal(await detect({ 'db/1.sql': '\n\n -- LIQUIBASE formatted SQL\n' }), 0.95);
    assert.equal(await detect({ 'db/1.sql': one('1'), 'db/2.sql': 'select 1' }), 0.6);
    assert.equal(await detect({ 'db/1.sql': `select 1;\n${head}` }), null);
    assert.equal(await detect({ 'db/1.sql': '-- +goose Up\nselect 1;' }), null);
    assert.equal(await detect({}), null);
    const found = await detectLayout(
      at('db'),
      inWorkspace({ 'db/001_a.sql': one('1'), 'db/001_a_rollback.sql': one('2') }),
    );
    assert.equal(found?.layout.id, 'liquibase');
  });

  it('writes a file of one changeset in the style of the folder, and includes it where files are named', async () => {
    const request = {
      folder: at('db'),
      ...{ name: 'Add full name', up: 'select 1;', down: 'select 2\n\n  as two;', transactional: true },
      now: new Date('2026-03-04T05:06:07Z'),
    };
    const compose = async (files: Files, changes: Partial<typeof request> = {}) =>
      liquibase.compose({ ...request, ...changes }, await liquibase.list(at('db'), files));
    const files = inWorkspace({
      'db/V009_a.sql': one('9').replace('a:9', '"alice b":9'),
      'db/changelog.yaml': 'databaseChangeLog:\n  - include:\n      file: db/V009_a.sql\n',
    });
    const composed = await compose(files);
    assert.equal(
      composed[0]!.text,
      `${head}\n--changeset alice b:V010_add_full_name\nselect 1;\n\n--rollback select 2\n--rollback   as two;\n`,
    );
    assert.equal(path.basename(composed[0]!.path), 'V010_add_full_name.sql');
    const sealed = await liquibase.seal!(composed, files);
    for (const file of [...sealed.files, ...sealed.beside]) await files.write(file.path, file.text);
    const migrations = await liquibase.list(at('db'), files);
    assert.deepEqual(versions(migrations), ['db/V009_a.sql::9::alice b', composed[0]!.version]);
    assert.deepEqual((await liquibase.seal!(composed, files)).beside, []);

    const changelogs = {
      'changelog.xml': '<databaseChangeLog>\n  <include file="db/1.sql"/>\n</databaseChangeLog>\n',
      'changelog.json': '{"databaseChangeLog": [{"include": {"file": "db/1.sql"}}]}',
      'db.changelog.yml': 'databaseChangeLog:\n- includeAll:\n    path: db\n',
    };
    for (const [name, text] of Object.entries(changelogs)) {
      const others = inWorkspace({ 'db/1.sql': one('1'), [name]: text });
      const [next] = await compose(others, { transactional: false });
      assert.match(next!.text, /^--changeset a:2-add-full-name runInTransaction:false$/m);
      const { beside } = await liquibase.seal!([next!], others);
      assert.equal(beside.length, name.endsWith('yml') ? 0 : 1);
      for (const file of [next!, ...beside]) await others.write(file.path, file.text);
      assert.deepEqual(
        versions(await liquibase.list(at('db'), others)),
        ['db/1.sql::1::a', next!.version],
        name,
      );
    }
    const body = 'create function f() returns int language sql as $$ select 1; $$;';
    assert.match((await compose(files, { up: body }))[0]!.text, / splitStatements:false\ncreate/);
    assert.throws(() => liquibase.compose({ ...request, up: '-- rollback of it\nselect 1;' }, []), {
      code: 'invalid-input',
    });
  });
});

for (const major of testMajors) {
  describe(`Liquibase: history and execution, on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let database: TestDatabase;
    let session: Session;
    const files = inWorkspace({
      'sql/1.sql': [
        head,
        "--changeset alice:1\n--comment: makes Übung\ncreate table t1 (id int, note text default 'ä;b');\n--rollback drop table t1;",
        '--changeset bob:4 labels:"One, TWO ,three" contextFilter:"Test and Dev"\ncreate table t2 (id int);\n--rollback drop table t2;',
        `--changeset bob:5 context:!c labels:!x\n--comment ${'x'.repeat(300)}\nselect 1;`,
      ].join('\n'),
    });

    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      session = await testSession(database);
    });
    after(async () => {
      await session?.close();
      await database?.drop();
    });

    const listed = (): Promise<Migration[]> => liquibase.list(at('sql'), files);
    const run = async (migration: Migration, direction: Direction): Promise<void> => {
      const up = await liquibase.script(migration, 'up', files);
      const script = direction === 'up' ? up : await liquibase.script(migration, direction, files);
      const execution = liquibase.execution(migration, direction, {
        ...{ directory: 'sql', previousVersion: null, by: 'somebody', id: '' },
        ...{ sql: script!.sql, contentHash: script!.contentHash, recordedHash: liquibase.recordedHash(up!) },
      });
      await session.query(execution.lock!.take);
      for (const sql of execution.prepare) await session.query(sql);
      assert.deepEqual([execution.before, execution.sameTransaction], [[], true]);
      await session.transaction(async () => {
        await session.script(script!.sql);
        for (const { sql, parameters } of execution.record(12)) await session.query(sql, parameters);
      });
      await session.query(execution.lock!.release);
    };

    it('writes and removes the rows that the tool writes, in its tables', async () => {
      assert.equal((await liquibase.history('', session)).exists, false);
      const migrations = await listed();
      for (const migration of migrations) await run(migration, 'up');
      const { rows } = await session.query<Record<string, unknown>>(
        `select id, author, filename, orderexecuted, exectype, md5sum, description, comments, tag, liquibase, contexts,
           labels, deployment_id ~ '^[0-9]{10}$' as deployed,
           abs(extract(epoch from now() at time zone 'UTC' + make_interval(mins => $1::int) - dateexecuted)) < 600 as now
         from databasechangelog order by orderexecuted`,
        [-new Date().getTimezoneOffset()],
      );
      const same = {
        ...{ filename: '1.sql', exectype: 'EXECUTED', description: 'sql', tag: null, liquibase: '4.28.0' },
        ...{ deployed: true, now: true },
      };
      // As Liquibase 4.28.0 recorded them.
      assert.deepEqual(rows, [
        {
          ...{ id: '1', author: 'alice', orderexecuted: 1, md5sum: '9:dd6aa0ceb29101243f87e8fcec770563' },
          ...{ comments: 'makes Übung', contexts: null, labels: null },
          ...same,
        },
        {
          ...{ id: '4', author: 'bob', orderexecuted: 2, md5sum: '9:b5c597afa1885f8053903fe1f09d6d9d' },
          ...{ comments: '', contexts: '(Test and Dev)', labels: 'one,two,three' },
          ...same,
        },
        {
          ...{ id: '5', author: 'bob', orderexecuted: 3, md5sum: '9:a7ca957848b7a2d82c733ec390529b49' },
          ...{ comments: `${'x'.repeat(247)}...`, contexts: '!c', labels: '!x' },
          ...same,
        },
      ]);
      const { rows: locks } = await session.query('select * from databasechangeloglock');
      assert.deepEqual(locks, [{ id: 1, locked: false, lockgranted: null, lockedby: null }]);
      await session.query("update databasechangelog set filename = 'classpath:/' || filename where id = '4'");
      assert.deepEqual(
        (await liquibase.history('', session)).applied.map(({ version, name }) => [version, name]),
        migrations.map(({ version, name }) => [version, name]),
      );
      await run(migrations[1]!, 'down');
      const history = await liquibase.history('', session);
      const up = new Map<string, MigrationScript | null>();
      for (const migration of migrations)
        up.set(migration.version, await liquibase.script(migration, 'up', files));
      const statuses = migrationStatuses({ migrations, history, layout: liquibase, up, down: new Map() });
      assert.deepEqual(
        statuses.map(({ version, state, flags }) => [version, state, flags.join()]),
        [
          ['1.sql::1::alice', 'applied', ''],
          ['1.sql::4::bob', 'pending', 'out-of-order'],
          ['1.sql::5::bob', 'applied', ''],
        ],
      );
    });

    it('makes the columns that the tool makes', async () => {
      const { rows } = await session.query<{ text: string }>(
        `select c.relname || ': ' || string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
           || case when a.attnotnull then '!' else '' end, ', ' order by a.attnum) as text
         from pg_attribute a join pg_class c on c.oid = a.attrelid
         where c.relname in ('databasechangelog', 'databasechangeloglock') and a.attnum > 0 group by c.relname order by c.relname`,
      );
      const [text, long] = ['character varying(255)', 'timestamp without time zone'];
      assert.deepEqual(
        rows.map((row) => row.text),
        [
          `databasechangelog: id ${text}!, author ${text}!, filename ${text}!, dateexecuted ${long}!, orderexecuted integer!, exectype character varying(10)!, md5sum character varying(35), description ${text}, comments ${text}, tag ${text}, liquibase character varying(20), contexts ${text}, labels ${text}, deployment_id character varying(10)`,
          `databasechangeloglock: id integer!, locked boolean!, lockgranted ${long}, lockedby ${text}`,
        ],
      );
    });

    it('keeps out while the tool has its lock, and takes one of a session of its own that is gone', async () => {
      const [first] = await listed();
      const { lock } = executionOf(liquibase, first!, 'up');
      const hold = (by: string): Promise<unknown> =>
        session.query('update databasechangeloglock set locked = true, lockgranted = now(), lockedby = $1', [
          by,
        ]);
      if (major === testMajors[0]) {
        await hold('build-7 (10.0.0.7)');
        await assert.rejects(session.query(lock!.take), { code: 'lock-timeout' });
      }
      const other = await openSession(database.connection, database.password);
      const { rows } = await other.query<{ pid: number }>('select pg_backend_pid() as pid');
      await hold(`Switchback (pid ${rows[0]!.pid})`);
      if (major !== testMajors[0]) await assert.rejects(session.query(lock!.take), { code: 'lock-timeout' });
      await other.close();
      await session.query(lock!.take);
      const { rows: held } = await session.query<{ held: boolean }>(
        `select locked and lockedby = 'Switchback (pid ' || pg_backend_pid() || ')' as held from databasechangeloglock`,
      );
      assert.deepEqual(held, [{ held: true }]);
      await session.query(lock!.release);
    });

    it("refuses another tool's table", async () => {
      await session.script('drop table databasechangelog; create table databasechangelog (version int)');
      await assert.rejects(liquibase.history('', session), { code: 'invalid-input' });
    });
  });
}

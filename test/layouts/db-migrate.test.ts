import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import type { Session } from '../../src/database/session';
import { dbMigrate } from '../../src/layouts/db-migrate';
import { detectLayout } from '../../src/layouts/detect-layouts';
import type { Direction, Migration } from '../../src/layouts/layout';
import { nodeFiles } from '../../src/ports/node-files';
import { memoryFiles } from '../support/memory-files';
import { testMajors, testServer, testSession, type TestDatabase } from '../support/servers';
import { executionOf } from './crate';

const folder = path.resolve('/w/migrations');
const at = (name: string): string => path.join(folder, name);
const filesOf = (...names: string[]): ReturnType<typeof memoryFiles> =>
  memoryFiles(Object.fromEntries(names.map((name) => [at(name), name.endsWith('.sql') ? 'select 1;' : ''])));
const listed = (...names: string[]): Promise<Migration[]> => dbMigrate.list(folder, filesOf(...names));
const three = (stem: string): string[] => [`${stem}.js`, `sqls/${stem}-up.sql`, `sqls/${stem}-down.sql`];

describe('db-migrate: files', () => {
  it('orders by time, then as file names are ordered, and pairs up with down', async () => {
    const migrations = await listed(
      ...three('20240101000002-b'),
      ...three('20240101000001-a'),
      ...three('20240101000001-a-b'),
      '20240101000003-one-way.js',
      'sqls/20240101000003-one-way-up.sql',
    );
    assert.deepEqual(
      migrations.map(({ version, name, downPath }) => [version, name, downPath && path.basename(downPath)]),
      [
        ['/20240101000001-a-b', 'a-b', '20240101000001-a-b-down.sql'],
        ['/20240101000001-a', 'a', '20240101000001-a-down.sql'],
        ['/20240101000002-b', 'b', '20240101000002-b-down.sql'],
        ['/20240101000003-one-way', 'one-way', null],
      ],
    );
    assert.ok(migrations.every(({ problems, codeVersions }) => !problems && !codeVersions));
    assert.equal(migrations[0]!.upPath, at('sqls/20240101000001-a-b-up.sql'));
  });

  it('leaves programs out that have no SQL, knows their rows and tells of SQL that no program reads', async () => {
    const migrations = await listed(
      ...three('20240101000001-a'),
      '20240101000002-code.js',
      '20240101-short.js',
      '20240101000004-x.d.ts',
      'sqls/20240101000005-alone-up.sql',
      'sqls/20240101000005-alone-down.sql',
      'sqls/notes-up.sql',
    );
    assert.deepEqual(
      migrations.map(({ version, codeVersions }) => [version, codeVersions]),
      [['/20240101000001-a', ['/20240101000002-code']]],
    );
    assert.equal(migrations[0]!.problems?.length, 1);
    assert.match(migrations[0]!.problems[0]!, /sqls\/20240101000005-alone-up\.sql/);
    assert.deepEqual(await listed(), []);
    assert.deepEqual(await listed('20240101000002-code.js'), []);
  });

  it('compares any two texts', () => {
    const version = fc.oneof(fc.string(), fc.stringMatching(/^\/\d{14}-[a-z-]{1,4}$/));
    fc.assert(
      fc.property(version, version, (a, b) => {
        const [there, back] = [dbMigrate.compare(a, b), dbMigrate.compare(b, a)];
        assert.equal(Math.sign(there), -Math.sign(back) + 0);
      }),
    );
  });

  it('lists 5,000 without a look into them', async () => {
    const names = Array.from({ length: 5000 }, (_, index) => three(`${20240101000000 + index}-m`)).flat();
    const files = filesOf(...names);
    files.read = files.readIfExists = () => assert.fail('a text was read');
    assert.equal((await dbMigrate.list(folder, files)).at(-1)!.version, '/20240101004999-m');
  });

  it('reads each direction from its file, as text after a byte order mark', async () => {
    const [js, up, down] = three('20240101000001-a').map(at) as [string, string, string];
    const files = memoryFiles({ [js]: '', [up]: '\uFEFFselect 1;\r\nselect 2;\r\n', [down]: '' });
    const [migration] = await dbMigrate.list(folder, files);
    const script = await dbMigrate.script(migration!, 'up', files);
    assert.deepEqual(
      [script!.sql, script!.offset, script!.transaction],
      ['select 1;\r\nselect 2;\r\n', 0, 'wrapped'],
    );
    assert.equal((await dbMigrate.script(migration!, 'down', files))!.sql, '');
    await files.remove(down);
    assert.equal(await dbMigrate.script(migration!, 'down', files), null);
  });

  it('detects its folders and no look-alikes', async () => {
    const stem = '20240101000001-a';
    assert.equal(dbMigrate.folderOf(at(`sqls/${stem}-up.sql`)), folder);
    assert.equal(dbMigrate.folderOf(at(`sqls/${stem}-down.sql`)), folder);
    for (const name of [`${stem}-up.sql`, `sqls/${stem}.sql`, 'sqls/a-up.sql', `sql/${stem}-up.sql`])
      assert.equal(dbMigrate.folderOf(at(name)), null, name);
    const detect = async (...names: string[]): Promise<number | null> =>
      (await dbMigrate.detect(folder, filesOf(...names)))?.confidence ?? null;
    assert.equal(await detect(...three(stem)), 0.9);
    assert.equal(await detect(...three(stem), '../database.json'), 0.95);
    // Sequelize and Knex have programs of such names too.
    assert.equal(await detect(`${stem}.js`), null);
    assert.equal(await detect(`sqls/${stem}-up.sql`), null);
    const files = filesOf(...three(stem));
    await files.write('/w/package.json', '{"devDependencies": {"db-migrate-pg": "^1.0.0"}}');
    assert.deepEqual(await dbMigrate.detect(folder, files), {
      confidence: 0.95,
      evidence: [`1 file named like sqls/${stem}-up.sql`, 'package.json names db-migrate'],
    });
    assert.equal((await detectLayout(folder, files))?.layout.id, 'db-migrate');
  });

  it('names a new migration after the last one, programs counted', async () => {
    const now = new Date('2026-01-02T03:04:05Z');
    const request = { folder, name: 'Add v1.2 name', up: 'u;', down: 'd;', transactional: true, now };
    const names = async (...existing: string[]): Promise<string[]> =>
      dbMigrate.compose(request, await listed(...existing)).map((file) => path.relative(folder, file.path));
    const files = (stem: string): string[] => [
      path.join('sqls', `${stem}-up.sql`),
      path.join('sqls', `${stem}-down.sql`),
      `${stem}.js`,
    ];
    assert.deepEqual(await names(), files('20260102030405-add-v1-2-name'));
    assert.deepEqual(
      await names(...three('20270101000000-a'), '20270101000059-code.js'),
      files('20270101000100-add-v1-2-name'),
    );
    const composed = dbMigrate.compose(request, []);
    const [migration] = await dbMigrate.list(
      folder,
      memoryFiles(Object.fromEntries(composed.map((file) => [file.path, file.text]))),
    );
    assert.deepEqual(
      [migration!.version, migration!.upPath, migration!.downPath],
      [composed[0]!.version, composed[0]!.path, composed[1]!.path],
    );
  });
});

const program = path.resolve('node_modules', 'db-migrate', 'bin', 'db-migrate');

for (const major of testMajors) {
  describe(`db-migrate: the tool and Switchback in turns, on PostgreSQL ${major}`, function () {
    this.timeout(120_000);
    let database: TestDatabase;
    let session: Session;
    let scratch: string;
    const migrations = (): string => path.join(scratch, 'migrations');

    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      session = await testSession(database);
      scratch = await mkdtemp(path.join(os.tmpdir(), 'db-migrate-'));
    });
    after(async () => {
      await session?.close();
      await database?.drop();
      if (scratch) await rm(scratch, { recursive: true });
    });

    const tool = async (...args: string[]): Promise<string> => {
      const { host, port, user, database: name } = database.connection;
      const url = `postgres://${user}:${encodeURIComponent(database.password)}@${host}:${port}/${name}`;
      const env = { ...process.env, DATABASE_URL: url, NODE_OPTIONS: '' };
      const all = [program, ...args, '-m', migrations()];
      return (await promisify(execFile)(process.execPath, all, { cwd: scratch, env, timeout: 60_000 }))
        .stdout;
    };
    /** What the tool would do next, in its own words. */
    const pending = async (): Promise<string[]> =>
      [.../Migrations to run: \[([^\]]*)\]/.exec(await tool('check'))![1]!.matchAll(/'([^']+)'/g)].map(
        (match) => match[1]!,
      );
    const applied = async (): Promise<string[]> =>
      (await dbMigrate.history('migrations', session)).applied.map((row) => row.version);
    const run = async (migration: Migration, direction: Direction): Promise<void> => {
      const script = await dbMigrate.script(migration, direction, nodeFiles());
      const execution = executionOf(dbMigrate, migration, direction);
      assert.equal(execution.lock, null);
      for (const sql of execution.prepare) await session.query(sql);
      assert.deepEqual([execution.before, execution.sameTransaction], [[], true]);
      await session.transaction(async () => {
        await session.script(script!.sql);
        for (const { sql, parameters } of execution.record(12)) await session.query(sql, parameters);
      });
    };
    /** The table with its rows: a time counts by whether it is now, on this machine's clock. */
    const shape = async (): Promise<unknown[]> => {
      const { rows } = await session.query(
        `select a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull,
           pg_get_expr(d.adbin, d.adrelid) as value,
           (select array_agg(pg_get_constraintdef(oid) order by conname) from pg_constraint
            where conrelid = a.attrelid and contype <> 'n') as constraints,
           pg_get_serial_sequence('public.migrations', a.attname) as sequence
         from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
         where a.attrelid = 'public.migrations'::regclass and a.attnum > 0 order by a.attnum`,
      );
      const minutes = -new Date().getTimezoneOffset();
      const { rows: content } = await session.query(
        `select id, name, abs(extract(epoch from
           now() at time zone 'UTC' + make_interval(mins => $1::int) - run_on)) < 600 as now,
           run_on = run_on::timestamp(3) as exact
         from migrations order by id`,
        [minutes],
      );
      return [...rows, ...content];
    };

    it('keeps one history', async () => {
      const made: Migration[] = [];
      for (const number of [1, 2, 3, 4]) {
        const request = {
          ...{ folder: migrations(), name: `make t${number}`, transactional: true },
          ...{ up: `create table t${number} ();\nselect 1;\n`, down: `drop table t${number};` },
          now: new Date(`2026-01-0${number}T00:00:00Z`),
        };
        for (const file of dbMigrate.compose(request, made)) await nodeFiles().write(file.path, file.text);
        made.splice(0, made.length, ...(await dbMigrate.list(migrations(), nodeFiles())));
      }
      const stems = made.map(({ version }) => version.slice(1));
      assert.equal(stems[0], '20260101000000-make-t1');
      assert.equal((await dbMigrate.history('', session)).exists, false);

      await tool('up', '-c', '1');
      const first = await shape();
      const { applied: rows, cumulative, table } = await dbMigrate.history('', session);
      assert.deepEqual([cumulative, table], [false, 'public.migrations']);
      assert.deepEqual(
        rows.map(({ version, name, appliedAt }) => [
          version,
          name,
          Math.abs(Date.parse(appliedAt!) - Date.now()) < 600_000,
        ]),
        [['/20260101000000-make-t1', 'make-t1', true]],
      );
      await session.script('drop table t1, migrations');
      await run(made[0]!, 'up');
      assert.deepEqual(await shape(), first, 'the table and the row that the tool makes');

      await run(made[1]!, 'up');
      assert.deepEqual(await pending(), stems.slice(2));
      await tool('up', '-c', '1');
      await run(made[3]!, 'up');
      assert.deepEqual(await pending(), []);
      assert.deepEqual(
        await applied(),
        made.map(({ version }) => version),
      );

      await tool('down');
      await run(made[2]!, 'down');
      assert.deepEqual(await pending(), stems.slice(2));
      await tool('down');
      assert.deepEqual(await applied(), [made[0]!.version]);
      const { rows: tables } = await session.query<{ name: string }>(
        `select relname as name from pg_class where relname ~ '^t[0-9]$'`,
      );
      assert.deepEqual(tables, [{ name: 't1' }]);
    });

    it("passes over rows of scopes and takes back rows without a slash, and refuses another tool's table", async () => {
      const [first] = await dbMigrate.list(migrations(), nodeFiles());
      await session.script(
        `update migrations set name = substr(name, 2);
         insert into migrations (name, run_on) values ('billing/20260101000000-x', now())`,
      );
      assert.deepEqual(await applied(), [first!.version]);
      await run(first!, 'down');
      assert.deepEqual(await applied(), []);
      await session.script(
        'drop table migrations; create table migrations (id serial, timestamp bigint, name varchar)',
      );
      await assert.rejects(dbMigrate.history('', session), { code: 'invalid-input' });
      await session.script('drop table migrations');
    });

    if (major === testMajors[0]) {
      it('finds what the tool itself creates, and the tool tells of a migration without a way back', async () => {
        await rm(migrations(), { recursive: true });
        await tool('create', 'by the tool', '--sql-file');
        const [created] = await dbMigrate.list(migrations(), nodeFiles());
        assert.match(created!.version, /^\/\d{14}-by-the-tool$/);
        assert.notEqual(created!.downPath, null);
        const request = { folder: migrations(), name: 'One way', up: 'select 1;', down: null };
        for (const file of dbMigrate.compose({ ...request, transactional: true, now: new Date() }, [
          created!,
        ]))
          await nodeFiles().write(file.path, file.text);
        assert.equal((await readdir(path.join(migrations(), 'sqls'))).length, 3);
        await tool('up');
        await assert.rejects(tool('down'), /has no way back/);
        assert.equal((await applied()).length, 2);
      });
    }
  });
}

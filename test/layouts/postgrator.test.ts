import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import pg from 'pg';
import type { Session } from '../../src/database/session';
import { detectLayout } from '../../src/layouts/detect-layouts';
import type { Direction, LayoutExecution, Migration, MigrationScript } from '../../src/layouts/layout';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { postgrator } from '../../src/layouts/postgrator';
import { nodeFiles } from '../../src/ports/node-files';
import { memoryFiles } from '../support/memory-files';
import { testMajors, testServer, testSession, type TestDatabase } from '../support/servers';

const folder = path.resolve('/w/migrations');
const at = (name: string): string => path.join(folder, name);

async function listed(...names: string[]): Promise<Migration[]> {
  return postgrator.list(
    folder,
    memoryFiles(Object.fromEntries(names.map((name) => [at(name), 'select 1']))),
  );
}

describe('postgrator: files', () => {
  it('orders by number and pairs do with undo', async () => {
    const migrations = await listed(
      '010.do.ten.sql',
      '9.do.sql',
      '9.undo.back.sql',
      '20240101123456789.do.long.sql',
      '20240101.do.date.more.words.sql',
      '010.undo.ten.sql',
    );
    assert.deepEqual(
      migrations.map(({ version, name, downPath }) => [version, name, downPath && path.basename(downPath)]),
      [
        ['9', '', '9.undo.back.sql'],
        ['10', 'ten', '010.undo.ten.sql'],
        ['20240101', 'date', null],
        // As JavaScript's number, which the tool records.
        ['20240101123456788', 'long', null],
      ],
    );
    assert.ok(migrations.every((migration) => migration.problems === undefined));
  });

  it('takes no other names', async () => {
    const names = [
      '001.DO.x.sql',
      '001.do.x.SQL',
      'x.do.sql',
      '1_x.do.sql',
      '001.redo.x.sql',
      '001.do.js',
      '001.sql',
    ];
    assert.deepEqual(await listed(...names), []);
    for (const name of names) assert.equal(postgrator.folderOf(at(name)), null, name);
    assert.equal(postgrator.folderOf(at('001.undo.x.sql')), folder);
    assert.deepEqual(await listed('99999999999999999999.do.x.sql'), []);
  });

  it('lists what the tool lists', async () => {
    const { default: Postgrator } = await import('postgrator');
    const scratch = await mkdtemp(path.join(os.tmpdir(), 'postgrator-names-'));
    try {
      const names = [
        '1.do.sql',
        '02.do.a-b.sql',
        '3.do.a.b.sql',
        '2.undo.sql',
        '20240101123456789.do.x.sql',
        'x.sql',
      ];
      for (const name of names) await writeFile(path.join(scratch, name), `select '${name}'`);
      const tool = new Postgrator({ driver: 'pg', migrationPattern: `${scratch}/*` });
      await tool.getMigrations();
      const tools = tool.getRunnableMigrations(0, Infinity);
      const ours = await postgrator.list(scratch, nodeFiles());
      const scripts = await Promise.all(
        ours.map((migration) => postgrator.script(migration, 'up', nodeFiles())),
      );
      assert.deepEqual(
        ours.map((migration, index) => [
          ...[migration.version, migration.name, migration.upPath],
          postgrator.recordedHash(scripts[index]!),
        ]),
        tools.map((migration) => [
          String(migration.version),
          migration.name,
          migration.filename,
          migration.md5,
        ]),
      );
    } finally {
      await rm(scratch, { recursive: true });
    }
  });

  it('tells of versions twice, undos alone and the version that is never run', async () => {
    const migrations = await listed(
      '0.do.zero.sql',
      '1.do.a.sql',
      '01.do.b.sql',
      '1.undo.sql',
      '001.undo.sql',
      '2.undo.x.sql',
    );
    assert.deepEqual(
      migrations.map(({ version, problems }) => [version, problems?.length]),
      [
        ['1', 3],
        ['2', 1],
      ],
    );
    assert.match(
      migrations[0]!.problems!.join('\n'),
      /same version[^]*same version[^]*never runs 0\.do\.zero\.sql/,
    );
    assert.equal(path.basename(migrations[1]!.upPath), '2.do.x.sql');
    assert.deepEqual(await listed('0.do.zero.sql'), []);
  });

  it('leaves migrations in JavaScript out and numbers new ones after them', async () => {
    const names = [
      '001.do.a.sql',
      '2.do.b.mjs',
      '2.undo.b.sql',
      '003.do.c.sql',
      '003.do.c.cjs',
      '005.do.js',
      '4.undo.js',
    ];
    const migrations = await listed(...names);
    assert.deepEqual(
      migrations.map(({ version, problems, codeVersions }) => [version, problems?.length, codeVersions]),
      [
        ['1', undefined, ['2', '4', '5']],
        ['3', 1, undefined],
      ],
    );
    const request = { folder, name: 'next', up: '', down: null, transactional: true, now: new Date() };
    assert.equal(path.basename(postgrator.compose(request, migrations)[0]!.path), '006.do.next.sql');
    assert.equal(await postgrator.detect(folder, memoryFiles({ [at('001.do.x.js')]: '' })), null);
    const row = {
      name: null,
      appliedAt: null,
      appliedBy: null,
      milliseconds: null,
      contentHash: null,
      dirty: false,
    };
    const applied = ['7', '5', '4', '3', '2', '1'].map((version) => ({ ...row, version }));
    const none = new Map<string, null>();
    const history = { exists: true, table: '', applied, cumulative: true };
    assert.deepEqual(
      migrationStatuses({ migrations, history, layout: postgrator, up: none, down: none }).map(
        ({ version, state }) => [version, state],
      ),
      [
        ['1', 'applied'],
        ['3', 'applied'],
        ['7', 'missing'],
      ],
    );
  });

  it('compares any two texts', () => {
    const version = fc.oneof(fc.string(), fc.bigInt({ min: 0n, max: 2n ** 63n }).map(String));
    fc.assert(
      fc.property(version, version, (a, b) => {
        const [there, back] = [postgrator.compare(a, b), postgrator.compare(b, a)];
        assert.equal(Math.sign(there), -Math.sign(back) + 0);
      }),
    );
    assert.ok(postgrator.compare('9', '10') < 0);
  });

  it('reads each direction from its file', async () => {
    const files = memoryFiles({ [at('1.do.sql')]: '\uFEFFselect 1;\r\n', [at('1.undo.sql')]: '' });
    const [migration] = await postgrator.list(folder, files);
    const up = await postgrator.script(migration!, 'up', files);
    assert.deepEqual([up!.sql, up!.offset, up!.transaction], ['select 1;\r\n', 0, 'implicit']);
    assert.equal((await postgrator.script(migration!, 'down', files))!.sql, '');
    await files.remove(at('1.undo.sql'));
    assert.equal(await postgrator.script(migration!, 'down', files), null);
  });

  it('knows a file by any of the checksums the tool may have recorded', async () => {
    const files = memoryFiles({ [at('1.do.sql')]: 'select 1;\r\nselect 2;\n' });
    const [migration] = await postgrator.list(folder, files);
    const up = (await postgrator.script(migration!, 'up', files))!;
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    assert.equal(postgrator.recordedHash(up), md5(up.sql));
    for (const text of [
      up.sql,
      'select 1;\nselect 2;\n',
      'select 1;\r\nselect 2;\r\n',
      'select 1;\rselect 2;\r',
      `\uFEFF${up.sql}`,
    ])
      assert.equal(postgrator.acceptsHash!(up, md5(text)), true, JSON.stringify(text));
    assert.equal(postgrator.acceptsHash!(up, md5('select 1;')), false);
  });

  it('detects its folders and no look-alikes', async () => {
    const detect = async (...names: string[]): Promise<number | null> =>
      (await postgrator.detect(folder, memoryFiles(Object.fromEntries(names.map((name) => [at(name), ''])))))
        ?.confidence ?? null;
    assert.equal(await detect('001.do.x.sql', '001.undo.x.sql'), 0.9);
    assert.equal(await detect('001.do.x.sql'), 0.8);
    for (const name of ['001_x.up.sql', 'V1__x.sql', '001_x.sql', '001.sql', '001.up.x.sql', '001.do.js'])
      assert.equal(await detect(name), null, name);
    const files = memoryFiles({
      [at('001.do.x.sql')]: '',
      '/w/package.json': '{"dependencies": {"postgrator-cli": "*"}}',
    });
    assert.deepEqual(await postgrator.detect(folder, files), {
      confidence: 0.95,
      evidence: ['1 file named like 001.do.x.sql', '0 of them go down', 'package.json names postgrator'],
    });
    assert.equal((await detectLayout(folder, files))?.layout.id, 'postgrator');
  });

  it('names and numbers a new migration in the style of the folder', async () => {
    const now = new Date('2026-01-02T03:04:05Z');
    const request = {
      folder,
      name: 'Add v1.2 name',
      up: 'select 1;',
      down: 'select 2;',
      transactional: true,
      now,
    };
    const names = async (...existing: string[]): Promise<string[]> =>
      postgrator.compose(request, await listed(...existing)).map((file) => path.basename(file.path));
    assert.deepEqual(await names(), ['001.do.add-v1-2-name.sql', '001.undo.add-v1-2-name.sql']);
    assert.deepEqual((await names('0009.do.x.sql'))[0], '0010.do.add-v1-2-name.sql');
    assert.deepEqual((await names('20250101000000.do.x.sql'))[0], '20260102030405.do.add-v1-2-name.sql');
    const composed = postgrator.compose(request, []);
    const [migration] = await postgrator.list(
      folder,
      memoryFiles(Object.fromEntries(composed.map((file) => [file.path, file.text]))),
    );
    assert.deepEqual(
      [migration!.upPath, migration!.downPath],
      composed.map((file) => file.path),
    );
    assert.equal(postgrator.compose({ ...request, down: null }, []).length, 1);
  });
});

for (const major of testMajors) {
  describe(`postgrator: the tool and Switchback in turns, on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let database: TestDatabase;
    let session: Session;
    let client: pg.Client;
    let scratch: string;

    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      session = await testSession(database);
      const { host, port, user, database: name } = database.connection;
      client = new pg.Client({ host, port, user, database: name, password: database.password });
      await client.connect();
      scratch = await mkdtemp(path.join(os.tmpdir(), 'postgrator-'));
      for (const number of [1, 2, 3, 4]) {
        await writeFile(
          path.join(scratch, `00${number}.do.make-t.sql`),
          `create table t${number} ();\nselect 1;\n`,
        );
        await writeFile(path.join(scratch, `00${number}.undo.make-t.sql`), `drop table t${number};`);
      }
    });
    after(async () => {
      await client?.end();
      await session?.close();
      await database?.drop();
      if (scratch) await rm(scratch, { recursive: true });
    });
    beforeEach(() => session.script('drop schema public cascade; create schema public'));

    const tool = async (): Promise<import('postgrator').default> => {
      const { default: Postgrator } = await import('postgrator');
      return new Postgrator({
        driver: 'pg',
        migrationPattern: `${scratch}/*`,
        database: database.connection.database,
        execQuery: (query) => client.query(query),
      });
    };
    /** Moves to a version with the tool; gives what it ran. */
    const migrate = async (target?: string): Promise<string[]> =>
      (await (await tool()).migrate(target)).map((migration) => `${migration.version} ${migration.action}`);
    const applied = async (): Promise<string[]> =>
      (await postgrator.history('migrations', session)).applied.map((row) => row.version);
    const executionOf = (migration: Migration, direction: Direction, up: MigrationScript): LayoutExecution =>
      postgrator.execution(migration, direction, {
        ...{ directory: 'migrations', previousVersion: null, by: 'somebody', id: '' },
        ...{ contentHash: up.contentHash, sql: up.sql, recordedHash: postgrator.recordedHash(up) },
      });
    const run = async (migration: Migration, direction: Direction): Promise<void> => {
      const up = await postgrator.script(migration, 'up', nodeFiles());
      const script = await postgrator.script(migration, direction, nodeFiles());
      const execution = executionOf(migration, direction, up!);
      assert.equal(execution.lock, null);
      for (const sql of execution.prepare) await session.query(sql);
      assert.deepEqual([execution.before, execution.sameTransaction], [[], true]);
      await session.transaction(async () => {
        await session.script(script!.sql);
        for (const { sql, parameters } of execution.record(12)) await session.query(sql, parameters);
      });
    };

    it('keeps one history', async () => {
      const migrations = await postgrator.list(scratch, nodeFiles());
      assert.deepEqual(await postgrator.history('', session), {
        exists: false,
        table: 'public.schemaversion',
        applied: [],
        cumulative: true,
      });
      await migrate('2');
      const history = await postgrator.history('', session);
      assert.equal(history.exists, true);
      assert.deepEqual(
        history.applied.map((row) => [row.version, row.name, row.dirty]),
        [
          ['2', 'make-t', false],
          ['1', 'make-t', false],
        ],
      );
      for (const row of history.applied)
        assert.ok(Math.abs(Date.parse(row.appliedAt!) - Date.now()) < 600_000);

      await run(migrations[2]!, 'up');
      assert.equal(await (await tool()).getDatabaseVersion(), 3);
      await (await tool()).validateMigrations(3);
      assert.deepEqual(await migrate(), ['4 do']);
      assert.deepEqual(await applied(), ['4', '3', '2', '1']);

      await run(migrations[3]!, 'down');
      assert.equal(await (await tool()).getDatabaseVersion(), 3);
      assert.deepEqual(await migrate(), ['4 do']);
      assert.deepEqual(await migrate('1'), ['4 undo', '3 undo', '2 undo']);
      assert.deepEqual(await applied(), ['1']);
      await run(migrations[0]!, 'down');
      assert.equal(await (await tool()).getDatabaseVersion(), 0);
      assert.deepEqual(await applied(), []);
      assert.deepEqual(await migrate('2'), ['1 do', '2 do']);
    });

    for (const zone of ['UTC', 'America/New_York']) {
      it(`makes the table the tool makes, with the rows the tool writes, in ${zone}`, async () => {
        for (const talk of [client, { query: (sql: string) => session.query(sql) }])
          await talk.query(`set timezone = '${zone}'`);
        const shape = async (): Promise<unknown[]> => {
          const { rows } = await session.query(
            `select a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull,
               pg_get_expr(d.adbin, d.adrelid) as value,
               (select array_agg(pg_get_constraintdef(oid)) from pg_constraint
                where conrelid = a.attrelid and contype <> 'n') as constraints
             from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
             where a.attrelid = 'schemaversion'::regclass and a.attnum > 0 order by a.attnum`,
          );
          const { rows: content } = await session.query(
            `select version, name, md5,
               abs(extract(epoch from run_at - (now() at time zone 'UTC')::timestamptz)) < 600 as soon
             from schemaversion order by version`,
          );
          return [...rows, ...content];
        };
        const [first] = await postgrator.list(scratch, nodeFiles());
        await migrate('1');
        const tools = await shape();
        const [read] = (await postgrator.history('', session)).applied;
        assert.ok(Math.abs(Date.parse(read!.appliedAt!) - Date.now()) < 600_000);
        await session.script('drop table t1, schemaversion');
        await run(first!, 'up');
        assert.deepEqual(await shape(), tools);
        assert.equal(tools.length, 4 + 2);
        for (const talk of [client, { query: (sql: string) => session.query(sql) }])
          await talk.query('reset timezone');
      });
    }

    it('takes what is below the highest version for applied, as the tool does', async () => {
      const migrations = await postgrator.list(scratch, nodeFiles());
      await migrate('1');
      await session.script("insert into schemaversion (version, name, md5) values (3, 'make-t', null)");
      const none = new Map<string, null>();
      const statuses = migrationStatuses({
        migrations,
        history: await postgrator.history('', session),
        layout: postgrator,
        up: none,
        down: none,
      });
      assert.deepEqual(
        statuses.map(({ version, state }) => [version, state]),
        [
          ['1', 'applied'],
          ['2', 'applied'],
          ['3', 'applied'],
          ['4', 'pending'],
        ],
      );
      assert.deepEqual(await migrate(), ['4 do']);
    });

    it('notices a file that was edited, as the tool does', async () => {
      const migrations = await postgrator.list(scratch, nodeFiles());
      await run(migrations[0]!, 'up');
      const file = migrations[0]!.upPath;
      const before = await nodeFiles().read(file);
      const flags = async (): Promise<string[]> => {
        const up = await postgrator.script(migrations[0]!, 'up', nodeFiles());
        const down = await postgrator.script(migrations[0]!, 'down', nodeFiles());
        const [status] = migrationStatuses({
          migrations: migrations.slice(0, 1),
          history: await postgrator.history('', session),
          layout: postgrator,
          up: new Map([['1', up]]),
          down: new Map([['1', down]]),
        });
        return status!.flags;
      };
      assert.deepEqual(await flags(), []);
      await writeFile(file, `${before}-- more`);
      try {
        assert.deepEqual(await flags(), ['edited']);
        await assert.rejects(migrate(), /MD5 checksum failed/);
      } finally {
        await writeFile(file, before);
      }
      assert.deepEqual(await migrate('2'), ['2 do']);
    });

    it('reads rows of migrations in JavaScript, which have no checksum', async () => {
      const file = path.join(scratch, '005.do.code.mjs');
      await writeFile(file, 'export const generateSql = () => "select 1"');
      try {
        await migrate();
      } finally {
        await rm(file);
      }
      const { applied: rows } = await postgrator.history('', session);
      assert.deepEqual([rows[0]!.version, rows[0]!.contentHash], ['5', null]);
    });

    it('refuses a table of the same name that is not its own', async () => {
      await session.script('create table schemaversion (id int)');
      await assert.rejects(postgrator.history('', session), { code: 'invalid-input' });
    });
  });
}

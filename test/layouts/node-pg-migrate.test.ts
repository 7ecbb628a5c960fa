import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import type { MigrationBuilder } from 'node-pg-migrate/migrationBuilder';
import type { Session } from '../../src/database/session';
import { assertMayRun } from '../../src/implement/may-run';
import { detectLayout } from '../../src/layouts/detect-layouts';
import type { Direction, Migration } from '../../src/layouts/layout';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { nodePgMigrate } from '../../src/layouts/node-pg-migrate';
import { nodeFiles } from '../../src/ports/node-files';
import { memoryFiles } from '../support/memory-files';
import { testMajors, testServer, testSession, type TestDatabase } from '../support/servers';

const folder = path.resolve('/w/migrations');
const at = (name: string): string => path.join(folder, name);
const both = '-- Up Migration\nselect 1;\n\n-- Down Migration\nselect 2;\n';

async function listed(...names: string[]): Promise<Migration[]> {
  return nodePgMigrate.list(folder, memoryFiles(Object.fromEntries(names.map((name) => [at(name), both]))));
}

describe('node-pg-migrate: files', () => {
  it('orders by number, 17 digits as a time, then by words', async () => {
    const migrations = await listed(
      '10_later.sql',
      '2_b.sql',
      '2_a.sql',
      '20240101000000000_utc.sql',
      '1704067199999_just-before.sql',
      '1704067200001_just-after.SQL',
      '0003_x.sql',
    );
    assert.deepEqual(
      migrations.map((migration) => [migration.version, migration.name]),
      [
        ['2_a', 'a'],
        ['2_b', 'b'],
        ['0003_x', 'x'],
        ['10_later', 'later'],
        ['1704067199999_just-before', 'just-before'],
        ['20240101000000000_utc', 'utc'],
        ['1704067200001_just-after', 'just-after'],
      ],
    );
    assert.equal(migrations[0]!.downPath, migrations[0]!.upPath);
  });

  it('compares as the tool does, for all names', async () => {
    const { getMigrationFilePaths } = await import('node-pg-migrate/migration');
    const scratch = await mkdtemp(path.join(os.tmpdir(), 'names-'));
    try {
      const names = [
        ...['1_a', '1_a_b', '1_ab', '1_a-c', '01_a', '1', '1_A', '1_é', '1_10', '1_9'],
        ...['17_x', '1704067200000_same', '20240101000000000_same', '20241301000000000_no-time', '5 x'],
      ];
      for (const name of names) await writeFile(path.join(scratch, `${name}.sql`), both);
      const tools = await getMigrationFilePaths(scratch, { logger: console });
      const ours = await nodePgMigrate.list(scratch, nodeFiles());
      assert.deepEqual(
        ours.map((migration) => migration.upPath),
        tools,
      );
    } finally {
      await rm(scratch, { recursive: true });
    }
    const name = fc.oneof(fc.string(), fc.stringMatching(/^\d{1,18}_\w{0,4}$/));
    fc.assert(
      fc.property(name, name, (a, b) => {
        const [there, back] = [nodePgMigrate.compare(a, b), nodePgMigrate.compare(b, a)];
        assert.equal(Math.sign(there), -Math.sign(back) + 0);
        assert.equal(there === 0, a === b);
      }),
    );
  });

  it('tells of two files of one name, and leaves out what has no number', async () => {
    const migrations = await listed(
      '1_a.sql',
      '1_a.SQL',
      '1_a.ts',
      '2_b.js',
      'x.sql',
      '.3_c.sql',
      '4_d.sql.bak',
      'README.md',
    );
    assert.deepEqual(
      migrations.map((migration) => migration.version),
      ['1_a', '2_b'],
    );
    assert.equal(migrations[0]!.problems?.length, 2);
    assert.deepEqual(await listed(), []);
  });

  it('lists migrations in code beside the others, and numbers new ones after them', async () => {
    const migrations = await listed('0001_a.sql', '0002_b.ts', '0003_c.mjs', '0004_d.d.ts', '0001_e.sql');
    assert.deepEqual(
      migrations.map(({ version, isCode, codeVersions }) => [version, isCode, codeVersions]),
      [
        ['0001_a', undefined, undefined],
        ['0001_e', undefined, undefined],
        ['0002_b', true, undefined],
        ['0003_c', true, undefined],
      ],
    );
    const request = { folder, name: 'next', up: '', down: null, transactional: true, now: new Date() };
    assert.equal(nodePgMigrate.compose(request, migrations)[0]!.version, '0004_next');
    const row = {
      name: null,
      appliedAt: null,
      appliedBy: null,
      milliseconds: null,
      contentHash: null,
      dirty: false,
    };
    const applied = ['0001_a', '0002_b', '0002_gone'].map((version) => ({ ...row, version }));
    const none = new Map<string, null>();
    const history = { exists: true, table: '', applied, cumulative: false };
    assert.deepEqual(
      migrationStatuses({ migrations, history, layout: nodePgMigrate, up: none, down: none }).map(
        ({ version, state, flags }) => [version, state, flags.includes('out-of-order')],
      ),
      [
        ['0001_a', 'applied', false],
        ['0001_e', 'pending', true],
        ['0002_b', 'applied', false],
        ['0002_gone', 'missing', false],
        ['0003_c', 'pending', false],
      ],
    );
  });

  it('lists 5,000 without a look into them', async () => {
    const files = memoryFiles(
      Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [at(`${index}_m.sql`), ''])),
    );
    files.read = files.readIfExists = () => assert.fail('a text was read');
    assert.equal((await nodePgMigrate.list(folder, files)).at(-1)!.version, '4999_m');
  });

  const cases: Record<string, [text: string, up: string | null, down: string | null]> = {
    'both parts': [both, '-- Up Migration\nselect 1;', '\n\n-- Down Migration\nselect 2;\n'],
    'CRLF, in any case and with any dashes': [
      '-- head\r\n----- UP   migration one\r\nselect 1;\r\n--down migration\r\nselect 2;\r\n',
      '----- UP   migration one\r\nselect 1;',
      '\r\n--down migration\r\nselect 2;\r\n',
    ],
    'the way back first': [
      '-- Down Migration\nselect 2;\n-- Up Migration\nselect 1;\n',
      '-- Up Migration\nselect 1;\n',
      '-- Down Migration\nselect 2;\n',
    ],
    'no marker: all of it goes up': [
      'select 1; -- down migrations\n',
      'select 1; -- down migrations\n',
      null,
    ],
    'only a down marker: all of it goes up too': [
      'select 1;\n-- Down Migration\nselect 2;',
      'select 1;\n-- Down Migration\nselect 2;',
      '-- Down Migration\nselect 2;',
    ],
    'an empty way back': [
      '-- Up Migration\nselect 1;\n-- Down Migration',
      '-- Up Migration\nselect 1;',
      '-- Down Migration',
    ],
    'an empty file': ['', '', null],
  };
  for (const [name, [text, up, down]] of Object.entries(cases)) {
    it(`cuts as the tool does: ${name}`, async () => {
      const { getActions } = await import('node-pg-migrate/sqlMigration');
      const files = memoryFiles({ [at('1_a.sql')]: text });
      const [migration] = await nodePgMigrate.list(folder, files);
      for (const [direction, expected] of [
        ['up', up],
        ['down', down],
      ] as const) {
        const script = await nodePgMigrate.script(migration!, direction, files);
        assert.equal(script?.sql.trim() ?? null, expected?.trim() ?? null);
        assert.equal(script?.transaction ?? 'wrapped', 'wrapped');
        if (script) assert.equal(text.slice(script.offset, script.offset + script.sql.length), script.sql);
        let sent: string | null = null;
        const action = getActions(text)[direction];
        if (action) void action({ sql: (sql: string) => void (sent = sql) } as unknown as MigrationBuilder);
        assert.equal(script?.sql ?? null, sent);
      }
    });
  }

  it('reads the text after a byte order mark', async () => {
    const files = memoryFiles({ [at('1_a.sql')]: `\uFEFF${both}` });
    const [migration] = await nodePgMigrate.list(folder, files);
    assert.equal((await nodePgMigrate.script(migration!, 'up', files))!.offset, 0);
    await files.remove(at('1_a.sql'));
    assert.equal(await nodePgMigrate.script(migration!, 'up', files), null);
  });

  it('knows its folder by the name of a file alone', () => {
    assert.equal(nodePgMigrate.folderOf(at('1700000000000_x.sql')), folder);
    for (const name of ['x_1.sql', 'V1__x.sql', '1_x.up.sql', '1_x.down.sql', '1.do.x.sql', '1_x_down.sql'])
      assert.equal(nodePgMigrate.folderOf(at(name)), null, name);
  });

  it('detects its folders and no look-alikes', async () => {
    const detect = async (files: Record<string, string>): Promise<number | null> =>
      (await nodePgMigrate.detect(folder, memoryFiles(files)))?.confidence ?? null;
    const manifest = { '/w/package.json': '{"devDependencies": {"node-pg-migrate": "^9.0.0"}}' };
    assert.equal(await detect({ [at('1_a.sql')]: both }), 0.95);
    assert.equal(await detect({ [at('1_a.sql')]: '-- Up Migration\nselect 1', ...manifest }), 0.95);
    assert.equal(await detect({ [at('1_a.sql')]: '-- Up Migration\nselect 1' }), 0.7);
    assert.equal(await detect({ [at('1_a.sql')]: 'select 1', ...manifest }), 0.6);
    assert.equal(await detect({ [at('1_a.sql')]: 'select 1' }), null);
    assert.equal(await detect({ [at('1_a.sql')]: 'select 1', '/w/package.json': '{}' }), null);
    assert.equal(await detect({ [at('1_a.sql')]: '-- +goose Up\nselect 1' }), null);
    assert.equal(await detect({ [at('1_a.sql')]: '-- migrate:up\nselect 1;\n-- migrate:down' }), null);
    assert.equal(await detect({ [at('1_a.up.sql')]: both, [at('1_a.down.sql')]: both }), null);
    assert.equal(await detect({ [at('1_a.sql')]: both, [at('1_a_rollback.sql')]: '' }), null);
    assert.equal(await detect({ [at('a.sql')]: both }), null);
    assert.equal(await detect({ [at('1_a.ts')]: 'export const up = 1', ...manifest }), null);
    const evidence = await nodePgMigrate.detect(folder, memoryFiles({ [at('1_a.sql')]: both, ...manifest }));
    assert.deepEqual(evidence!.evidence, [
      '1 file named like 1_a.sql',
      '1_a.sql has the comment "-- Up Migration"',
      'package.json names node-pg-migrate',
    ]);
    const found = await detectLayout(folder, memoryFiles({ [at('1_a.sql')]: both }));
    assert.equal(found?.layout.id, 'node-pg-migrate');
  });

  it('names and numbers a new migration in the style of the folder', async () => {
    const now = new Date('2026-01-02T03:04:05.006Z');
    const request = {
      folder,
      name: 'Add full name',
      up: 'select 1;',
      down: 'select 2;',
      transactional: true,
      now,
    };
    const version = async (...names: string[]): Promise<string> =>
      nodePgMigrate.compose(request, await listed(...names))[0]!.version;
    assert.equal(await version(), `${now.getTime()}_add-full-name`);
    assert.equal(await version('1700000000000_a.sql'), `${now.getTime()}_add-full-name`);
    assert.equal(await version('1999999999999_a.sql'), '2000000000000_add-full-name');
    assert.equal(await version('20240101000000000_a.sql'), '20260102030405006_add-full-name');
    assert.equal(await version('20261231235959999_a.sql'), '20270101000000000_add-full-name');
    assert.equal(await version('0001_a.sql', '0009_b.sql'), '0010_add-full-name');
    assert.equal(await version('1_a.sql', '9_b.sql'), '10_add-full-name');
    assert.equal(await version('20240101000000_a.sql'), '20260102030405_add-full-name');
    const [file, ...more] = nodePgMigrate.compose(request, []);
    assert.deepEqual(more, []);
    assert.equal(file!.text, '-- Up Migration\nselect 1;\n\n-- Down Migration\nselect 2;\n');
    const files = memoryFiles({ [file!.path]: file!.text });
    const [written] = await nodePgMigrate.list(folder, files);
    assert.equal(written!.version, file!.version);
    assert.match((await nodePgMigrate.script(written!, 'down', files))!.sql, /select 2/);
    const forward = nodePgMigrate.compose({ ...request, down: null }, []);
    assert.equal(forward[0]!.text, '-- Up Migration\nselect 1;\n');
    assert.throws(() => nodePgMigrate.compose({ ...request, up: '-- down migration\nselect 1' }, []), {
      code: 'invalid-input',
    });
  });
});

const program = path.resolve('node_modules', 'node-pg-migrate', 'bin', 'node-pg-migrate.js');

for (const major of testMajors) {
  describe(`node-pg-migrate: the tool and Switchback in turns, on PostgreSQL ${major}`, function () {
    this.timeout(120_000);
    let database: TestDatabase;
    let session: Session;
    let scratch: string;

    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      session = await testSession(database);
      scratch = await mkdtemp(path.join(os.tmpdir(), 'node-pg-migrate-'));
    });
    after(async () => {
      await session?.close();
      await database?.drop();
      if (scratch) await rm(scratch, { recursive: true });
    });
    beforeEach(() => session.script('drop schema public cascade; create schema public'));

    const tool = async (...args: string[]): Promise<string> => {
      const { host, port, user, database: name } = database.connection;
      const password = encodeURIComponent(database.password);
      const url = `postgresql://${user}:${password}@${host}:${port}/${name}`;
      const env = { ...process.env, DATABASE_URL: url, NODE_OPTIONS: '' };
      const all = [program, ...args, '-m', scratch];
      return (await promisify(execFile)(process.execPath, all, { cwd: scratch, env, timeout: 30_000 }))
        .stdout;
    };
    /** What the tool would do next, in its own words. */
    const pending = async (): Promise<string[]> =>
      [...(await tool('up', '--dry-run')).matchAll(/^> - (.*)$/gm)].map((match) => match[1]!);
    const applied = async (): Promise<string[]> =>
      (await nodePgMigrate.history('migrations', session)).applied.map((row) => row.version);
    const run = async (migration: Migration, direction: Direction): Promise<void> => {
      const script = await nodePgMigrate.script(migration, direction, nodeFiles());
      const context = {
        ...{ directory: 'migrations', previousVersion: null, by: 'somebody', recordedHash: null, id: '' },
        ...{ contentHash: script!.contentHash, sql: script!.sql },
      };
      const execution = nodePgMigrate.execution(migration, direction, context);
      await session.query(execution.lock!.take);
      for (const sql of execution.prepare) await session.query(sql);
      assert.deepEqual(execution.before, []);
      assert.equal(execution.sameTransaction, true);
      await session.transaction(async () => {
        await session.script(script!.sql);
        for (const { sql, parameters } of execution.record(12)) await session.query(sql, parameters);
      });
      await session.query(execution.lock!.release);
    };

    it('keeps one history', async () => {
      for (const number of [1, 2, 3, 4]) {
        const text = `-- Up Migration\ncreate table t${number} ();\n\n-- Down Migration\ndrop table t${number};\n`;
        await writeFile(path.join(scratch, `000${number}_make-t${number}.sql`), text);
      }
      const migrations = await nodePgMigrate.list(scratch, nodeFiles());
      assert.equal((await nodePgMigrate.history('', session)).exists, false);

      await tool('up', '2');
      const history = await nodePgMigrate.history('', session);
      assert.deepEqual(
        history.applied.map(({ appliedAt, ...row }) => {
          assert.ok(Math.abs(Date.parse(appliedAt!) - Date.now()) < 600_000);
          return [row.version, row.name, row.dirty, row.contentHash];
        }),
        [
          ['0001_make-t1', 'make-t1', false, null],
          ['0002_make-t2', 'make-t2', false, null],
        ],
      );
      assert.equal(history.cumulative, false);

      await run(migrations[2]!, 'up');
      assert.deepEqual(await pending(), ['0004_make-t4']);
      await tool('up');
      assert.equal((await applied()).length, 4);

      await run(migrations[3]!, 'down');
      assert.deepEqual(await pending(), ['0004_make-t4']);
      await tool('down', '1');
      assert.deepEqual(await applied(), ['0001_make-t1', '0002_make-t2']);
      assert.deepEqual(await pending(), ['0003_make-t3', '0004_make-t4']);
    });

    it('makes the table the tool makes, with the rows the tool writes', async () => {
      await writeFile(path.join(scratch, '0001_make-t1.sql'), both);
      const shape = async (): Promise<unknown[]> => {
        const { rows } = await session.query(
          `select a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull,
             pg_get_expr(d.adbin, d.adrelid) as value,
             (select array_agg(pg_get_constraintdef(oid) order by conname) from pg_constraint
              where conrelid = a.attrelid and contype <> 'n') as constraints,
             pg_get_serial_sequence('public.pgmigrations', a.attname) as sequence
           from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
           where a.attrelid = 'public.pgmigrations'::regclass and a.attnum > 0 order by a.attnum`,
        );
        const { rows: content } = await session.query(
          `select id, name, abs(extract(epoch from localtimestamp - run_on)) < 600 as soon from pgmigrations`,
        );
        return [...rows, ...content];
      };
      await tool('up', '1');
      const tools = await shape();
      await session.script('drop table if exists t1, t2, t3, t4, pgmigrations');
      const [first] = await nodePgMigrate.list(scratch, nodeFiles());
      await run(first!, 'up');
      assert.deepEqual(await shape(), tools);
    });

    it('is not left with a gap, which the tool refuses', async () => {
      for (const number of [1, 2, 3])
        await writeFile(path.join(scratch, `000${number}_make-t${number}.sql`), both);
      const siblings = (await nodePgMigrate.list(scratch, nodeFiles())).slice(0, 3);
      const may = (index: number, direction: Direction): Promise<void> => {
        const files = { layout: nodePgMigrate, migration: siblings[index]!, siblings, up: null, down: null };
        return assertMayRun(session, { ...files, directory: 'migrations' }, direction);
      };
      await tool('up', '1');
      await may(1, 'up');
      await assert.rejects(may(2, 'up'), { code: 'invalid-input' });
      await run(siblings[2]!, 'up');
      await assert.rejects(tool('up', '1'), /Not run migration 0002_make-t2 is preceding/);
      await may(1, 'up');
      await run(siblings[1]!, 'up');
      await assert.rejects(may(1, 'down'), { code: 'invalid-input' });
      await may(2, 'down');
    });

    it("holds the tool's lock", async () => {
      const [first] = await nodePgMigrate.list(scratch, nodeFiles());
      const { lock } = nodePgMigrate.execution(first!, 'up', {
        ...{ directory: '', previousVersion: null, by: '', contentHash: '', recordedHash: null },
        ...{ id: '', sql: '' },
      });
      await session.query(lock!.take);
      await assert.rejects(tool('up', '1'), /Another migration is already running/);
      await session.query(lock!.release);
      await tool('up', '1');
    });

    it('refuses a table of the same name that is not its own', async () => {
      await session.script('create table pgmigrations (version int)');
      await assert.rejects(nodePgMigrate.history('', session), { code: 'invalid-input' });
    });

    it('uses a table whose owner lets it write, without the right to create', async () => {
      await session.script(
        'create table pgmigrations (id serial primary key, name varchar(255) not null, run_on timestamp not null)',
      );
      const role = `writer_${major}`;
      await session.script(
        `revoke create on schema public from public; create role ${role};
         grant usage on schema public to ${role}; grant insert on pgmigrations to ${role}`,
      );
      try {
        const migration = (await listed('1_a.sql'))[0]!;
        const { prepare } = nodePgMigrate.execution(migration, 'up', {
          ...{ directory: '', previousVersion: null, by: '', contentHash: '', recordedHash: null },
          ...{ id: '', sql: '' },
        });
        await session.script(`set role ${role}`);
        for (const sql of prepare) await session.query(sql);
      } finally {
        await session.script(`reset role; drop owned by ${role}; drop role ${role}`);
      }
    });
  });
}

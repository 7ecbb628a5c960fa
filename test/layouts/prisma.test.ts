import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { detectLayout } from '../../src/layouts/detect-layouts';
import type { Direction, LayoutExecution, Migration } from '../../src/layouts/layout';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { prisma } from '../../src/layouts/prisma';
import { nodeFiles } from '../../src/ports/node-files';
import type { Session } from '../../src/database/session';
import { memoryFiles } from '../support/memory-files';
import { testMajors, testServer, testSession, type TestDatabase } from '../support/servers';

const folder = path.resolve('/w/prisma/migrations');
const lock = 'provider = "postgresql"\n';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('Prisma files', () => {
  it('belong to the folder above their own', () => {
    assert.equal(prisma.folderOf(`${folder}/1_a/migration.sql`), folder);
    assert.equal(prisma.folderOf(`${folder}/1_a/down.sql`), folder);
    assert.equal(prisma.folderOf(`${folder}/1_a/up.sql`), null);
    assert.equal(prisma.folderOf(`${folder}/1_a.sql`), null);
  });

  it('run in the order of their folder names, each with our way back', async () => {
    const files = memoryFiles({
      [`${folder}/migration_lock.toml`]: lock,
      [`${folder}/20240201000000_two/migration.sql`]: 'select 2;',
      [`${folder}/20240201000000_two/down.sql`]: 'select -2;',
      [`${folder}/20240101000000_one/migration.sql`]: '',
      [`${folder}/0_init/migration.sql`]: 'select 0;',
      [`${folder}/20240301000000_gone/notes.md`]: '',
      [`${folder}/20240401000000_flat.sql`]: '',
    });
    const list = await prisma.list(folder, files);
    assert.deepEqual(
      list.map((migration) => [migration.version, migration.name, migration.downPath !== null]),
      [
        ['0_init', 'init', false],
        ['20240101000000_one', 'one', false],
        ['20240201000000_two', 'two', true],
        ['20240301000000_gone', 'gone', false],
      ],
    );
    assert.match(list[3]!.problems!.join(), /holds no migration\.sql/);
    assert.equal(await prisma.script(list[3]!, 'up', files), null);
    assert.equal((await prisma.script(list[1]!, 'up', files))!.sql, '');
    const down = await prisma.script(list[2]!, 'down', files);
    assert.deepEqual([down!.sql, down!.transaction, down!.offset], ['select -2;', 'implicit', 0]);
    assert.equal(await prisma.script(list[0]!, 'down', files), null);
  });

  // packages/migrate/src/utils/listMigrations.ts sorts with localeCompare.
  it('are ordered as localeCompare orders them', () => {
    const names = ['10_b', '9_a', '1_A', '1_a', '1_a_b', '1_ab', '20240101000000_x', '01_z', '1-c'];
    assert.deepEqual(
      [...names].sort((a, b) => prisma.compare(a, b)),
      [...names].sort((a, b) => a.localeCompare(b, 'en')),
    );
    assert.ok(prisma.compare('e\u0301', '\u00e9') !== 0);
  });

  it('are known by the provider of the lock file, or of the schema above', async () => {
    const one = { [`${folder}/1_a/migration.sql`]: 'select 1' };
    const confidence = async (more: Record<string, string>): Promise<number | null> =>
      (await prisma.detect(folder, memoryFiles({ ...one, ...more })))?.confidence ?? null;
    assert.equal(
      await confidence({ [`${folder}/migration_lock.toml`]: '# no edits\r\nprovider = "postgresql"\r\n' }),
      0.95,
    );
    assert.equal(await confidence({ [`${folder}/migration_lock.toml`]: 'provider = "mysql"' }), null);
    const schema = (provider: string): string =>
      `generator client {\n  provider = "prisma-client-js"\n}\ndatasource db {\n  provider = "${provider}"\n}\n`;
    assert.equal(await confidence({ [`${folder}/../schema.prisma`]: schema('postgresql') }), 0.95);
    assert.equal(await confidence({ [`${folder}/../schema.prisma`]: schema('sqlite') }), null);
    assert.equal(await confidence({}), 0.7);
    const evidence = await prisma.detect(
      folder,
      memoryFiles({ ...one, [`${folder}/migration_lock.toml`]: lock }),
    );
    assert.match(evidence!.evidence.join(), /migration_lock\.toml.*postgresql/);
  });

  it('are not taken from folders of other tools', async () => {
    const of = async (files: Record<string, string>): Promise<number | undefined> =>
      (await prisma.detect(path.resolve('/w/m'), memoryFiles(files)))?.confidence;
    assert.equal(
      await of({ '/w/m/2024-01-01-000000_a/up.sql': '', '/w/m/2024-01-01-000000_a/down.sql': '' }),
      undefined,
    );
    assert.equal(
      await of({ '/w/m/20240101000000_a/migration.sql': '', '/w/m/20240101000000_a/snapshot.json': '{}' }),
      undefined,
    );
    assert.equal(await of({ '/w/m/0001_a.sql': '', '/w/m/meta/_journal.json': '{}' }), undefined);
    assert.equal(await of({ '/w/m/notes/migration.sql': '' }), undefined);
    assert.equal(await of({ '/w/m/migration_lock.toml': lock }), undefined);
    assert.equal(await of({ '/w/m/01_a/migration.sql': '' }), 0.5);
  });

  it('are composed as a folder named by the time, or by the next number where the folder counts', async () => {
    const now = new Date(Date.UTC(2026, 0, 2, 3, 4, 5));
    const next = (...names: string[]): string => {
      const existing = names.map((version): Migration => ({
        version,
        name: '',
        folder,
        layout: 'prisma',
        upPath: path.join(folder, version, 'migration.sql'),
        downPath: null,
      }));
      const request = { folder, name: 'Add full name', up: 'u', down: 'd', transactional: false, now };
      const files = prisma.compose(request, existing);
      assert.deepEqual(
        files.map((file) => [path.relative(folder, file.path), file.text, file.direction]),
        [
          [path.join(files[0]!.version, 'migration.sql'), 'u', 'up'],
          [path.join(files[0]!.version, 'down.sql'), 'd', 'down'],
        ],
      );
      for (const name of names)
        assert.ok(prisma.compare(name, files[0]!.version) < 0, `${name} ${files[0]!.version}`);
      return files[0]!.version;
    };
    assert.equal(next(), '20260102030405_add_full_name');
    assert.equal(next('0_init'), '20260102030405_add_full_name');
    assert.equal(next('20240101000000_one'), '20260102030405_add_full_name');
    assert.equal(next('20270101000000_one'), '20270101000001_add_full_name');
    assert.equal(next('01_init', '19_add_session_replay'), '20_add_full_name');
    assert.equal(next('1_a', '9_b'), '90_add_full_name');
    const alone = prisma.compose({ folder, name: 'x', up: 'u', down: null, transactional: true, now }, []);
    assert.equal(alone.length, 1);
  });

  it('are found again where they were composed', async () => {
    const request = {
      folder,
      name: 'a',
      up: 'select 1',
      down: 'select 2',
      transactional: true,
      now: new Date(0),
    };
    const composed = prisma.compose(request, []);
    const files = memoryFiles(Object.fromEntries(composed.map((file) => [file.path, file.text])));
    const [migration] = await prisma.list(folder, files);
    assert.deepEqual(
      [migration!.upPath, migration!.downPath, migration!.version],
      [composed[0]!.path, composed[1]!.path, composed[0]!.version],
    );
  });
});

describe("Prisma's checksum", () => {
  const script = async (text: string) => {
    const files = memoryFiles({ [`${folder}/1_a/migration.sql`]: text });
    const [migration] = await prisma.list(folder, files);
    return (await prisma.script(migration!, 'up', files))!;
  };

  // The expected text is the one in the tests of schema-connector/src/checksum.rs.
  it('is the SHA-256 of the file', async () => {
    assert.equal(
      prisma.recordedHash(await script('hello')),
      '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    );
    assert.equal(prisma.recordedHash(await script('a;\r\nb;')), sha256('a;\r\nb;'));
  });

  it('is taken for the same with other line ends, and without the zeros that old versions left out', async () => {
    const accepts = async (file: string, recorded: string): Promise<boolean> =>
      prisma.acceptsHash!(await script(file), recorded);
    assert.ok(await accepts('a;\r\nb;\r\n', sha256('a;\nb;\n')));
    assert.ok(await accepts('a;\nb;\n', sha256('a;\r\nb;\r\n')));
    assert.ok(!(await accepts('a;\n', sha256('a;'))));
    assert.ok(!(await accepts('a;', '')));
    const unpadded = [...createHash('sha256').update('hello').digest()]
      .map((byte) => byte.toString(16))
      .join('');
    assert.ok(unpadded.length < 64);
    assert.ok(await accepts('hello', unpadded));
    assert.ok(!(await accepts('hallo', unpadded)));
  });

  it('tells a file edited after it was applied, and not one checked out with other line ends', async () => {
    const files = memoryFiles({
      [`${folder}/1_a/migration.sql`]: 'select 1;\r\n',
      [`${folder}/2_b/migration.sql`]: 'select 3;\n',
    });
    const migrations = await prisma.list(folder, files);
    const row = (version: string, text: string) => ({
      version,
      name: null,
      appliedAt: null,
      appliedBy: null,
      milliseconds: null,
      contentHash: sha256(text),
      dirty: false,
    });
    const up = new Map(
      await Promise.all(
        migrations.map(async (each) => [each.version, await prisma.script(each, 'up', files)] as const),
      ),
    );
    const applied = [row('1_a', 'select 1;\n'), row('2_b', 'select 2;\n')];
    const statuses = migrationStatuses({
      migrations,
      layout: prisma,
      up,
      down: new Map(),
      history: { exists: true, table: '', cumulative: false, applied },
    });
    assert.deepEqual(
      statuses.map((status) => status.flags.includes('edited')),
      [false, true],
    );
  });
});

// What the tool writes is compared with its published source; the tool itself runs in test/tools/prisma.test.ts.
// https://github.com/prisma/prisma-engines, schema-engine/connectors/sql-schema-connector/src, flavour/postgres.rs
// (table and lock) and sql_migration_persistence.rs (rows).
for (const major of testMajors) {
  describe(`Prisma's history on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let database: TestDatabase;
    let session: Session;

    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      session = await testSession(database);
    });
    after(async () => {
      await session?.close();
      await database?.drop();
    });
    beforeEach(() => session.script('drop table if exists _prisma_migrations; drop table if exists t'));

    const migration = (version: string): Migration => ({
      version,
      name: version,
      folder,
      layout: 'prisma',
      downPath: null,
      upPath: path.join(folder, version, 'migration.sql'),
    });
    const execution = (version: string, direction: Direction, hash = 'aa'): LayoutExecution =>
      prisma.execution(migration(version), direction, {
        directory: 'prisma/migrations',
        previousVersion: null,
        by: 'somebody',
        sql: '',
        contentHash: 'unused',
        recordedHash: hash,
        id: randomUUID(),
      });
    const all = (statements: LayoutExecution['before']) =>
      session.transaction(async () => {
        for (const { sql, parameters } of statements) await session.query(sql, parameters);
      });
    const run = async (each: LayoutExecution, sql: string): Promise<void> => {
      for (const statement of each.prepare) await session.script(statement);
      await all(each.before);
      if (each.sameTransaction) {
        await session.transaction(async () => {
          await session.script(sql);
          for (const item of each.record(5)) await session.query(item.sql, item.parameters);
        });
        return;
      }
      await session.script(sql);
      await all(each.record(5));
    };
    const rows = async () =>
      (
        await session.query(
          `select id ~ '^[0-9a-f-]{36}$' as uuid, checksum, migration_name, logs, rolled_back_at is not null as rolled_back,
             finished_at >= started_at as finished, applied_steps_count as steps
           from _prisma_migrations order by started_at`,
        )
      ).rows;
    const written = { uuid: true, checksum: 'aa', logs: null, rolled_back: false, finished: true, steps: 1 };

    it('is a table with the columns, types and defaults that the tool makes', async () => {
      for (const sql of [...execution('1_a', 'up').prepare, ...execution('1_a', 'up').prepare])
        await session.script(sql);
      const { rows: columns } = await session.query<{ definition: string }>(
        `select concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
           pg_get_expr(d.adbin, d.adrelid)) as definition
         from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
         where a.attrelid = '_prisma_migrations'::regclass and a.attnum > 0 order by a.attnum`,
      );
      assert.deepEqual(
        columns.map((column) => column.definition),
        [
          'id character varying(36) not null',
          'checksum character varying(64) not null',
          'finished_at timestamp with time zone',
          'migration_name character varying(255) not null',
          'logs text',
          'rolled_back_at timestamp with time zone',
          'started_at timestamp with time zone not null now()',
          'applied_steps_count integer not null 0',
        ],
      );
      const { rows: keys } = await session.query(
        `select pg_get_constraintdef(oid) as definition from pg_constraint
         where conrelid = '_prisma_migrations'::regclass and contype = 'p'`,
      );
      assert.deepEqual(keys, [{ definition: 'PRIMARY KEY (id)' }]);
    });

    it('gets a row that is begun before the script and finished after it', async () => {
      assert.deepEqual(await prisma.history('', session), {
        exists: false,
        table: 'public._prisma_migrations',
        applied: [],
        cumulative: false,
      });
      const up = execution('1_a', 'up');
      for (const sql of up.prepare) await session.script(sql);
      await all(up.before);
      assert.deepEqual(await rows(), [{ ...written, migration_name: '1_a', finished: null, steps: 0 }]);
      assert.deepEqual(
        (await prisma.history('', session)).applied.map(({ dirty, appliedAt }) => [dirty, appliedAt]),
        [[true, null]],
      );
      await all(up.record(1));
      assert.deepEqual(await rows(), [{ ...written, migration_name: '1_a' }]);
      const [applied] = (await prisma.history('', session)).applied;
      assert.deepEqual(
        [applied!.version, applied!.name, applied!.dirty, applied!.contentHash],
        ['1_a', 'a', false, 'aa'],
      );
      assert.ok(applied!.milliseconds !== null && applied!.appliedAt !== null);
    });

    it('keeps what was rolled back before, and forgets what goes down', async () => {
      await run(execution('1_a', 'up'), 'create table t (id int)');
      await run(execution('2_b', 'up'), 'alter table t add b int');
      await run(execution('2_b', 'down'), 'alter table t drop b');
      assert.deepEqual(
        (await rows()).map((row) => row.migration_name),
        ['1_a'],
      );
      await session.script(
        "insert into _prisma_migrations (id, checksum, migration_name, rolled_back_at) values ('x', 'bb', '2_b', now())",
      );
      assert.deepEqual(
        (await prisma.history('', session)).applied.map((row) => row.version),
        ['1_a'],
      );
      await run(execution('2_b', 'up'), 'alter table t add b int');
      assert.deepEqual(
        (await prisma.history('', session)).applied.map((row) => row.version),
        ['1_a', '2_b'],
      );
      await run(execution('2_b', 'down'), 'alter table t drop b');
      assert.deepEqual(
        (await rows()).map((row) => [row.migration_name, row.rolled_back]),
        [
          ['1_a', false],
          ['2_b', true],
        ],
      );
    });

    it('has a migration that was cut off marked as rolled back when it runs again', async () => {
      const cut = execution('1_a', 'up');
      for (const sql of cut.prepare) await session.script(sql);
      await all(cut.before);
      await run(execution('1_a', 'up'), 'create table t (id int)');
      assert.deepEqual(
        (await rows()).map((row) => [row.rolled_back, row.finished, row.steps]),
        [
          [true, null, 0],
          [false, true, 1],
        ],
      );
    });

    it('is marked without a run as "migrate resolve --applied" marks it', async () => {
      const up = execution('1_a', 'up');
      for (const sql of up.prepare) await session.script(sql);
      await all(up.record(0));
      assert.deepEqual(await rows(), [{ ...written, migration_name: '1_a', logs: '', steps: 0 }]);
      assert.equal((await prisma.history('', session)).applied[0]!.milliseconds, null);
      await all(up.record(0));
      assert.equal((await rows()).length, 1);
    });

    it("takes the tool's advisory lock", async () => {
      const { lock: held } = execution('1_a', 'up');
      const locks = async (): Promise<unknown> =>
        (
          await session.query(
            "select objid::text as id from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()",
          )
        ).rows;
      await session.query(held!.take);
      assert.deepEqual(await locks(), [{ id: '72707369' }]);
      await session.query(held!.release);
      assert.deepEqual(await locks(), []);
    });

    it('is not read from a table of the same name that is not its own', async () => {
      await session.script('create table _prisma_migrations (id int)');
      await assert.rejects(prisma.history('', session), {
        code: 'invalid-input',
        message: /no column "checksum"/,
      });
    });

    it('cannot run a file that begins with a byte order mark, as its checksum supposes', async () => {
      await assert.rejects(session.script('\uFEFFselect 1'), { code: 'syntax-error' });
    });

    it('gets the whole of umami from empty', async function () {
      const corpus = path.resolve(__dirname, '../../../shared/corpora/umami');
      if (!existsSync(corpus)) {
        console.log('not run: the corpus umami is missing');
        return this.skip();
      }
      const { rows: available } = await session.query(
        "select 1 from pg_available_extensions where name = 'pgcrypto'",
      );
      if (available.length === 0) {
        console.log(
          `not run: PostgreSQL ${major} of this machine has no extension pgcrypto, which umami needs`,
        );
        return this.skip();
      }
      const files = nodeFiles();
      const found = await detectLayout(corpus, files);
      assert.equal(found?.layout.id, prisma.id);
      assert.equal(found?.evidence.confidence, 0.95);
      const list = await prisma.list(corpus, files);
      assert.equal(list.length, 19);
      assert.deepEqual(
        list.flatMap((each) => each.problems ?? []),
        [],
      );
      assert.deepEqual(
        list.map((each) => parseInt(each.version, 10)),
        Array.from({ length: 19 }, (_, index) => index + 1),
      );
      const own = await (await testServer({ major })).createDatabase();
      const other = session;
      session = await testSession(own);
      try {
        for (const each of list) {
          assert.equal(prisma.folderOf(each.upPath), corpus);
          const up = (await prisma.script(each, 'up', files))!;
          await run(execution(each.version, 'up', prisma.recordedHash(up)!), up.sql);
        }
        const up = new Map(
          await Promise.all(
            list.map(async (each) => [each.version, await prisma.script(each, 'up', files)] as const),
          ),
        );
        const statuses = migrationStatuses({
          migrations: list,
          layout: prisma,
          up,
          down: new Map(),
          history: await prisma.history('', session),
        });
        assert.deepEqual(
          new Set(statuses.map((status) => `${status.state} ${status.flags.join()}`)),
          new Set(['applied no-down']),
        );
        const { rows: tables } = await session.query<{ count: string }>(
          "select count(*) as count from pg_tables where schemaname = 'public'",
        );
        assert.ok(Number(tables[0]!.count) > 10);
      } finally {
        await session.close();
        session = other;
        await own.drop();
      }
    });
  });
}

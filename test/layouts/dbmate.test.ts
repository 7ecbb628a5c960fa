import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Session } from '../../src/database/session';
import { dbmate } from '../../src/layouts/dbmate';
import { golangMigrate } from '../../src/layouts/golang-migrate';
import type { Direction, LayoutExecution, MigrationScript } from '../../src/layouts/layout';
import { plainPair } from '../../src/layouts/plain-pair';
import { nodeFiles } from '../../src/ports/node-files';
import { memoryFiles } from '../support/memory-files';
import { testMajors, testServer, testSession, type TestDatabase } from '../support/servers';

const folder = path.resolve('/w/db/migrations');
const both = '-- migrate:up\ncreate table a ();\n\n-- migrate:down\ndrop table a;\n';

async function scripts(text: string): Promise<Record<Direction, MigrationScript>> {
  const files = memoryFiles({ [`${folder}/1_a.sql`]: text });
  const [migration] = await dbmate.list(folder, files);
  const up = (await dbmate.script(migration!, 'up', files))!;
  const down = (await dbmate.script(migration!, 'down', files))!;
  const read = await files.read(migration!.upPath);
  for (const { sql, offset } of [up, down]) assert.equal(read.slice(offset, offset + sql.length), sql);
  return { up, down };
}

const refused = async (text: string, words: RegExp): Promise<void> => {
  await assert.rejects(scripts(text), (error: { code: string; sentence: string }) => {
    assert.equal(error.code, 'invalid-file');
    assert.match(error.sentence, words);
    return true;
  });
};

describe('dbmate files', () => {
  it('are ordered by name as text, each with both directions and the digits before its words', async () => {
    const names = ['10_ten.sql', '9_nine.sql', '009none.sql', '11.sql', '7_A.SQL', 'v1_x.sql', 'readme.md'];
    const files = memoryFiles(Object.fromEntries(names.map((name) => [`${folder}/${name}`, both])));
    const list = await dbmate.list(folder, files);
    assert.deepEqual(
      list.map(({ version, name }) => [version, name]),
      [
        ['009', 'none'],
        ['10', 'ten'],
        ['11', ''],
        ['9', 'nine'],
      ],
    );
    assert.ok(list.every(({ upPath, downPath }) => upPath === downPath));
    const sorted = list.map(({ version }) => version).sort((a, b) => dbmate.compare(a, b));
    assert.deepEqual(sorted, ['009', '10', '11', '9']);
    assert.ok(dbmate.compare('20240101000000', '20240101000001') < 0);
  });

  it('with the same version are a problem of the first; a gap is none', async () => {
    const files = memoryFiles({
      [`${folder}/1_a.sql`]: both,
      [`${folder}/1_b.sql`]: both,
      [`${folder}/5_c.sql`]: both,
    });
    const [first, second] = await dbmate.list(folder, files);
    assert.match(first!.problems!.join(), /1_b\.sql has the same version as 1_a\.sql/);
    assert.equal(second!.version, '5');
    assert.equal(second!.problems, undefined);
  });

  it('belong to the folder they are in', () => {
    assert.equal(dbmate.folderOf(`${folder}/20240101000000_a.sql`), folder);
    assert.equal(dbmate.folderOf(`${folder}/a_1.sql`), null);
  });

  it('are cut at the markers, which stay outside, and keep their places', async () => {
    const { up, down } = await scripts(both);
    assert.equal(up.sql, '\ncreate table a ();\n\n');
    assert.equal(down.sql, '\ndrop table a;\n');
    assert.equal(up.transaction, 'wrapped');
    assert.equal(down.direction, 'down');
    assert.equal((await scripts(`\uFEFF-- why\n\n${both}`)).up.sql, up.sql);
    assert.equal((await scripts('-- migrate:up\n-- migrate:down')).down.sql, '');
  });

  it('say for each direction that it runs in no transaction, as one text', async () => {
    const { up, down } = await scripts(
      '--migrate:up  foo:bar transaction:false\r\nselect 1;\r\n-- migrate:down\r\nselect 2;\r\n',
    );
    assert.deepEqual([up.transaction, down.transaction], ['implicit', 'wrapped']);
    assert.equal(up.sql, '\r\nselect 1;\r\n');
    assert.equal(down.sql, '\r\nselect 2;\r\n');
    const others = await scripts(
      '-- migrate:up transaction:true Transaction:false\nselect 1;\n-- migrate:down\ntransaction:false',
    );
    assert.deepEqual([others.up.transaction, others.down.transaction], ['wrapped', 'wrapped']);
  });

  it('take no indented line and no other word for a marker', async () => {
    const { up } = await scripts(
      '-- migrate:up\n  -- migrate:down\n-- migrate:upon\n-- Migrate:Down\n-- x migrate:up\nselect 1;\n-- migrate:down\n',
    );
    assert.match(up.sql, /select 1/);
  });

  it('that dbmate refuses are told apart', async () => {
    await refused('', /no line "-- migrate:up"/);
    await refused('-- Migrate:Up\n-- migrate:down\n', /no line "-- migrate:up"/);
    await refused('-- migrate:up\nselect 1;', /no line "-- migrate:down"/);
    await refused(`select 1;\n${both}`, /above "-- migrate:up"/);
    await refused(`/* why */\n${both}`, /above "-- migrate:up"/);
    await refused(`-- migrate:down\nselect 1;\n${both}`, /above "-- migrate:up"/);
    await refused(both + both, /"-- migrate:up" 2 times/);
    await refused(
      "-- migrate:up\nselect '\n-- migrate:down\n';\n-- migrate:down\n",
      /"-- migrate:down" 2 times/,
    );
  });

  it('that are new are named after the time, and follow the folder where it counts', async () => {
    const request = {
      folder,
      name: 'Add it!',
      up: 'select 1;',
      down: 'select 2;\n',
      transactional: true,
      now: new Date('2026-03-04T05:06:07Z'),
    };
    const [first] = dbmate.compose(request, []);
    assert.equal(first!.path, path.join(folder, '20260304050607_add_it.sql'));
    assert.equal(first!.text, '-- migrate:up\nselect 1;\n\n-- migrate:down\nselect 2;\n');
    const files = memoryFiles({ [`${folder}/0007_a.sql`]: both });
    const outside = { ...request, transactional: false, down: null };
    const [next] = dbmate.compose(outside, await dbmate.list(folder, files));
    assert.equal(next!.version, '0008');
    await files.write(next!.path, next!.text);
    const migration = (await dbmate.list(folder, files)).at(-1)!;
    assert.equal(migration.upPath, next!.path);
    const up = await dbmate.script(migration, 'up', files);
    assert.deepEqual([up!.sql.trim(), up!.transaction], ['select 1;', 'implicit']);
  });

  it('run outside a transaction where the marker of a fix is written at the start of a script', async () => {
    const { up } = await scripts(both);
    assert.equal(dbmate.outsideTransaction.by, 'header');
    const { marker } = dbmate.outsideTransaction as { marker: string };
    const changed = await scripts(`${both.slice(0, up.offset)}${marker}\n${both.slice(up.offset)}`);
    assert.equal(changed.up.transaction, 'implicit');
    assert.equal(changed.down.transaction, 'wrapped');
  });

  it('are known by their markers alone', async () => {
    const at = (texts: Record<string, string>): ReturnType<typeof memoryFiles> =>
      memoryFiles(
        Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${folder}/${name}`, text])),
      );
    const own = at({ '1_a.sql': both, '2_b.sql': both });
    const evidence = await dbmate.detect(folder, own);
    assert.equal(evidence!.confidence, 0.95);
    assert.match(evidence!.evidence.join(), /2 files named like 1_a\.sql/);
    assert.equal(await plainPair.detect(folder, own), null);
    const mixed = await dbmate.detect(folder, at({ '1_a.sql': both, '2_b.sql': 'select 1;' }));
    assert.ok(mixed!.confidence < 0.7);
    for (const text of ['-- +goose Up\n', '-- Up Migration\n', 'select 1;', '-- migrate: up\n', '']) {
      assert.equal(await dbmate.detect(folder, at({ '1_a.sql': text })), null, text);
    }
    const pairs = at({ '1_a.up.sql': 'select 1;', '1_a.down.sql': 'select 1;' });
    assert.equal(await dbmate.detect(folder, pairs), null);
    assert.ok(await golangMigrate.detect(folder, pairs));
  });
});

for (const major of testMajors) {
  describe(`dbmate's history and dbmate itself, on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let database: TestDatabase;
    let session: Session;
    let directory: string;

    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      session = await testSession(database);
      directory = await mkdtemp(path.join(os.tmpdir(), 'switchback-dbmate-'));
    });
    after(async () => {
      await session?.close();
      await database?.drop();
      if (directory) await rm(directory, { recursive: true, force: true });
    });
    beforeEach(() => session.script('drop schema public cascade; create schema public'));

    const execution = async (version: string, direction: Direction): Promise<LayoutExecution> => {
      const migrations = await dbmate.list(directory, nodeFiles());
      const migration = migrations.find((each) => each.version === version)!;
      const context = { directory: 'm', by: '', contentHash: '', recordedHash: null, id: '', sql: '' };
      return dbmate.execution(migration, direction, { ...context, previousVersion: null });
    };
    const run = async (version: string, direction: Direction): Promise<void> => {
      const files = nodeFiles();
      const migration = (await dbmate.list(directory, files)).find((each) => each.version === version)!;
      const script = (await dbmate.script(migration, direction, files))!;
      const { prepare, before, record, sameTransaction, lock } = await execution(version, direction);
      assert.equal(lock, null);
      assert.ok(sameTransaction);
      for (const sql of prepare) await session.script(sql);
      for (const { sql, parameters } of before) await session.query(sql, parameters);
      const recordAll = async (): Promise<void> => {
        for (const { sql, parameters } of record(1)) await session.query(sql, parameters);
      };
      if (script.transaction === 'implicit') {
        await session.script(script.sql);
        await recordAll();
        return;
      }
      await session.transaction(async () => {
        await session.script(script.sql);
        await recordAll();
      });
    };
    const tool = async (...verb: string[]): Promise<string> => {
      const { host, port, user, database: name } = database.connection;
      const url = `postgres://${user}:${encodeURIComponent(database.password)}@${host}:${port}/${name}?sslmode=disable`;
      const binary = path.resolve(__dirname, '..', '..', 'node_modules', '.bin', 'dbmate');
      const common = ['--migrations-dir', directory, '--no-dump-schema'];
      const { stdout } = await promisify(execFile)(binary, [...common, ...verb], {
        env: { ...process.env, DATABASE_URL: url },
        cwd: directory,
      });
      return stdout;
    };
    const applied = async (): Promise<string[]> =>
      (await dbmate.history('m', session)).applied.map(({ version }) => version);
    const columns = async (): Promise<unknown[]> =>
      (
        await session.query(
          `select a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull,
             pg_get_expr(d.adbin, d.adrelid) as preset, pg_get_constraintdef(c.oid) as key, c.conname
           from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
           left join pg_constraint c on c.conrelid = a.attrelid and c.contype = 'p'
           where a.attrelid = 'schema_migrations'::regclass and a.attnum > 0 order by a.attnum`,
        )
      ).rows;
    const write = async (texts: Record<string, string>): Promise<void> => {
      for (const [name, text] of Object.entries(texts)) await writeFile(path.join(directory, name), text);
    };

    it('takes turns with dbmate, row for row', async () => {
      const table = (name: string): string =>
        `-- migrate:up\ncreate table ${name} (n int);\n-- migrate:down\ndrop table ${name};\n`;
      const index =
        '-- migrate:up transaction:false\ncreate index concurrently i on a (n);\n-- migrate:down transaction:false\ndrop index concurrently i;\n';
      await write({ '001_a.sql': table('a'), '002_b.sql': table('b') });
      assert.equal((await dbmate.history('m', session)).exists, false);
      await tool('up');
      assert.deepEqual(await applied(), ['001', '002']);
      const theirs = await columns();

      await write({ '003_i.sql': index, '004_c.sql': table('c') });
      await run('003', 'up');
      assert.match(await tool('status'), /\[X\] 003_i\.sql\n\[ \] 004_c\.sql/);
      await tool('up');
      assert.deepEqual(await applied(), ['001', '002', '003', '004']);
      await run('004', 'down');
      assert.match(await tool('status'), /\[X\] 003_i\.sql\n\[ \] 004_c\.sql/);
      await tool('rollback');
      await run('002', 'down');
      assert.match(await tool('status'), /\[X\] 001_a\.sql\n\[ \] 002_b\.sql[^]*Applied: 1\n/);
      assert.deepEqual(await applied(), ['001']);

      await session.script('drop schema public cascade; create schema public');
      await run('001', 'up');
      assert.deepEqual(await columns(), theirs);
      assert.match(await tool('status'), /Applied: 1\n/);
      await tool('up');
      assert.deepEqual(await applied(), ['001', '002', '003', '004']);
    });

    describe('reads a file as dbmate does', () => {
      const log = (word: string): string => `insert into log values ('${word}');`;
      const only = async (text: string): Promise<void> => {
        await rm(directory, { recursive: true, force: true });
        await nodeFiles().write(path.join(directory, '1_a.sql'), text);
        await session.script('create table log (word text)');
      };
      const read = async (direction: Direction): Promise<string> => {
        const [migration] = await dbmate.list(directory, nodeFiles());
        return (await dbmate.script(migration!, direction, nodeFiles()))!.sql;
      };
      const logged = async (): Promise<unknown[]> => {
        const { rows } = await session.query('select word from log');
        await session.script('truncate log');
        return rows;
      };
      const composed = dbmate.compose(
        { folder: '', name: 'n', up: log('up'), down: null, transactional: false, now: new Date() },
        [],
      );
      const run: Record<string, string> = {
        'lines that end in CR LF': `-- note\r\n-- migrate:up\r\n${log('up')}\r\n-- migrate:down x:y\r\n${log('down')}\r\n`,
        'what looks like a marker': `--migrate:up transaction:true\n  -- migrate:down\n-- migrate:upon\n${log('up')}\n-- migrate:down\n${log('down')}`,
        'a file of ours': composed[0]!.text,
      };
      const refused: Record<string, string> = {
        'no marker': 'select 1;',
        'no down': '-- migrate:up\n',
        'SQL above the markers': 'select 1;\n-- migrate:up\n-- migrate:down\n',
        'two ups': '-- migrate:up\n-- migrate:down\n-- migrate:up\n-- migrate:down\n',
        'two downs': '-- migrate:up\n-- migrate:down\n-- migrate:down\n',
      };
      for (const [name, text] of Object.entries(run)) {
        it(`with ${name}`, async () => {
          await only(text);
          for (const direction of ['up', 'down'] as const) {
            await tool(direction === 'up' ? 'up' : 'rollback');
            const theirs = await logged();
            if (direction === 'up') assert.deepEqual(theirs, [{ word: 'up' }]);
            await session.script(await read(direction));
            assert.deepEqual(await logged(), theirs);
          }
        });
      }
      for (const [name, text] of Object.entries(refused)) {
        it(`and refuses one with ${name}`, async () => {
          await only(text);
          await assert.rejects(tool('up'), /dbmate (?:requires|does not)|duplicate key/);
          await assert.rejects(read('up'), { code: 'invalid-file' });
        });
      }
      it('and fails at a marker that is cut into lines', async () => {
        await only(`--\nmigrate:up transaction:false\n-- migrate:down\n`);
        await assert.rejects(tool('up'), /syntax error/);
        await assert.rejects(session.script(await read('up')), { code: 'syntax-error' });
      });
    });

    it("leaves golang-migrate's table of the same name alone, and reads one that grew another column", async () => {
      await rm(directory, { recursive: true, force: true });
      await nodeFiles().write(path.join(directory, '1_a.sql'), both);
      await session.script(
        'create table schema_migrations (version bigint primary key, dirty boolean); insert into schema_migrations values (1, false)',
      );
      await assert.rejects(dbmate.history('m', session), { code: 'invalid-input' });
      await assert.rejects(run('1', 'up'));
      await assert.rejects(run('1', 'down'));
      const { rows } = await session.query('select version from schema_migrations');
      assert.deepEqual(rows, [{ version: '1' }]);
      await session.script(
        "drop table schema_migrations; create table schema_migrations (version varchar(255) primary key, at timestamptz default now()); insert into schema_migrations values ('2'), ('10')",
      );
      assert.deepEqual(await applied(), ['10', '2']);
    });
  });
}

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { drizzle as connectDrizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import type { Session } from '../../src/database/session';
import { drizzle } from '../../src/layouts/drizzle';
import type { Direction, Migration, MigrationScript } from '../../src/layouts/layout';
import type { ComposedFile } from '../../src/layouts/new-migration';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { nodeFiles } from '../../src/ports/node-files';
import { memoryFiles } from '../support/memory-files';
import { testMajors, testServer, testSession, type TestDatabase } from '../support/servers';

const folder = path.resolve('/w/drizzle');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const journal = (...entries: [string, number][]): string =>
  JSON.stringify(
    {
      version: '7',
      dialect: 'postgresql',
      entries: entries.map(([tag, when], idx) => ({ idx, version: '7', when, tag, breakpoints: true })),
    },
    null,
    2,
  );

describe('Drizzle files', () => {
  it('belong to their folder, and a way back to the one above', () => {
    assert.equal(drizzle.folderOf(`${folder}/0000_a.sql`), folder);
    assert.equal(drizzle.folderOf(`${folder}/down/0000_a.sql`), folder);
    assert.equal(drizzle.folderOf(`${folder}/meta/_journal.json`), null);
    assert.equal(drizzle.folderOf(`${folder}/1_a/migration.sql`), null);
    assert.equal(drizzle.folderOf(`${folder}/without_number.sql`), folder);
  });

  it('are those of the journal, in its order', async () => {
    const files = memoryFiles({
      [`${folder}/meta/_journal.json`]: journal(
        ['0000_b', 1700000000000],
        ['0001_a', 1700000000500],
        ['plain', 1800000000000],
      ),
      [`${folder}/0001_a.sql`]: 'select 1;\r\n--> statement-breakpoint\r\nselect 2;',
      [`${folder}/0000_b.sql`]: '\uFEFF',
      [`${folder}/plain.sql`]: '',
      [`${folder}/queries.sql`]: 'select 3',
      [`${folder}/down/0001_a.sql`]: 'select -1;',
      [`${folder}/down/0009_x.sql`]: '',
    });
    const list = await drizzle.list(folder, files);
    assert.deepEqual(
      list.map(({ version, name, downPath, problems }) => [version, name, downPath !== null, problems]),
      [
        ['1700000000000', 'b', false, undefined],
        ['1700000000500', 'a', true, undefined],
        ['1800000000000', 'plain', false, undefined],
      ],
    );
    const up = (await drizzle.script(list[1]!, 'up', files))!;
    assert.deepEqual(
      [up.sql, up.offset, up.transaction],
      ['select 1;\r\n--> statement-breakpoint\r\nselect 2;', 0, 'wrapped'],
    );
    assert.equal(drizzle.recordedHash(up), sha256(up.sql));
    assert.equal((await drizzle.script(list[1]!, 'down', files))!.sql, 'select -1;');
    assert.equal((await drizzle.script(list[0]!, 'up', files))!.sql, '');
    assert.equal(await drizzle.script(list[0]!, 'down', files), null);
  });

  it('say what is wrong: no file, the same time, an earlier time, not in the journal', async () => {
    const files = memoryFiles({
      [`${folder}/meta/_journal.json`]: journal(
        ['0000_a', 10],
        ['0001_b', 10],
        ['0002_c', 30],
        ['0003_d', 20],
      ),
      [`${folder}/0000_a.sql`]: '',
      [`${folder}/0001_b.sql`]: '',
      [`${folder}/0003_d.sql`]: '',
      [`${folder}/0004_e.sql`]: '',
    });
    const list = await drizzle.list(folder, files);
    assert.deepEqual(
      list.map((migration) => migration.version),
      ['10', '30', '20'],
    );
    assert.match(list[0]!.problems!.join(), /^0001_b\.sql has the same "when"/);
    assert.match(list[1]!.problems!.join(), /names 0002_c\.sql, which is not there/);
    assert.match(list[2]!.problems![0]!, /0003_d\.sql has an earlier "when" .* than 0002_c\.sql/);
    assert.match(list[2]!.problems![1]!, /^0004_e\.sql is not in/);
    assert.equal(list[2]!.problems!.length, 2);
    assert.equal(await drizzle.script(list[1]!, 'up', files), null);
  });

  it('cannot be listed by a broken journal, which is named', async () => {
    for (const text of [
      '{',
      'null',
      '{}',
      journal(['../../secret', 1]),
      '{"entries":[{"tag":"a","when":"x"}]}',
      '{"entries":[null]}',
    ]) {
      const files = memoryFiles({ [`${folder}/meta/_journal.json`]: text });
      await assert.rejects(drizzle.list(folder, files), { code: 'invalid-file', message: /_journal\.json/ });
      assert.equal((await drizzle.detect(folder, files)) !== null, true);
    }
    assert.deepEqual(await drizzle.list(folder, memoryFiles()), []);
  });

  it('are known by the journal and its dialect alone', async () => {
    const confidence = async (files: Record<string, string>) =>
      (await drizzle.detect(folder, memoryFiles(files)))?.confidence;
    assert.equal(await confidence({ [`${folder}/meta/_journal.json`]: journal() }), 0.95);
    assert.equal(
      await confidence({ [`${folder}/meta/_journal.json`]: '{"dialect":"pg","entries":[]}' }),
      0.95,
    );
    assert.equal(
      await confidence({ [`${folder}/meta/_journal.json`]: '{"dialect":"mysql","entries":[]}' }),
      undefined,
    );
    assert.equal(
      await confidence({ [`${folder}/0000_a.sql`]: 'select 1;--> statement-breakpoint' }),
      undefined,
    );
    assert.equal(
      await confidence({
        [`${folder}/1_a/migration.sql`]: '',
        [`${folder}/migration_lock.toml`]: 'provider = "postgresql"',
      }),
      undefined,
    );
  });

  it('are composed with the next number and a later time, and sealed into the journal', async () => {
    const now = new Date(25);
    const request = { folder, name: 'Add full name', up: 'u', down: 'd', transactional: true, now };
    const first = drizzle.compose(request, []);
    assert.deepEqual(
      first.map((file) => [path.relative(folder, file.path), file.text, file.direction, file.version]),
      [
        ['0000_add_full_name.sql', 'u', 'up', '25'],
        [path.join('down', '0000_add_full_name.sql'), 'd', 'down', '25'],
      ],
    );
    const existing = (...names: string[]): Migration[] =>
      names.map((name, index) => ({
        version: String(index * 10),
        name,
        folder,
        layout: 'drizzle',
        upPath: path.join(folder, name),
        downPath: null,
      }));
    const next = (...names: string[]): string =>
      path.basename(drizzle.compose(request, existing(...names))[0]!.path);
    assert.equal(next('0000_a.sql', '0009_b.sql'), '0010_add_full_name.sql');
    assert.equal(next('20240101000000_a.sql'), '20240101000001_add_full_name.sql');
    assert.equal(next('brave.sql'), 'add_full_name.sql');
    assert.equal(next('add_full_name.sql'), 'add_full_name_2.sql');
    assert.equal(
      drizzle.compose(request, existing('0000_a', '0001_b', '0002_c', '0003_d'))[0]!.version,
      '31',
    );
    assert.equal(drizzle.compose({ ...request, down: null }, []).length, 1);
    assert.throws(() => drizzle.compose({ ...request, transactional: false }, []), {
      code: 'invalid-input',
      message: /runs every migration in one/,
    });

    const files = memoryFiles({});
    const write = async (composed: readonly ComposedFile[]): Promise<void> => {
      const sealed = await drizzle.seal!(composed, files);
      for (const { path: file, text } of [...sealed.files, ...sealed.beside]) await files.write(file, text);
    };
    await write(first);
    await write(first);
    assert.equal(await files.read(`${folder}/meta/_journal.json`), journal(['0000_add_full_name', 25]));
    await write(drizzle.compose({ ...request, name: 'more' }, await drizzle.list(folder, files)));
    assert.equal(
      await files.read(`${folder}/meta/_journal.json`),
      journal(['0000_add_full_name', 25], ['0001_more', 26]),
    );
    const [one] = await drizzle.list(folder, files);
    assert.deepEqual(
      [one!.upPath, one!.downPath, one!.problems],
      [first[0]!.path, first[1]!.path, undefined],
    );
  });

  it('keep what a journal holds beside, with its own indent and last line end', async () => {
    const text = '{\n\t"version": "6",\n\t"dialect": "pg",\n\t"extra": 1,\n\t"entries": []\n}\n';
    const files = memoryFiles({ [`${folder}/meta/_journal.json`]: text });
    const composed = drizzle.compose(
      { folder, name: 'a', up: '', down: null, transactional: true, now: new Date(7) },
      [],
    );
    const { beside } = await drizzle.seal!(composed, files);
    assert.match(
      beside[0]!.text,
      /^\{\n\t"version": "6",\n\t"dialect": "pg",\n\t"extra": 1,\n\t"entries": \[\n\t\t\{\n/,
    );
    assert.ok(beside[0]!.text.endsWith('}\n'));
    const written = JSON.parse(beside[0]!.text) as { entries: { version: string }[] };
    assert.equal(written.entries[0]!.version, '6');
  });
});

for (const major of testMajors) {
  describe(`Drizzle's own migrator on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    const files = nodeFiles();
    let database: TestDatabase;
    let session: Session;
    let client: pg.Client;
    let place: string;

    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      session = await testSession(database);
      const { host, port, user, database: name } = database.connection;
      client = new pg.Client({ host, port, user, database: name, password: database.password });
      await client.connect();
    });
    after(async () => {
      await client?.end();
      await session?.close();
      await database?.drop();
    });
    beforeEach(async () => {
      place = await mkdtemp(path.join(tmpdir(), 'drizzle-'));
      await session.script(
        'drop schema if exists drizzle cascade; drop schema public cascade; create schema public',
      );
    });
    afterEach(() => rm(place, { recursive: true }));

    const tool = (): Promise<void> => migrate(connectDrizzle(client), { migrationsFolder: place });
    const texts: Record<string, string> = {
      '0000_one': 'create table one (id int);\r\n--> statement-breakpoint\r\ncreate index on one (id);',
      '0001_two': 'create table two (id int);',
      '0002_three': 'create table "trois_é" (id int);\n',
    };
    const write = async (count: number): Promise<void> => {
      const tags = Object.keys(texts).slice(0, count);
      for (const tag of tags) await files.write(path.join(place, `${tag}.sql`), texts[tag]!);
      await files.write(path.join(place, 'down', '0001_two.sql'), 'drop table two;');
      await files.write(path.join(place, 'down', '0002_three.sql'), 'drop table "trois_é";');
      const times = tags.map((tag, index): [string, number] => [tag, 1700000000000 + index]);
      await files.write(path.join(place, 'meta', '_journal.json'), journal(...times));
    };
    const run = async (migration: Migration, direction: Direction): Promise<void> => {
      const script = (await drizzle.script(migration, direction, files))!;
      const up = (await drizzle.script(migration, 'up', files))!;
      const execution = drizzle.execution(migration, direction, {
        directory: 'drizzle',
        previousVersion: null,
        by: 'somebody',
        sql: script.sql,
        contentHash: script.contentHash,
        recordedHash: drizzle.recordedHash(up),
        id: '',
      });
      assert.equal(execution.lock, null);
      for (const sql of execution.prepare) await session.script(sql);
      assert.deepEqual([execution.before, execution.sameTransaction], [[], true]);
      await session.transaction(async () => {
        await session.script(script.sql);
        for (const { sql, parameters } of execution.record(1)) await session.query(sql, parameters);
      });
    };
    const states = async (): Promise<string[]> => {
      const migrations = await drizzle.list(place, files);
      const up = new Map<string, MigrationScript | null>();
      for (const migration of migrations)
        up.set(migration.version, await drizzle.script(migration, 'up', files));
      const history = await drizzle.history('drizzle', session);
      const statuses = migrationStatuses({ migrations, history, layout: drizzle, up, down: new Map() });
      return statuses.map(({ state, flags }) =>
        [state, ...flags.filter((flag) => flag !== 'no-down')].join(' '),
      );
    };
    const rows = async (): Promise<unknown[]> =>
      (await session.query('select hash, created_at from drizzle.__drizzle_migrations order by id')).rows;
    const tables = async (): Promise<string[]> =>
      (
        await session.query<{ name: string }>(
          "select tablename as name from pg_tables where schemaname = 'public' order by 1",
        )
      ).rows.map(({ name }) => name);
    const row = (tag: string, index: number) => ({
      hash: sha256(texts[tag]!),
      created_at: String(1700000000000 + index),
    });

    it('applies some, Switchback the next, it the one after; and one that goes back comes again', async () => {
      await write(1);
      assert.equal((await drizzle.history('drizzle', session)).exists, false);
      await tool();
      await write(3);
      assert.deepEqual(await states(), ['applied', 'pending', 'pending']);
      const [, two, three] = await drizzle.list(place, files);
      await run(two!, 'up');
      assert.deepEqual(await states(), ['applied', 'applied', 'pending']);
      await tool();
      const all = [row('0000_one', 0), row('0001_two', 1), row('0002_three', 2)];
      assert.deepEqual(await rows(), all);
      assert.deepEqual(await states(), ['applied', 'applied', 'applied']);
      await run(three!, 'down');
      assert.deepEqual(await tables(), ['one', 'two']);
      assert.deepEqual(await states(), ['applied', 'applied', 'pending']);
      await tool();
      assert.deepEqual(await rows(), all);
      assert.deepEqual(await tables(), ['one', 'trois_é', 'two']);
    });

    it('finds nothing to do where Switchback applied all from empty, in a table like its own', async () => {
      await write(3);
      for (const migration of await drizzle.list(place, files)) await run(migration, 'up');
      const definition = async (): Promise<unknown[]> =>
        (
          await session.query(
            `select a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull, pg_get_expr(d.adbin, d.adrelid) as expr,
               (select string_agg(conname || pg_get_constraintdef(oid), ',' order by conname) from pg_constraint
                where conrelid = a.attrelid and contype = 'p') as key
             from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
             where a.attrelid = 'drizzle.__drizzle_migrations'::regclass and a.attnum > 0 order by a.attnum`,
          )
        ).rows;
      const ours = await definition();
      const before = await rows();
      await tool();
      assert.deepEqual(await rows(), before);
      await session.script('drop schema drizzle cascade; drop table one, two, "trois_é"');
      await tool();
      assert.deepEqual(await rows(), before);
      assert.deepEqual(await definition(), ours);
    });

    it('runs what was composed and sealed', async () => {
      await write(2);
      await tool();
      const request = {
        folder: place,
        name: 'Add four',
        up: 'create table four ();',
        down: 'drop table four;',
        transactional: true,
        now: new Date(),
      };
      const composed = drizzle.compose(request, await drizzle.list(place, files));
      assert.equal(path.basename(composed[0]!.path), '0002_add_four.sql');
      const sealed = await drizzle.seal!(composed, files);
      for (const { path: file, text } of [...sealed.files, ...sealed.beside]) await files.write(file, text);
      assert.deepEqual(await states(), ['applied', 'applied', 'pending']);
      await tool();
      assert.deepEqual(await tables(), ['four', 'one', 'two']);
      assert.deepEqual(await states(), ['applied', 'applied', 'applied']);
    });

    it('leaves out what is earlier than its latest row, which Switchback shows as applied', async () => {
      await write(3);
      await files.write(
        path.join(place, 'meta', '_journal.json'),
        journal(['0000_one', 1700000000000], ['0002_three', 1700000000002]),
      );
      await tool();
      await files.write(
        path.join(place, 'meta', '_journal.json'),
        journal(['0000_one', 1700000000000], ['0002_three', 1700000000002], ['0001_two', 1700000000001]),
      );
      await tool();
      assert.deepEqual(await tables(), ['one', 'trois_é']);
      assert.deepEqual(await states(), ['applied', 'applied', 'applied']);
      const last = (await drizzle.list(place, files)).at(-1)!;
      assert.match(last.problems!.join(), /leaves this one out/);
    });

    it('keeps a checksum that tells an edited file, and rows of files that are gone', async () => {
      await write(3);
      await tool();
      await files.write(path.join(place, '0001_two.sql'), 'create table zwei ();');
      assert.deepEqual(await states(), ['applied', 'applied edited', 'applied']);
      await files.write(path.join(place, 'meta', '_journal.json'), journal(['0001_two', 1700000000001]));
      assert.deepEqual(await states(), ['missing', 'applied edited', 'missing']);
    });

    it('is not read from a table of that name that is not its own', async () => {
      await session.script('create schema drizzle; create table drizzle.__drizzle_migrations (id int)');
      await assert.rejects(drizzle.history('', session), { code: 'invalid-input' });
    });
  });
}

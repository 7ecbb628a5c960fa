import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commit, Logger, migrate, status, type Settings } from 'graphile-migrate';
import { sessionFactory } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { graphileMigrate } from '../../src/layouts/graphile-migrate';
import type { Direction, Migration } from '../../src/layouts/layout';
import type { NewMigration } from '../../src/layouts/new-migration';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { sealComposed } from '../../src/layouts/seal-composed';
import { nodeFiles } from '../../src/ports/node-files';
import { memoryFiles } from '../support/memory-files';
import { testMajors, testServer, type TestDatabase } from '../support/servers';

const folder = path.resolve('/w/migrations');
const inFolder = (name: string): string => path.join(folder, name);
/** A committed file by its looks: nobody asks here whether the hash is right. */
const first = `--! Previous: -
--! Hash: sha1:8f7a90a9d4a7f4a3c1a4b5a34ec6dd41cd5d4a0d

create table a (id int);
`;

const request = (changes: Partial<NewMigration>): NewMigration => ({
  folder,
  name: 'Add index',
  up: 'create table b (id int);',
  down: 'drop table b;',
  transactional: true,
  now: new Date(0),
  ...changes,
});

describe('graphile-migrate', () => {
  const list = (files: Record<string, string>): Promise<Migration[]> =>
    graphileMigrate.list(
      folder,
      memoryFiles(Object.fromEntries(Object.entries(files).map(([name, text]) => [inFolder(name), text]))),
    );

  it('knows its files by their place', () => {
    const folderOf = (name: string): string | null => graphileMigrate.folderOf(inFolder(name));
    for (const name of [
      'committed/000001.sql',
      'committed/000002-add_x.sql',
      'down/1-a.sql',
      'current.sql',
      'current/1.sql',
    ])
      assert.equal(folderOf(name), folder, name);
    for (const name of [
      '000001.sql',
      'committed/a.sql',
      'committed/000001_a.sql',
      'committed/1-ä.sql',
      'other/1.sql',
    ])
      assert.equal(folderOf(name), null, name);
  });

  it('lists in the order of the file name, with gaps, ways back and numbers taken twice', async () => {
    const found = await list({
      'committed/000010-later.sql': '',
      'committed/000002.sql': '',
      'committed/000001-first.sql': '',
      'committed/000001-second.sql': '',
      'committed/000003_not.sql': '',
      'committed/README.md': '',
      'down/000002.sql': '',
      'down/000009.sql': '',
      'current.sql': '',
    });
    assert.deepEqual(
      found.map(({ version, name, upPath, downPath }) => [
        version,
        name,
        path.relative(folder, upPath).split(path.sep).join('/'),
        downPath && path.relative(folder, downPath).split(path.sep).join('/'),
      ]),
      [
        ['000001', 'first', 'committed/000001-first.sql', null],
        ['000002', '', 'committed/000002.sql', 'down/000002.sql'],
        ['000010', 'later', 'committed/000010-later.sql', null],
      ],
    );
    assert.match(found[0]!.problems!.join(), /000001-second\.sql has the same number as 000001-first\.sql/);
    assert.deepEqual(await list({ 'current.sql': 'select 1;' }), []);
  });

  it('orders as the tool compares file names, not by number', () => {
    const versions = ['000010', '9', '000002', '10', '1', ''];
    const byTool = [...versions].sort((a, b) => (`${a}.sql` < `${b}.sql` ? -1 : 1));
    assert.deepEqual(
      [...versions].sort((a, b) => graphileMigrate.compare(a, b)),
      byTool,
    );
  });

  it('is detected by its configuration or its headers, and by no name alone', async () => {
    const confidence = async (files: Record<string, string>): Promise<number | null> => {
      const all = Object.entries(files).map(([name, text]): [string, string] => [inFolder(name), text]);
      return (await graphileMigrate.detect(folder, memoryFiles(Object.fromEntries(all))))?.confidence ?? null;
    };
    assert.equal(await confidence({ 'committed/000001.sql': first }), 0.95);
    assert.equal(await confidence({ 'committed/000001.sql': 'select 1;' }), null);
    assert.equal(await confidence({ 'committed/000001.sql': 'select 1;', '../.gmrc': '{}' }), 0.95);
    assert.equal(await confidence({ 'current.sql': '', '../.gmrc.js': '' }), 0.95);
    assert.equal(await confidence({ 'current.sql': '' }), null);
    assert.equal(await confidence({ '../.gmrc': '{}' }), null);
    assert.equal(await confidence({ '000001_a.up.sql': '', '000001_a.down.sql': '' }), null);
    assert.equal(await confidence({ 'committed/000001.sql': '-- migrate:up\nselect 1;' }), null);
  });

  describe('what is sent of a file', () => {
    const scriptOf = async (text: string, direction: Direction = 'up') => {
      const place = direction === 'up' ? 'committed/000001.sql' : 'down/000001.sql';
      const files = memoryFiles({ [inFolder('committed/000001.sql')]: '', [inFolder(place)]: text });
      const [migration] = await graphileMigrate.list(folder, files);
      return (await graphileMigrate.script(migration!, direction, files))!;
    };

    it('starts behind the headers, at its place', async () => {
      const text = '--! Previous: -\n--! Hash: x\n--! Message: é\n\n\n  -- first\nselect 1;\n\n';
      const { sql, offset, transaction } = await scriptOf(text);
      assert.equal(sql, '-- first\nselect 1;\n');
      assert.equal(text.slice(offset, offset + sql.length), sql);
      assert.equal(transaction, 'wrapped');
      assert.equal((await scriptOf('')).sql, '');
      assert.equal((await scriptOf('--! Hash: x')).sql, '');
      assert.equal((await scriptOf('drop table a;\n', 'down')).sql, 'drop table a;\n');
    });

    it('asks for no transaction with its first line alone', async () => {
      const transaction = async (body: string): Promise<string> =>
        (await scriptOf(`--! Previous: -\n--! Hash: x\n\n${body}`)).transaction;
      assert.equal(await transaction('--! no-transaction\nvacuum a;'), 'implicit');
      assert.equal(await transaction('--!no-transaction -- why\nvacuum a;'), 'implicit');
      assert.equal(await transaction('-- words\n--! no-transaction\nvacuum a;'), 'wrapped');
      assert.equal(await transaction('--! no-transactions\nvacuum a;'), 'wrapped');
      assert.equal(await transaction("select '\n--! no-transaction';"), 'wrapped');
      assert.equal((await scriptOf('--! no-transaction\nvacuum a;', 'down')).transaction, 'implicit');
    });

    it('has the hash of its header while the body is the one committed', async () => {
      const [up] = (
        await sealComposed(graphileMigrate, graphileMigrate.compose(request({}), []), memoryFiles())
      ).files;
      const hash = /^--! Hash: (.*)$/m.exec(up!.text)![1]!;
      const recorded = async (text: string): Promise<string | null> =>
        graphileMigrate.recordedHash(await scriptOf(text));
      assert.equal(await recorded(up!.text), hash);
      assert.equal(await recorded(`${up!.text}\n\n`), hash, 'blanks at the end do not count');
      assert.equal(await recorded(up!.text.replace('id int', 'id bigint')), null);
      assert.equal(await recorded(up!.text.replace('Previous: -', 'Previous: sha1:0')), null);
      assert.equal(await recorded(up!.text.replaceAll('\n', '\r\n')), null, 'the tool sees no headers');
      assert.equal(await recorded(up!.text.replace('\n\n', '\n')), null, 'no empty line');
      assert.equal(await recorded(`--! Hash: a\n${up!.text}`), null, 'a header twice');
      const allowed = (text: string): string => text.replace('--! Hash', '--! AllowInvalidHash\n--! Hash');
      assert.equal(await recorded(allowed(up!.text)), null, 'the tool refuses it where the hash is right');
      assert.equal(await recorded(allowed(up!.text.replace('id int', 'id bigint'))), hash);
    });
  });

  it('composes the next number behind the hash of the last file', async () => {
    const files = memoryFiles({ [inFolder('committed/000009-x.sql')]: first });
    const composed = graphileMigrate.compose(
      request({ name: 'Add  the_index!\n', transactional: false }),
      await graphileMigrate.list(folder, files),
    );
    const sealed = await sealComposed(graphileMigrate, composed, files);
    assert.deepEqual(sealed.beside, []);
    assert.deepEqual(
      sealed.files.map((file) => [path.relative(folder, file.path).split(path.sep).join('/'), file.version]),
      [
        ['committed/000010-add-the_index.sql', '000010'],
        ['down/000010-add-the_index.sql', '000010'],
      ],
    );
    const [up, down] = sealed.files;
    assert.match(
      up!.text,
      /^--! Previous: sha1:8f7a90a9d4a7f4a3c1a4b5a34ec6dd41cd5d4a0d\n--! Hash: sha1:[0-9a-f]{40}\n/,
    );
    assert.match(up!.text, /\n--! Message: Add the_index!\n\n--! no-transaction\ncreate table b/);
    assert.equal(down!.text, '--! no-transaction\ndrop table b;');
    for (const file of sealed.files) await files.write(file.path, file.text);
    const last = (await graphileMigrate.list(folder, files)).at(-1)!;
    assert.deepEqual([last.version, last.upPath, last.downPath], ['000010', up!.path, down!.path]);
    assert.equal((await graphileMigrate.script(last, 'up', files))!.transaction, 'implicit');
    // Sealed again, as a release that was cut off is: the same text.
    assert.equal((await sealComposed(graphileMigrate, composed, files)).files[0]!.text, up!.text);
    assert.equal(graphileMigrate.compose(request({ down: null }), [last]).length, 1);
  });

  it('does not go on behind a file without its hash', async () => {
    const files = memoryFiles({ [inFolder('committed/000001.sql')]: 'select 1;' });
    const composed = graphileMigrate.compose(request({}), await graphileMigrate.list(folder, files));
    await assert.rejects(sealComposed(graphileMigrate, composed, files), { code: 'invalid-file' });
  });
});

for (const major of testMajors) {
  describe(`graphile-migrate beside the tool, on PostgreSQL ${major}`, function () {
    this.timeout(120_000);
    let database: TestDatabase;
    let shadow: TestDatabase;
    let session: Session;
    let root: string;
    let settings: Settings;
    const disk = nodeFiles();

    before(async () => {
      const server = await testServer({ major });
      database = await server.createDatabase();
      shadow = await server.createDatabase();
      session = await sessionFactory(database.connection, async () => database.password).open();
      root = await mkdtemp(path.join(tmpdir(), 'graphile-migrate-'));
      await mkdir(path.join(root, 'committed'));
      const url = ({ connection, password }: TestDatabase, name = connection.database): string =>
        `postgres://${connection.user}:${encodeURIComponent(password)}@${connection.host}:${connection.port}/${name}`;
      settings = {
        connectionString: url(database),
        shadowConnectionString: url(shadow),
        rootConnectionString: url(database, 'postgres'),
        migrationsFolder: root,
        logger: new Logger(() => () => undefined),
      };
    });
    after(async () => {
      await session?.close();
      // The tool keeps its connections for a moment after its work.
      await new Promise((resolve) => setTimeout(resolve, 400));
      await database?.drop();
      await shadow?.drop();
      if (root) await rm(root, { recursive: true, force: true });
    });

    /** As `runMigrationFile` does it, in one transaction. */
    const run = async (migration: Migration, direction: Direction): Promise<void> => {
      const up = (await graphileMigrate.script(migration, 'up', disk))!;
      const script = (await graphileMigrate.script(migration, direction, disk))!;
      const execution = graphileMigrate.execution(migration, direction, {
        directory: 'migrations',
        previousVersion: null,
        by: 'somebody',
        sql: script.sql,
        contentHash: script.contentHash,
        recordedHash: graphileMigrate.recordedHash(up),
        id: '',
      });
      await session.query(execution.lock!.take);
      try {
        for (const sql of execution.prepare) await session.query(sql);
        for (const { sql, parameters } of execution.before) await session.query(sql, parameters);
        assert.ok(execution.sameTransaction);
        await session.transaction(async () => {
          await session.script(script.sql);
          for (const { sql, parameters } of execution.record(5)) await session.query(sql, parameters);
        });
      } finally {
        await session.query(execution.lock!.release);
      }
    };
    const compose = async (changes: Partial<NewMigration>): Promise<Migration> => {
      const composed = graphileMigrate.compose(
        request({ folder: root, ...changes }),
        await graphileMigrate.list(root, disk),
      );
      const { files } = await sealComposed(graphileMigrate, composed, disk);
      for (const file of files) await disk.write(file.path, file.text);
      return (await graphileMigrate.list(root, disk)).at(-1)!;
    };
    const remaining = async (): Promise<string[] | undefined> => (await status(settings)).remainingMigrations;
    const rows = async (): Promise<unknown[]> =>
      (
        await session.query(
          'select hash, previous_hash, filename from graphile_migrate.migrations order by filename',
        )
      ).rows;

    it('is no history before the first migration', async () => {
      assert.equal((await graphileMigrate.history('migrations', session)).exists, false);
    });

    it('goes on where the tool stopped, and the tool where Switchback stopped', async () => {
      for (const [name, body] of [
        ['First one', 'create table a (id int);'],
        [undefined, "-- a column\nalter table a add column x text default ':x';\n\n"],
      ] as const) {
        await writeFile(path.join(root, 'current.sql'), body);
        await commit(settings, name);
      }
      assert.deepEqual(await readdir(path.join(root, 'committed')), ['000001-first-one.sql', '000002.sql']);
      assert.deepEqual(await remaining(), []);

      const listed = await graphileMigrate.list(root, disk);
      assert.equal((await graphileMigrate.detect(root, disk))!.confidence, 0.95);
      const history = await graphileMigrate.history('migrations', session);
      assert.deepEqual(
        history.applied.map(({ version }) => version),
        ['000001', '000002'],
      );
      for (const [index, migration] of listed.entries()) {
        const up = (await graphileMigrate.script(migration, 'up', disk))!;
        assert.equal(graphileMigrate.recordedHash(up), history.applied[index]!.contentHash);
      }

      const third = await compose({ name: 'Third', up: 'create table b (id int);', down: 'drop table b;' });
      assert.deepEqual(await remaining(), ['000003.sql']);
      await run(third, 'up');
      assert.deepEqual(await remaining(), []);
      const bySwitchback = await rows();

      // What the tool would have written in its place.
      await run(third, 'down');
      assert.deepEqual(await remaining(), ['000003.sql']);
      await migrate(settings);
      assert.deepEqual(await rows(), bySwitchback);
      assert.deepEqual(await remaining(), []);

      // The tool commits and runs the next one behind it.
      await writeFile(path.join(root, 'current.sql'), 'alter table b add column y int;');
      await commit(settings, 'Fourth');
      assert.deepEqual(await remaining(), []);
      assert.equal((await rows()).length, 4);
    });

    it('takes one without a transaction from Switchback as from the tool', async () => {
      const fifth = await compose({
        name: 'Index',
        up: 'create index concurrently b_id on b (id);',
        down: 'drop index concurrently b_id;',
        transactional: false,
      });
      await migrate(settings);
      assert.deepEqual(await remaining(), []);
      assert.equal((await graphileMigrate.script(fifth, 'up', disk))!.transaction, 'implicit');
      const { applied } = await graphileMigrate.history('migrations', session);
      const up = (await graphileMigrate.script(fifth, 'up', disk))!;
      assert.equal(applied.at(-1)!.contentHash, graphileMigrate.recordedHash(up));
    });

    it('runs none whose text is not the one committed, as the tool', async () => {
      const sixth = await compose({ name: 'Sixth', up: 'create table c (id int);', down: 'drop table c;' });
      const text = await readFile(sixth.upPath, 'utf8');
      await writeFile(sixth.upPath, text.replace('id int', 'id bigint'));
      await assert.rejects(migrate(settings), /does not match/);
      await assert.rejects(run(sixth, 'up'), /refuses 000006\.sql/);
      assert.deepEqual(await remaining(), ['000006.sql']);
      await writeFile(sixth.upPath, text);
      await run(sixth, 'up');
      assert.deepEqual(await remaining(), []);
    });

    it('tells of a file edited after it was applied', async () => {
      const edited = (await graphileMigrate.list(root, disk))[1]!;
      const text = await readFile(edited.upPath, 'utf8');
      await chmod(edited.upPath, 0o640);
      await writeFile(edited.upPath, text.replace('text default', 'varchar default'));
      const up = new Map<string, Awaited<ReturnType<typeof graphileMigrate.script>>>();
      const migrations = await graphileMigrate.list(root, disk);
      for (const each of migrations) up.set(each.version, await graphileMigrate.script(each, 'up', disk));
      const statuses = migrationStatuses({
        migrations,
        history: await graphileMigrate.history('migrations', session),
        layout: graphileMigrate,
        up,
        down: new Map(),
      });
      await writeFile(edited.upPath, text);
      const flagged = statuses.filter(({ flags }) => flags.includes('edited')).map(({ version }) => version);
      assert.deepEqual(flagged, ['000002']);
    });

    it('does not take back one that another follows', async () => {
      const [oldest] = await graphileMigrate.list(root, disk);
      const execution = graphileMigrate.execution(oldest!, 'down', {
        directory: '',
        previousVersion: null,
        by: '',
        sql: '',
        contentHash: '',
        recordedHash: null,
        id: '',
      });
      const [remove] = execution.record(0);
      await assert.rejects(session.query(remove!.sql, remove!.parameters));
      assert.equal((await rows()).length, 6);
    });

    it('makes the same tables as the tool', async () => {
      const shape = async (): Promise<unknown> => {
        const columns = await session.query(
          `select table_name, column_name, data_type, is_nullable, column_default
           from information_schema.columns where table_schema = 'graphile_migrate' order by 1, ordinal_position`,
        );
        const constraints = await session.query(
          `select conrelid::regclass::text as relation, conname, pg_get_constraintdef(oid) as definition
           from pg_constraint where connamespace = 'graphile_migrate'::regnamespace and contype in ('p', 'f') order by 1, 2`,
        );
        return [columns.rows, constraints.rows];
      };
      const byTool = await shape();
      await session.script('drop schema graphile_migrate cascade');
      const [oldest] = await graphileMigrate.list(root, disk);
      const context = {
        directory: '',
        previousVersion: null,
        by: '',
        sql: '',
        contentHash: '',
        recordedHash: null,
        id: '',
      };
      for (const sql of graphileMigrate.execution(oldest!, 'up', context).prepare) await session.query(sql);
      assert.deepEqual(await shape(), byTool);
      await session.script('drop schema graphile_migrate cascade');
    });

    it("leaves another's table of that name alone", async () => {
      await session.script(
        'create schema graphile_migrate; create table graphile_migrate.migrations (version text)',
      );
      await assert.rejects(graphileMigrate.history('migrations', session), { code: 'invalid-input' });
      await session.script('drop schema graphile_migrate cascade');
    });
  });
}

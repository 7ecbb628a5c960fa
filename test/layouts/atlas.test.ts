import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { sessionFactory } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { atlas } from '../../src/layouts/atlas';
import { atlasSum, readAtlasSum } from '../../src/layouts/atlas-sum';
import type { Direction, ExecutionContext, Migration, MigrationScript } from '../../src/layouts/layout';
import type { NewMigration } from '../../src/layouts/new-migration';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { sealComposed } from '../../src/layouts/seal-composed';
import { memoryFiles } from '../support/memory-files';
import { testMajors, testServer, type TestDatabase } from '../support/servers';

const folder = path.resolve('/w/migrations');
const inFolder = (name: string): string => path.join(folder, name);
const filesOf = (texts: Record<string, string>): ReturnType<typeof memoryFiles> =>
  memoryFiles(
    Object.fromEntries(Object.entries(texts).map(([name, text]): [string, string] => [inFolder(name), text])),
  );
/** The folder with the atlas.sum it has to have. */
const summed = (texts: Record<string, string>): ReturnType<typeof memoryFiles> => {
  const own = Object.entries(texts).filter(([name]) => /^[^/]*\.sql$/.test(name));
  return filesOf({ ...texts, 'atlas.sum': atlasSum(own.map(([name, text]) => ({ name, text }))) });
};

const request = (changes: Partial<NewMigration>): NewMigration => ({
  folder,
  name: 'Add index',
  up: 'create table b (id int);\n',
  down: 'drop table b;\n',
  transactional: true,
  now: new Date('2026-11-21T10:11:12Z'),
  ...changes,
});

const sha = (...parts: string[]): string => createHash('sha256').update(parts.join('')).digest('base64');

// The rules are those of sql/migrate/dir.go and lex.go of https://github.com/ariga/atlas; its own test folders
// (internal/integration/testdata/migrations/postgres, sql/migrate/testdata/partial-checkpoint) give their atlas.sum.
describe('atlas', () => {
  it('adds up names and texts, each file over all before it', () => {
    const a = sha('1_a.sql', 'create table a ();\n');
    const b = sha('1_a.sql', 'create table a ();\n', '2_b.sql', '\r\n');
    assert.equal(
      atlasSum([
        { name: '2_b.sql', text: '\r\n' },
        { name: '1_a.sql', text: 'create table a ();\n' },
      ]),
      `h1:${sha('1_a.sql', a, '2_b.sql', b)}\n1_a.sql h1:${a}\n2_b.sql h1:${b}\n`,
    );
    assert.equal(atlasSum([]), 'h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n');
  });

  it('counts the name alone of a file that asks to be ignored', () => {
    const ignored = (text: string): boolean => !atlasSum([{ name: '1.sql', text }]).includes('1.sql');
    assert.ok(ignored('-- atlas:sum ignore\nselect 1;'));
    assert.ok(ignored('#atlas:sum  ignore\r\nselect 1;'));
    assert.ok(!ignored('-- atlas:sum ignored\n'));
    assert.ok(!ignored('-- atlas:sum ignore  \n'));
    assert.ok(!ignored('\n-- atlas:sum ignore\n'));
    const kept = sha('1.sql', '2.sql', 'x');
    assert.equal(
      atlasSum([
        { name: '1.sql', text: '-- atlas:sum ignore\n' },
        { name: '2.sql', text: 'x' },
      ]),
      `h1:${sha('2.sql', kept)}\n2.sql h1:${kept}\n`,
    );
  });

  it('reads an atlas.sum, also with CRLF, and nothing else for one', () => {
    const text = atlasSum([{ name: '1 a.sql', text: 'x' }]);
    assert.deepEqual([...readAtlasSum(text)!], [['1 a.sql', sha('1 a.sql', 'x')]]);
    assert.deepEqual([...readAtlasSum(text.replaceAll('\n', '\r\n'))!.keys()], ['1 a.sql']);
    for (const other of ['', 'h1:\n', 'example.org/x v1.0.0 h1:abc=\n', `sum ${text}`])
      assert.equal(readAtlasSum(other), null);
  });

  it('is detected by its atlas.sum, and not in the form of another tool', async () => {
    const confidence = async (files: ReturnType<typeof memoryFiles>): Promise<number | null> =>
      (await atlas.detect(folder, files))?.confidence ?? null;
    assert.equal(await confidence(summed({ '20240101000000_a.sql': 'select 1;' })), 0.95);
    assert.equal(await confidence(summed({})), 0.95);
    assert.equal(await confidence(filesOf({ '20240101000000_a.sql': 'select 1;' })), null);
    assert.equal(await confidence(filesOf({ '1_a.sql': '', 'atlas.sum': 'nothing' })), null);
    assert.equal(await confidence(summed({ '1_a.up.sql': '', '1_a.down.sql': '' })), null);
    assert.equal(await confidence(summed({ 'V1__a.sql': '' })), null);
    assert.equal(await confidence(summed({ '1_a.sql': '-- +goose Up\nselect 1;' })), null);
    assert.equal(await confidence(summed({ '1_a.sql': '-- migrate:up\nselect 1;' })), null);
  });

  it('knows its files by their place', () => {
    assert.equal(atlas.folderOf(inFolder('20240101_a.sql')), folder);
    assert.equal(atlas.folderOf(inFolder('down/20240101_a.sql')), folder);
    assert.equal(atlas.folderOf(inFolder('20240101_a.txt')), null);
  });

  it('lists in the order of names, with the text before the first _ as version', async () => {
    const files = summed({
      '20240102_b_c.sql': 'b',
      '20240101.sql': 'a',
      '2.10.x-20_words.sql': 'c',
      '20240102_again.sql': 'd',
      'notes.txt': '',
      'down/20240101.sql': 'x',
      'sub/20240109_x.sql': '',
    });
    const listed = await atlas.list(folder, files);
    assert.deepEqual(
      listed.map(({ version, name, upPath, downPath }) => [version, name, downPath === upPath]),
      [
        ['2.10.x-20', 'words', true],
        ['20240101', '', false],
        ['20240102', 'again', true],
      ],
    );
    assert.equal(listed[1]!.downPath, inFolder('down/20240101.sql'));
    assert.match(
      listed[2]!.problems!.join(),
      /20240102_b_c\.sql has the same version as 20240102_again\.sql/,
    );
    assert.equal(listed[0]!.checksum, sha('2.10.x-20_words.sql', 'c'));
    assert.ok(atlas.compare('1', '10') < 0 && atlas.compare('10', '9') < 0 && atlas.compare('a', 'a') === 0);
    assert.deepEqual(await atlas.list(folder, filesOf({ 'atlas.sum': '' })), []);
  });

  describe('what is sent of a file', () => {
    const scriptOf = async (text: string, direction: Direction = 'up'): Promise<MigrationScript | null> => {
      const files = summed({ '1_a.sql': text });
      return atlas.script((await atlas.list(folder, files))[0]!, direction, files);
    };
    const transaction = async (text: string): Promise<string> => (await scriptOf(text))!.transaction;

    it('is the whole of it, which has no way back', async () => {
      const text = '-- Create\ncreate table a (é int);\n';
      const script = (await scriptOf(text))!;
      assert.deepEqual([script.sql, script.offset, script.transaction], [text, 0, 'wrapped']);
      assert.equal(atlas.recordedHash(script), sha('1_a.sql', text));
      assert.equal(await scriptOf(text, 'down'), null);
      assert.equal((await scriptOf(''))!.sql, '');
    });

    it('has no transaction where a directive at its top says so', async () => {
      assert.equal(await transaction('-- atlas:txmode none\n\nvacuum a;'), 'none');
      assert.equal(await transaction('-- words\n-- atlas:nolint\n--atlas:txmode none\n\nvacuum a;'), 'none');
      assert.equal(await transaction('-- atlas:txmode none\nvacuum a;'), 'wrapped', 'no empty line');
      assert.equal(await transaction('-- atlas:txmode none\r\n\r\nvacuum a;'), 'wrapped', 'CRLF');
      assert.equal(await transaction('\n-- atlas:txmode none\n\nvacuum a;'), 'wrapped', 'not at the top');
      assert.equal(await transaction('-- atlas:txmode file\n\nselect 1;'), 'wrapped');
      assert.equal(await transaction("select '\n-- atlas:txmode none\n\n';"), 'wrapped');
      assert.equal(await transaction('-- atlas:txmode none'), 'wrapped');
    });

    it('is the part of its direction in an archive', async () => {
      const text =
        '-- atlas:txtar\n\n-- migration.sql --\ninsert into ä values (1);\n\n-- down.sql --\ndelete from ä;\n';
      for (const [direction, sql] of [
        ['up', 'insert into ä values (1);\n\n'],
        ['down', 'delete from ä;\n'],
      ] as const) {
        const script = (await scriptOf(text, direction))!;
        assert.equal(script.sql, sql);
        assert.equal(text.slice(script.offset, script.offset + sql.length), sql);
      }
      assert.equal(await scriptOf('-- atlas:txtar\n\n-- migration.sql --\nselect 1;', 'down'), null);
      assert.equal(await scriptOf('-- atlas:txtar\n\n-- other.sql --\nselect 1;'), null);
      assert.equal((await scriptOf('-- migration.sql --\nselect 1;'))!.offset, 0, 'no archive');
      assert.equal((await scriptOf('-- atlas:txtar\n\n-- migration.sql --'))!.sql, '');
    });

    it('has no checksum to record where Atlas would check something first', async () => {
      const text = '-- migration.sql --\nselect 1;\n';
      assert.equal(
        (await scriptOf(`-- atlas:txtar\n\n-- checks.sql --\nselect true;\n${text}`))!.checksum,
        null,
      );
      assert.equal(
        (await scriptOf(`-- atlas:txtar\n\n-- checks/a.sql --\nselect true;\n${text}`))!.checksum,
        null,
      );
      assert.notEqual((await scriptOf(`-- atlas:txtar\n\n${text}`))!.checksum, null);
    });
  });

  it('composes a file with the time as version, and the atlas.sum with it', async () => {
    const files = summed({ '20240101000000_a.sql': 'create table a (id int);\n' });
    const composed = atlas.compose(request({ transactional: false }), await atlas.list(folder, files));
    const sealed = await sealComposed(atlas, composed, files);
    assert.deepEqual(
      sealed.files.map((file) => [path.relative(folder, file.path).split(path.sep).join('/'), file.text]),
      [
        ['20261121101112_add_index.sql', '-- atlas:txmode none\n\ncreate table b (id int);\n'],
        ['down/20261121101112_add_index.sql', '-- atlas:txmode none\n\ndrop table b;\n'],
      ],
    );
    for (const file of [...sealed.files, ...sealed.beside]) await files.write(file.path, file.text);
    const [, listed] = await atlas.list(folder, files);
    assert.equal(listed!.downPath, sealed.files[1]!.path);
    assert.equal((await atlas.script(listed!, 'up', files))!.transaction, 'none');
    assert.equal((await atlas.script(listed!, 'down', files))!.transaction, 'none');
    assert.equal(
      listed!.checksum,
      sha(
        '20240101000000_a.sql',
        'create table a (id int);\n',
        '20261121101112_add_index.sql',
        sealed.files[0]!.text,
      ),
    );
    // Again, as after a release that was cut off: before atlas.sum was written, and after.
    assert.deepEqual(await sealComposed(atlas, composed, files), sealed);
    await files.write(
      inFolder('atlas.sum'),
      atlasSum([{ name: '20240101000000_a.sql', text: 'create table a (id int);\n' }]),
    );
    assert.deepEqual(await sealComposed(atlas, composed, files), sealed);
  });

  it('begins an empty folder, and goes on with numbers where there are numbers', async () => {
    const empty = memoryFiles();
    const [only] = atlas.compose(request({ down: null }), []);
    assert.equal(path.basename(only!.path), '20261121101112_add_index.sql');
    assert.deepEqual((await sealComposed(atlas, [only!], empty)).beside, [
      {
        path: inFolder('atlas.sum'),
        text: atlasSum([{ name: path.basename(only!.path), text: only!.text }]),
      },
    ]);
    const numbered = await atlas.list(folder, summed({ '1_a.sql': '', '2_b.sql': '', 'x_c.sql': '' }));
    assert.equal(path.basename(atlas.compose(request({}), numbered)[0]!.path), '3_add_index.sql');
  });

  it('does not put new checksums over what was changed', async () => {
    for (const sum of [null, atlasSum([{ name: '1_a.sql', text: 'other' }])]) {
      const files = filesOf({ '1_a.sql': 'select 1;', ...(sum === null ? {} : { 'atlas.sum': sum }) });
      const composed = atlas.compose(request({}), await atlas.list(folder, files));
      await assert.rejects(sealComposed(atlas, composed, files), { code: 'invalid-input' });
    }
  });
});

for (const major of testMajors) {
  describe(`atlas revisions, on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let database: TestDatabase;
    let session: Session;

    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      session = await sessionFactory(database.connection, async () => database.password).open();
    });
    after(async () => {
      await session?.close();
      await database?.drop();
    });
    beforeEach(() =>
      session.script(
        `drop schema if exists atlas_schema_revisions cascade; drop table if exists atlas_schema_revisions;
         drop table if exists a, b`,
      ),
    );

    const files = summed({
      '20240101_a.sql': '-- one\ncreate table a (id int);\ninsert into a values (1);\n-- end\n',
      '20240102_b_c.sql': 'create table b (id int);',
      'down/20240102_b_c.sql': 'drop table b;',
    });
    const contextOf = (up: MigrationScript, script: MigrationScript): ExecutionContext => ({
      directory: 'migrations',
      previousVersion: null,
      by: 'somebody',
      sql: script.sql,
      contentHash: script.contentHash,
      recordedHash: atlas.recordedHash(up),
      id: '',
    });
    const run = async (
      migration: Migration,
      direction: Direction,
      changes: Partial<Migration> = {},
    ): Promise<void> => {
      const up = (await atlas.script({ ...migration, ...changes }, 'up', files))!;
      const script = (await atlas.script(migration, direction, files))!;
      const execution = atlas.execution(migration, direction, contextOf(up, script));
      for (const sql of execution.prepare) await session.query(sql);
      for (const { sql, parameters } of execution.before) await session.query(sql, parameters);
      await session.transaction(async () => {
        await session.script(script.sql);
        for (const { sql, parameters } of execution.record(1.5)) await session.query(sql, parameters);
      });
    };
    const rows = async (): Promise<unknown[]> =>
      (
        await session.query(
          `select version, description, type::int, applied::int, total::int, execution_time::int, error, error_stmt, hash,
             partial_hashes, executed_at > now() - interval '1 minute' as now
           from atlas_schema_revisions.atlas_schema_revisions order by version`,
        )
      ).rows;

    it('writes and removes the rows that the tool would', async () => {
      const [first, second] = await atlas.list(folder, files);
      assert.equal((await atlas.history('', session)).exists, false);
      await run(first!, 'up');
      await run(second!, 'up');
      const row = {
        type: 2,
        execution_time: 1_500_000,
        error: '',
        error_stmt: '',
        partial_hashes: null,
        now: true,
      };
      const one = {
        ...row,
        version: '20240101',
        description: 'a',
        applied: 2,
        total: 2,
        hash: first!.checksum,
      };
      const two = {
        ...row,
        version: '20240102',
        description: 'b_c',
        applied: 1,
        total: 1,
        hash: second!.checksum,
      };
      assert.deepEqual(await rows(), [one, two]);
      const history = await atlas.history('', session);
      assert.deepEqual(
        history.applied.map(({ version, name, milliseconds, contentHash, dirty }) => [
          version,
          name,
          milliseconds,
          contentHash,
          dirty,
        ]),
        [
          ['20240101', 'a', 2, first!.checksum, false],
          ['20240102', 'b_c', 2, second!.checksum, false],
        ],
      );
      await run(second!, 'down');
      assert.deepEqual(await rows(), [one]);
      await run(second!, 'up');
      assert.deepEqual(await rows(), [one, two]);
    });

    it('makes the table as the tool describes it', async () => {
      const [first] = await atlas.list(folder, files);
      await run(first!, 'up');
      const { rows: columns } = await session.query<{ text: string }>(
        `select concat_ws(' ', column_name, data_type, is_nullable, column_default) as text from information_schema.columns
         where table_schema = 'atlas_schema_revisions' order by ordinal_position`,
      );
      assert.deepEqual(
        columns.map(({ text }) => text),
        [
          'version character varying NO',
          'description character varying NO',
          'type bigint NO 2',
          'applied bigint NO 0',
          'total bigint NO 0',
          'executed_at timestamp with time zone NO',
          'execution_time bigint NO',
          'error text YES',
          'error_stmt text YES',
          'hash character varying NO',
          'partial_hashes jsonb YES',
          'operator_version character varying NO',
        ],
      );
    });

    it('reads what the tool left: its own rows, a baseline, one that failed, one marked as done', async () => {
      const [first] = await atlas.list(folder, files);
      await run(first!, 'up');
      await session.script(
        `insert into atlas_schema_revisions.atlas_schema_revisions values
           ('.atlas_cloud_identifier', '77', 2, 0, 0, now(), 0, null, null, '', null, 'x'),
           ('20230101', 'base', 1, 0, 0, now() - interval '1 day', 0, '', '', '', null, 'x'),
           ('20240103', 'broken', 2, 1, 3, now(), 5, 'no such table', 'select', 'hash', '["h1:x"]', 'x'),
           ('20240104', 'solved', 6, 1, 3, now(), 5, 'no such table', 'select', 'hash', null, 'x')`,
      );
      const history = await atlas.history('', session);
      assert.deepEqual(
        history.applied.map(({ version, contentHash, dirty }) => [version, contentHash, dirty]),
        [
          ['20230101', null, false],
          ['20240101', first!.checksum, false],
          ['20240103', 'hash', true],
          ['20240104', 'hash', false],
        ],
      );
      const older: Migration = { ...first!, version: '20220101' };
      const edited = { ...first!, checksum: 'another' };
      const up = new Map([[first!.version, await atlas.script(edited, 'up', files)]]);
      const statuses = migrationStatuses({
        migrations: [older, edited],
        history,
        layout: atlas,
        up,
        down: new Map(),
      });
      assert.deepEqual(
        statuses.map(({ version, state, flags }) => [version, state, flags.includes('edited')]),
        [
          ['20220101', 'applied', false],
          ['20230101', 'missing', false],
          ['20240101', 'applied', true],
          ['20240103', 'failed', false],
          ['20240104', 'missing', false],
        ],
      );
    });

    it('runs nothing that atlas.sum does not list', async () => {
      const [first] = await atlas.list(folder, files);
      await assert.rejects(run(first!, 'up', { checksum: undefined }), /atlas\.sum does not list it/);
      assert.deepEqual(await rows(), []);
    });

    it('reads the revisions in the current schema, and makes no second table beside them', async () => {
      const [first] = await atlas.list(folder, files);
      const execution = atlas.execution(
        first!,
        'up',
        contextOf((await atlas.script(first!, 'up', files))!, (await atlas.script(first!, 'up', files))!),
      );
      await session.script(execution.prepare.at(-1)!.replace('atlas_schema_revisions.', 'public.'));
      assert.deepEqual(await atlas.history('', session), {
        exists: true,
        table: 'public.atlas_schema_revisions',
        applied: [],
        cumulative: false,
      });
      await assert.rejects(run(first!, 'up'), /because its URL names one/);
    });

    it("leaves another's table of that name alone", async () => {
      await session.script('create table atlas_schema_revisions (version text)');
      await assert.rejects(atlas.history('', session), { code: 'invalid-input' });
    });

    it("takes the tool's lock", async () => {
      const [first] = await atlas.list(folder, files);
      const up = (await atlas.script(first!, 'up', files))!;
      const { lock } = atlas.execution(first!, 'up', contextOf(up, up));
      await session.query(lock!.take);
      const { rows: held } = await session.query<{ id: string }>(
        `select ((classid::int8 << 32) + objid::int8)::text as id from pg_locks
         where locktype = 'advisory' and pid = pg_backend_pid() and objsubid = 1`,
      );
      assert.deepEqual(held, [{ id: String(fnv1('atlas_migrate_execute')) }]);
      await session.query(lock!.release);
    });
  });
}

/** FNV-1 in 32 bits, written apart from the product's. */
function fnv1(text: string): bigint {
  let hash = 2166136261n;
  for (const byte of Buffer.from(text, 'utf8')) hash = ((hash * 16777619n) % 2n ** 32n) ^ BigInt(byte);
  return hash;
}

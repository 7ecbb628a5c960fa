import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import type { Session } from '../../src/database/session';
import { dbmate } from '../../src/layouts/dbmate';
import { goose } from '../../src/layouts/goose';
import { gooseStatements } from '../../src/layouts/goose-statements';
import { golangMigrate } from '../../src/layouts/golang-migrate';
import type { Direction, Migration, MigrationScript } from '../../src/layouts/layout';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { plainPair } from '../../src/layouts/plain-pair';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { memoryFiles } from '../support/memory-files';
import { beforeInDatabase } from '../support/before-in-database';
import { testMajors } from '../support/servers';

// There is no goose to run here. What it reads is compared with internal/sqlparser/parser.go, what it records with
// internal/dialects/postgres.go and provider_run.go of https://github.com/pressly/goose.

const folder = path.resolve('/w/migrations');
const both = '-- +goose Up\ncreate table a ();\n\n-- +goose Down\ndrop table a;\n';

async function script(text: string, direction: Direction): Promise<MigrationScript | null> {
  const files = memoryFiles({ [`${folder}/1_a.sql`]: text });
  const [migration] = await goose.list(folder, files);
  const found = await goose.script(migration!, direction, files);
  const read = await files.read(migration!.upPath);
  if (found) assert.equal(read.slice(found.offset, found.offset + found.sql.length), found.sql);
  return found;
}

async function refused(text: string, words: RegExp, direction: Direction = 'up'): Promise<void> {
  await assert.rejects(script(text, direction), (error: { code: string; sentence: string }) => {
    assert.equal(error.code, 'invalid-file', text);
    assert.match(error.sentence, words);
    return true;
  });
}

const context = {
  directory: 'm',
  previousVersion: null,
  by: '',
  sql: '',
  contentHash: '',
  recordedHash: null,
  id: '',
};
const request = {
  folder,
  name: 'Add it!',
  up: 'select 1;',
  down: 'select 2;\n',
  transactional: true,
  now: new Date('2026-03-04T05:06:07Z'),
};

describe('goose files', () => {
  it('are ordered by number, each with both directions; Go migrations are none of SQL', async () => {
    const names = [
      '10_ten.sql',
      '00002_two_words.sql',
      '20240101000000_t.sql',
      '3_go.go',
      '4_x_test.go',
      '0_zero.sql',
      '5-five.sql',
      'x_6.sql',
      '7_A.SQL',
      '99999999999999999999_big.sql',
    ];
    const files = memoryFiles(Object.fromEntries(names.map((name) => [`${folder}/${name}`, both])));
    const list = await goose.list(folder, files);
    assert.deepEqual(
      list.map(({ version, name }) => [version, name]),
      [
        ['2', 'two_words'],
        ['10', 'ten'],
        ['20240101000000', 't'],
      ],
    );
    assert.ok(list.every(({ upPath, downPath, problems }) => upPath === downPath && !problems));
    assert.deepEqual(list[0]!.codeVersions, ['3']);
    assert.ok(goose.compare('2', '10') < 0);
  });

  it('with the same version are a problem of the first, in Go too', async () => {
    const files = memoryFiles({
      [`${folder}/1_a.sql`]: both,
      [`${folder}/001_b.sql`]: both,
      [`${folder}/01_c.go`]: '',
      [`${folder}/9_d.sql`]: both,
    });
    const [first, second] = await goose.list(folder, files);
    assert.equal(first!.problems!.length, 2);
    assert.match(first!.problems!.join(), /same version as .*01_c\.go has the same version/s);
    assert.equal(second!.problems, undefined);
  });

  it('belong to the folder they are in', () => {
    assert.equal(goose.folderOf(`${folder}/00001_a.sql`), folder);
    for (const name of ['00001a.sql', '1_a.go', 'a_1.sql']) {
      assert.equal(goose.folderOf(`${folder}/${name}`), null);
    }
  });

  it('are cut at the annotations and keep their places', async () => {
    const up = await script(both, 'up');
    assert.equal(up!.sql, '-- +goose Up\ncreate table a ();\n\n');
    assert.deepEqual([up!.offset, up!.transaction], [0, 'wrapped']);
    assert.equal((await script(both, 'down'))!.sql, 'drop table a;\n');
    assert.equal((await script(`\uFEFF-- why\n\n${both}`, 'down'))!.sql, 'drop table a;\n');
    const crlf = both.replaceAll('\n', '\r\n');
    assert.equal((await script(crlf, 'down'))!.sql, 'drop table a;\r\n');
    assert.equal((await script('--+GOOSE'.toLowerCase() + ' UP\nselect 1;', 'up'))!.transaction, 'wrapped');
  });

  it('without a way back have none; with an empty one have that', async () => {
    assert.equal(await script('-- +goose Up\nselect 1;\n', 'down'), null);
    assert.equal((await script('-- +goose Up\nselect 1;\n-- +goose Down', 'down'))!.sql, '');
    assert.equal((await script('-- +goose Up\n-- +goose Down\n', 'up'))!.sql, '-- +goose Up\n');
  });

  it('run outside a transaction, both ways, where NO TRANSACTION stands anywhere', async () => {
    for (const text of [`-- +goose NO TRANSACTION\n${both}`, `${both}-- +goose no transaction\n`]) {
      for (const direction of ['up', 'down'] as const) {
        assert.equal((await script(text, direction))!.transaction, 'none');
      }
    }
    const { offset } = (await script(both, 'up'))!;
    const { marker } = goose.outsideTransaction as { marker: string };
    const changed = `${both.slice(0, offset)}${marker}\n${both.slice(offset)}`;
    assert.equal((await script(changed, 'up'))!.transaction, 'none');
    const down = (await script(both, 'down'))!.offset;
    const other = `${both.slice(0, down)}${marker}\n${both.slice(down)}`;
    assert.equal((await script(other, 'down'))!.transaction, 'none');
  });

  it('may have semicolons in one statement', async () => {
    const text =
      '-- +goose Up\n-- +goose StatementBegin\ncreate function f() returns int language sql as $$\n  select 1;\n$$\n-- +goose StatementEnd\nselect 1; -- two\n';
    assert.match((await script(text, 'up'))!.sql, /select 1; -- two/);
  });

  it('that goose refuses are told apart', async () => {
    await refused('', /no line "-- \+goose Up"/);
    await refused('-- only a comment\n', /no line "-- \+goose Up"/);
    await refused(`select 1;\n${both}`, /line 1: there is SQL above/);
    await refused(both + both, /line 6: "-- \+goose Up" cannot stand here/);
    await refused('-- +goose Down\n', /line 1: "-- \+goose Down" cannot stand here/);
    await refused(`${both}-- +goose Down\n`, /line 6: .* cannot stand here/);
    await refused('-- +goose StatementBegin\n', /cannot stand here/);
    await refused('-- +goose Up\n-- +goose StatementEnd\n', /cannot stand here/);
    await refused('-- +goose Up\n-- +goose StatementBegin\n-- +goose Down\n', /cannot stand here/);
    await refused('-- +goose Up\n-- +goose StatementBegin\nselect 1;\n', /without its end/);
    const empty = '-- +goose Up\n-- +goose StatementBegin\n\n-- +goose StatementEnd\n';
    await refused(`${empty}\nselect 1;\n`, /line 6: .* leaves this line out/);
    assert.ok(await script(`${empty}-- +goose Down\nselect 1;\n`, 'down'));
    await refused('-- +goose Up\nselect 1\n', /without a semicolon/);
    await refused('-- +goose Up\nselect 1; /* x */\n', /without a semicolon/);
    await refused('-- +goose Up\nselect 1\n-- +goose Down\n', /without a semicolon/);
    await refused('-- +goose Up\n-- +goose Down\nselect 1\n', /without a semicolon/, 'down');
    assert.ok(await script('-- +goose Up\nselect 1\n-- +goose Down\nselect 2;\n', 'down'));
    await refused('-- +goose Up\n  -- +goose Down\n', /line 2: goose knows no annotation/);
    await refused('-- +goose Sideways\n', /knows no annotation "-- \+goose Sideways"/);
    await refused("-- +goose Up\nselect '\n-- see +goose\n';\n", /line 3/);
  });

  it('with environment variables are read, and not run with their names for values', async () => {
    const text =
      "-- +goose ENVSUB ON\n-- +goose Up\ninsert into t values ('${REGION}');\n-- +goose ENVSUB OFF\nselect '$x';\n-- +goose Down\ndelete from t where a = '${REGION}';\n";
    const up = (await script(text, 'up'))!;
    const migration = { version: '1', upPath: `${folder}/1_a.sql` } as Migration;
    assert.throws(() => goose.execution(migration, 'up', { ...context, sql: up.sql }), {
      code: 'invalid-file',
    });
    // It was switched off above the way back.
    assert.ok(await script(text, 'down'));
    await refused(text.replace('-- +goose ENVSUB OFF\n', ''), /environment variables/, 'down');
    const code = text.replace('-- +goose ENVSUB OFF\n', '').replace("'${REGION}';\n", '${REGION};\n');
    assert.ok(await script(code, 'down'));
    const none = "-- +goose ENVSUB ON\n-- +goose Up\nselect $$ a $$, '$1', 1; -- ${NO}\n";
    const quiet = (await script(none, 'up'))!;
    assert.equal(goose.execution(migration, 'up', { ...context, sql: quiet.sql }).sameTransaction, true);
  });

  it('are known by their annotations alone', async () => {
    const at = (texts: Record<string, string>): ReturnType<typeof memoryFiles> =>
      memoryFiles(
        Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${folder}/${name}`, text])),
      );
    const own = at({ '1_a.sql': both, '2_b.sql': both.replaceAll('\n', '\r\n') });
    const evidence = await goose.detect(folder, own);
    assert.equal(evidence!.confidence, 0.95);
    assert.match(evidence!.evidence.join(), /2 files named like 1_a\.sql/);
    for (const other of [plainPair, dbmate, golangMigrate]) {
      assert.equal(await other.detect(folder, own), null, other.id);
    }
    assert.ok(
      (await goose.detect(folder, at({ '1_a.sql': both, '2_b.sql': 'select 1;' })))!.confidence < 0.7,
    );
    for (const text of [
      '-- migrate:up\n',
      '-- Up Migration\n',
      'select 1;',
      '-- about +goose Up now\n',
      '',
    ]) {
      assert.equal(await goose.detect(folder, at({ '1_a.sql': text })), null, text);
    }
    assert.equal(await goose.detect(folder, at({ '1_a.go': '// -- +goose Up' })), null);
  });
});

describe('new goose files', () => {
  it('are named after the time, and follow the folder where it counts', async () => {
    const [first] = goose.compose(request, []);
    assert.equal(first!.path, path.join(folder, '20260304050607_add_it.sql'));
    assert.equal(first!.text, '-- +goose Up\nselect 1;\n\n-- +goose Down\nselect 2;\n');
    const files = memoryFiles({ [`${folder}/00007_a.sql`]: both });
    const existing = await goose.list(folder, files);
    const [next] = goose.compose({ ...request, transactional: false, down: null }, existing);
    assert.equal(next!.path, path.join(folder, '00008_add_it.sql'));
    assert.equal(next!.text, '-- +goose NO TRANSACTION\n-- +goose Up\nselect 1;\n');
    await files.write(next!.path, next!.text);
    const migration = (await goose.list(folder, files)).at(-1)!;
    assert.equal((await goose.script(migration, 'up', files))!.transaction, 'none');
    assert.equal(await goose.script(migration, 'down', files), null);
  });

  it('come after the migrations in Go', async () => {
    const files = memoryFiles({ [`${folder}/00007_a.sql`]: both, [`${folder}/00010_b.go`]: '' });
    const [composed] = goose.compose(request, await goose.list(folder, files));
    assert.equal(composed!.path, path.join(folder, '00011_add_it.sql'));
    await files.write(composed!.path, composed!.text);
    const [next] = goose.compose(request, await goose.list(folder, files));
    assert.equal(next!.version, '00012');
    const row = { name: null, appliedAt: null, appliedBy: null, milliseconds: null, contentHash: null };
    const statuses = migrationStatuses({
      migrations: await goose.list(folder, files),
      history: {
        exists: true,
        table: '',
        applied: ['7', '10', '9'].map((version) => ({ ...row, version, dirty: false })),
        cumulative: false,
      },
      layout: goose,
      up: new Map(),
      down: new Map(),
    });
    assert.deepEqual(
      statuses.map(({ version, state }) => [version, state]),
      [
        ['7', 'applied'],
        ['9', 'missing'],
        ['11', 'pending'],
      ],
    );
  });

  it('have their statements marked where goose would cut them', () => {
    const body = 'create function f() returns int language plpgsql as $$\nbegin\n  return 1;\nend\n$$';
    assert.equal(gooseStatements(body), `-- +goose StatementBegin\n${body};\n-- +goose StatementEnd\n`);
    const atomic = 'create function f() returns int begin atomic\n  select 1;\nend;\n';
    assert.match(gooseStatements(atomic), /^-- \+goose StatementBegin\n/);
    assert.match(gooseStatements("select 'a;\nb';\n"), /^-- \+goose StatementBegin\n/);
    assert.match(gooseStatements('select 1; /* one */\n'), /^-- \+goose StatementBegin\n/);
    for (const plain of ['select 1;\nselect\n  2; -- two;\n', '-- nothing\n', '', 'select 1; select 2;\n']) {
      assert.equal(gooseStatements(plain), plain);
    }
    assert.equal(gooseStatements('select 1\n-- end'), 'select 1;\n-- end\n');
  });

  it('run as the SQL they were made of, whatever that is', async function () {
    this.timeout(60_000);
    const parser: SqlParser = await loadParser();
    const piece = fc.constantFrom(
      'select 1',
      ';\n',
      '; ',
      "'a;\n'",
      '$$ b;\n$$',
      '-- c;\n',
      '/* d;\n */',
      ' , 2',
      '\n',
      'select ',
      'create function f() returns int begin atomic\n select 1;\n end',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const sql = pieces.join('');
        const wanted = parser.parse(sql);
        fc.pre(wanted.problems.length === 0);
        const [file] = goose.compose({ ...request, up: sql }, []);
        const sent = statementsOf(file!.text);
        const words = wanted.statements.map(({ text }) => text);
        assert.deepEqual(
          sent.flatMap((text) => {
            const parsed = parser.parse(text);
            assert.deepEqual(parsed.problems, []);
            return parsed.statements.map((statement) => statement.text);
          }),
          words,
        );
        assert.equal((await script(file!.text, 'up'))!.direction, 'up');
      }),
      { numRuns: 300 },
    );
  });
});

/** The statements goose sends for the up of a file, written apart from the product's after its parser.go. */
function statementsOf(text: string): string[] {
  const statements: string[] = [];
  let buffer = '';
  let whole = false;
  for (const line of text.split('\n')) {
    const annotation = /^--\s*\+goose (.*)$/.exec(line)?.[1];
    if (annotation === 'Down') break;
    if (annotation === 'StatementBegin') whole = true;
    if (annotation === 'StatementEnd') {
      whole = false;
      statements.push(buffer);
      buffer = '';
    }
    if (annotation !== undefined || (buffer === '' && /^\s*--|^$/.test(line))) continue;
    buffer += `${line}\n`;
    const code = line.split(/\s+/).filter((word) => word !== '');
    const remark = code.findIndex((word) => word.startsWith('--'));
    if (
      !whole &&
      code
        .slice(0, remark < 0 ? undefined : remark)
        .at(-1)
        ?.endsWith(';') === true
    ) {
      statements.push(buffer);
      buffer = '';
    }
  }
  assert.equal(buffer.trim(), '');
  return statements;
}

for (const major of testMajors) {
  describe(`goose's history, on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let session: Session;
    beforeInDatabase(major, (opened) => (session = opened));
    beforeEach(() => session.script('drop schema public cascade; create schema public'));

    const files = memoryFiles({
      [`${folder}/00001_a.sql`]: both,
      [`${folder}/00002_b.sql`]: both.replaceAll('table a', 'table b'),
    });
    const run = async (version: string, direction: Direction): Promise<void> => {
      const migration = (await goose.list(folder, files)).find((each) => each.version === version)!;
      const { sql } = (await goose.script(migration, direction, files))!;
      const execution = goose.execution(migration, direction, { ...context, sql });
      assert.deepEqual([execution.lock, execution.before, execution.sameTransaction], [null, [], true]);
      for (const statement of execution.prepare) await session.script(statement);
      await session.transaction(async () => {
        await session.script(sql);
        for (const record of execution.record(1)) await session.query(record.sql, record.parameters);
      });
    };
    const rows = async (): Promise<unknown[]> =>
      (await session.query('select id, version_id, is_applied from goose_db_version order by id')).rows;

    it('is made and kept as goose does, row for row', async () => {
      assert.deepEqual(await goose.history('m', session), {
        exists: false,
        table: 'public.goose_db_version',
        applied: [],
        cumulative: false,
      });
      await run('1', 'up');
      await run('2', 'up');
      assert.deepEqual(await rows(), [
        { id: 1, version_id: '0', is_applied: true },
        { id: 2, version_id: '1', is_applied: true },
        { id: 3, version_id: '2', is_applied: true },
      ]);
      const { applied } = await goose.history('m', session);
      assert.deepEqual(
        applied.map(({ version }) => version),
        ['1', '2'],
      );
      assert.match(applied[0]!.appliedAt!, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      await run('2', 'down');
      assert.deepEqual(await rows(), [
        { id: 1, version_id: '0', is_applied: true },
        { id: 2, version_id: '1', is_applied: true },
      ]);
      const { rows: columns } = await session.query(
        `select attname, format_type(atttypid, atttypmod) as type, attnotnull as required, attidentity as identity,
           pg_get_expr(adbin, adrelid) as preset
         from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
         where attrelid = 'goose_db_version'::regclass and attnum > 0 order by attnum`,
      );
      assert.deepEqual(columns, [
        { attname: 'id', type: 'integer', required: true, identity: 'd', preset: null },
        { attname: 'version_id', type: 'bigint', required: true, identity: '', preset: null },
        { attname: 'is_applied', type: 'boolean', required: true, identity: '', preset: null },
        {
          attname: 'tstamp',
          type: 'timestamp without time zone',
          required: true,
          identity: '',
          preset: 'now()',
        },
      ]);
    });

    it('of an older goose is read: the latest row of a version counts, in the order applied', async () => {
      await session.script(
        `create table goose_db_version (id serial not null, version_id bigint not null, is_applied boolean not null,
           tstamp timestamp null default now(), primary key (id));
         insert into goose_db_version (version_id, is_applied, tstamp) values (0, true, now()),
           (20240101000000, true, now()), (1, true, now()), (2, true, now()), (1, false, now()), (2, false, now()),
           (2, true, null)`,
      );
      const { applied } = await goose.history('m', session);
      assert.deepEqual(
        applied.map(({ version, appliedAt }) => [version, appliedAt !== null]),
        [
          ['20240101000000', true],
          ['2', false],
        ],
      );
      await session.script('create table b ()');
      await run('2', 'down');
      const versions = (await goose.history('m', session)).applied.map(({ version }) => version);
      assert.deepEqual(versions, ['20240101000000']);
      assert.equal((await rows()).length, 4);
    });

    it('tells when something was applied, whatever the time zone of the session', async () => {
      await session.script("set timezone to 'Asia/Tokyo'");
      try {
        await run('1', 'up');
        const { applied } = await goose.history('m', session);
        const { rows: now } = await session.query<{ seconds: number }>(
          'select extract(epoch from now())::float8 as seconds',
        );
        assert.ok(Math.abs(Date.parse(applied[0]!.appliedAt!) / 1000 - now[0]!.seconds) < 3600);
      } finally {
        await session.script('reset timezone');
      }
    });

    it('that is another tool’s table is refused', async () => {
      await session.script('create table goose_db_version (version text)');
      await assert.rejects(goose.history('m', session), { code: 'invalid-input' });
      await assert.rejects(run('1', 'up'));
    });

    it('is left alone by a migration that fails', async () => {
      await run('1', 'up');
      await session.script('create table b ()');
      await assert.rejects(run('2', 'up'));
      assert.equal((await rows()).length, 2);
    });
  });
}

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { drizzle as connectDrizzle } from 'drizzle-orm/node-postgres';
import { migrate as migrateDrizzle } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import type { Session } from '../../src/database/session';
import type { Direction, HistoryTable, Layout, LayoutId, Migration } from '../../src/layouts/layout';
import { layoutById } from '../../src/layouts/layouts';
import { setSearchPath, withHistoryTable } from '../../src/layouts/with-history-table';
import { nodeFiles } from '../../src/ports/node-files';
import type { Files } from '../../src/ports/files';
import { memoryFiles } from '../support/memory-files';
import { testServer, testSession, type TestDatabase } from '../support/servers';

const root = path.resolve('/w/app');

interface Case {
  layout: LayoutId;
  folder: string;
  /** The settings that name the table, by path; null where nothing on disk can. */
  settings: Record<string, string> | null;
  table: HistoryTable;
  /** A migration with its way back. */
  files: Record<string, string>;
}

const both = { up: 'create table made ();\n', down: 'drop table made;\n' };

/** One of each tool that can keep its history elsewhere, with the names as the tool's own settings write them. */
const cases: Case[] = [
  {
    layout: 'atlas',
    folder: 'migrations',
    settings: {
      'atlas.hcl':
        'env "local" {\n  url = var.url\n  # revisions_schema = "old"\n  migration {\n    dir = "file://migrations"\n    revisions_schema = "audit"\n  }\n}\n',
    },
    table: { schema: 'audit', name: 'atlas_schema_revisions' },
    files: {
      '1_a.sql': both.up,
      'down/1_a.sql': both.down,
      'atlas.sum':
        'h1:NBeV0ClTSmnZZk0sJzJ5oVE5AFkI7mzaYUDKErV8tKE=\n1_a.sql h1:NBeV0ClTSmnZZk0sJzJ5oVE5AFkI7mzaYUDKErV8tKE=\n',
    },
  },
  {
    layout: 'db-migrate',
    folder: 'migrations',
    settings: {
      '.db-migraterc': '{"table":"Applied"}',
      'database.json': '{"dev":{"schema":"audit"},"prod":{"schema":"audit","password":{"ENV":"P"}}}',
    },
    table: { schema: 'audit', name: 'Applied', searchPath: ['audit', '$user', 'public'] },
    files: {
      '20240101120000-a.js': 'exports.up = null;',
      'sqls/20240101120000-a-up.sql': both.up,
      'sqls/20240101120000-a-down.sql': both.down,
    },
  },
  {
    layout: 'dbmate',
    folder: 'db/migrations',
    settings: { '.env': 'SECRET=x\nDBMATE_MIGRATIONS_TABLE="Audit.Applied"\n' },
    table: { schema: 'Audit', name: 'Applied' },
    files: { '1_a.sql': `-- migrate:up\n${both.up}-- migrate:down\n${both.down}` },
  },
  {
    layout: 'diesel',
    folder: 'migrations',
    settings: null,
    table: { schema: 'audit', name: 'applied' },
    files: { '1_a/up.sql': both.up, '1_a/down.sql': both.down },
  },
  {
    layout: 'drizzle',
    folder: 'drizzle',
    settings: {
      'drizzle.config.ts': `import { defineConfig } from 'drizzle-kit';
// migrations: { table: 'old' }
export default defineConfig({ out: "./drizzle", dbCredentials: { url: 'postgres://u@h/d' },
  migrations: { table: 'applied', /* schema: 'old' */ schema: "audit" } });`,
    },
    table: { schema: 'audit', name: 'applied' },
    files: {
      '0000_a.sql': both.up,
      'down/0000_a.sql': both.down,
      'meta/_journal.json':
        '{"version":"7","dialect":"postgresql","entries":[{"idx":0,"version":"7","when":1000,"tag":"0000_a","breakpoints":true}]}',
    },
  },
  {
    layout: 'flyway',
    folder: 'src/main/resources/db/migration',
    settings: { 'flyway.conf': '# flyway.table=old\nflyway.schemas = audit, other\nflyway.table=applied\n' },
    table: { schema: 'audit', name: 'applied', searchPath: ['audit', '$user', 'public'] },
    files: { 'V1__a.sql': both.up, 'U1__a.sql': both.down },
  },
  {
    layout: 'golang-migrate',
    folder: 'migrations',
    settings: {
      '.env':
        'DATABASE_URL=postgres://user:p%3Fss@h/d?sslmode=disable&x-migrations-table="audit"."Applied"&x-migrations-table-quoted=true\n',
    },
    table: { schema: 'audit', name: 'Applied' },
    files: { '1_a.up.sql': both.up, '1_a.down.sql': both.down },
  },
  {
    layout: 'goose',
    folder: 'migrations',
    settings: { '.env': 'GOOSE_TABLE=audit.Applied\n' },
    table: { schema: 'audit', name: 'applied' },
    files: { '00001_a.sql': `-- +goose Up\n${both.up}-- +goose Down\n${both.down}` },
  },
  {
    layout: 'knex',
    folder: 'migrations',
    settings: {
      'knexfile.ts':
        "const common = { tableName: 'Applied', schemaName: 'audit' }; // tableName: 'old'\nexport default { dev: { migrations: common } };",
    },
    table: { schema: 'audit', name: 'Applied' },
    files: {
      '20240101120000_a.js':
        "exports.up = (knex) => knex.raw('create table made ()');\nexports.down = (knex) => knex.raw('drop table made');\n",
    },
  },
  {
    layout: 'liquibase',
    folder: 'sql',
    settings: {
      'liquibase.properties':
        '# liquibaseSchemaName=old\nurl=jdbc:postgresql://h/d\npassword=x\nliquibase.command.liquibase-schema-name: AUDIT\ndatabaseChangelogTableName=Applied\n',
    },
    table: { schema: 'audit', name: 'Applied' },
    files: {
      '1.sql': `--liquibase formatted sql\n--changeset a:1\n${both.up}--rollback ${both.down}`,
    },
  },
  {
    layout: 'node-pg-migrate',
    folder: 'migrations',
    settings: {
      'package.json': '{"scripts":{"migrate":"node-pg-migrate -m migrations -t applied"}}',
      'config/default.json': '{"db":{"migrations-table":"old","migrations-schema":"audit"}}',
    },
    table: { schema: 'audit', name: 'applied' },
    files: { '0001_a.sql': `-- Up Migration\n${both.up}-- Down Migration\n${both.down}` },
  },
  {
    layout: 'postgrator',
    folder: 'migrations',
    settings: { '.postgratorrc.json': '{"schemaTable":"audit.Applied"}' },
    table: { schema: 'audit', name: 'Applied' },
    files: { '001.do.a.sql': both.up, '001.undo.a.sql': both.down },
  },
  {
    layout: 'prisma',
    folder: 'prisma/migrations',
    settings: {
      'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n  url = env("SHOP_URL")\n}\n',
      '.env':
        'DATABASE_URL=postgres://u:p@h/d?schema=old\nSHOP_URL="postgresql://u:schema=no@h/d?schema=audit"\n',
    },
    table: { schema: 'audit', name: '_prisma_migrations', searchPath: ['audit'] },
    files: { '1_a/migration.sql': both.up, '1_a/down.sql': both.down },
  },
  {
    layout: 'refinery',
    folder: 'migrations',
    settings: null,
    table: { schema: 'audit', name: 'applied' },
    files: { 'V1__a.sql': both.up, 'down/V1__a.down.sql': both.down },
  },
  {
    layout: 'sqlx',
    folder: 'migrations',
    settings: { 'sqlx.toml': '[migrate]\ntable-name = "audit.applied" # not _sqlx_migrations\n' },
    table: { schema: 'audit', name: 'applied' },
    files: { '1_a.up.sql': both.up, '1_a.down.sql': both.down },
  },
];

/** The tables of locks. */
const besideHistory: Partial<Record<LayoutId, (place: string) => string[]>> = {
  knex: (place) => [`${place}_lock`],
  liquibase: () => ['audit.databasechangeloglock'],
};

const fixed: LayoutId[] = ['graphile-migrate', 'plain', 'supabase'];

function filesOf({ folder, files, settings }: Case): Files {
  const inFolder = Object.entries(files).map(
    ([name, text]) => [path.join(root, folder, name), text] as const,
  );
  const above = Object.entries(settings ?? {}).map(([name, text]) => [path.join(root, name), text] as const);
  return memoryFiles(Object.fromEntries([...inFolder, ...above]));
}

function named(id: LayoutId, folder: string, files: Record<string, string>): Promise<HistoryTable | null> {
  const all = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [path.join(root, name), text] as const),
  );
  return layoutById(id).historyTable!(path.join(root, folder), memoryFiles(all));
}

describe("the history table that a tool's settings name", () => {
  for (const each of cases.filter(({ settings }) => settings !== null)) {
    it(`of ${each.layout}`, async () => {
      const layout = layoutById(each.layout);
      assert.deepEqual(await layout.historyTable!(path.join(root, each.folder), filesOf(each)), each.table);
      // The usual one where nothing says another.
      const nothing = filesOf({ ...each, settings: {} });
      assert.equal(await layout.historyTable!(path.join(root, each.folder), nothing), null);
    });
  }

  it('is the usual one where settings cannot be read, or say two things', async () => {
    for (const [layout, files] of [
      ['atlas', { 'atlas.hcl': 'a {\n revisions_schema = "one"\n}\nb {\n revisions_schema = "two"\n}' }],
      ['atlas', { 'atlas.hcl': 'revisions_schema = "${var.schema}"' }],
      ['dbmate', { '.env': 'DBMATE_MIGRATIONS_TABLE=a.b.c\n' }],
      ['drizzle', { 'drizzle.config.ts': "export default { out: './m', migrations: { table: name } }" }],
      ['drizzle', { 'drizzle.config.ts': "export default { out: './other', migrations: { table: 'x' } }" }],
      ['flyway', { 'flyway.toml': '[flyway]\ntable = "${env.TABLE}"\n' }],
      [
        'golang-migrate',
        { '.env': 'A=postgres://h/d?x-migrations-table=a\nB=postgres://h/d?x-migrations-table=b\n' },
      ],
      ['golang-migrate', { '.env': 'A=https://h/d?x-migrations-table=a\n' }],
      ['goose', { '.env': 'GOOSE_TABLE=a b\n' }],
      ['node-pg-migrate', { 'package.json': '{' }],
      ['node-pg-migrate', { 'package.json': '{"scripts":{"up":"node-pg-migrate up -t $TABLE"}}' }],
      ['postgrator', { '.postgratorrc.json': '{"schemaTable":["a"]}' }],
      ['prisma', { '.env': 'DATABASE_URL=postgres://u:?schema=p@h/d\n' }],
      ['sqlx', { 'sqlx.toml': '[other]\ntable-name = "a"\n' }],
    ] as const) {
      const found = await named(layout, layout === 'drizzle' ? 'm' : 'a/b', files);
      assert.equal(found, null, `${layout}: ${JSON.stringify(files)}`);
    }
  });

  it('comes from the other files a tool reads, too', async () => {
    const toml =
      '[flyway]\nenvironment = "shop"\ntable = \'t\'\n[environments.shop]\nschemas = [\n  "one", # first\n  "two",\n]\n';
    assert.deepEqual(await named('flyway', 'sql', { 'flyway.toml': toml }), {
      schema: 'one',
      name: 't',
      searchPath: ['one', '$user', 'public'],
    });
    const spring = 'spring.flyway.default-schema=app\nspring.datasource.password=flyway.table=no\n';
    assert.deepEqual(
      await named('flyway', 'src/main/resources/db/migration', {
        'src/main/resources/application.properties': spring,
      }),
      { schema: 'app', name: 'flyway_schema_history', searchPath: ['app', '$user', 'public'] },
    );
    assert.deepEqual(
      await named('node-pg-migrate', 'migrations', {
        'package.json': '{"scripts":{"up":"cd . && node-pg-migrate up --config-file db.json"}}',
        'db.json': '{"schema":["app","public"],"url":"postgres://u:p@h/d"}',
      }),
      { schema: 'app', name: 'pgmigrations', searchPath: ['app', 'public'] },
    );
    assert.deepEqual(
      await named('postgrator', 'db/m', { 'package.json': '{"postgrator":{"currentSchema":"app"}}' }),
      { schema: 'app', name: 'schemaversion', searchPath: ['app'] },
    );
    assert.deepEqual(
      await named('drizzle', 'drizzle', { 'drizzle.config.json': '{"migrations":{"table":"applied"}}' }),
      { schema: 'drizzle', name: 'applied' },
    );
    assert.deepEqual(
      await named('golang-migrate', 'db/m', { '.env': 'U=postgres://h/d?x-migrations-table=Applied.v2\n' }),
      { schema: null, name: 'Applied.v2' },
    );
  });
});

async function onServer(major: 12 | 18, work: (database: TestDatabase, session: Session) => Promise<void>) {
  const database = await (await testServer({ major })).createDatabase();
  const session = await testSession(database);
  try {
    await work(database, session);
  } finally {
    await session.close();
    await database.drop();
  }
}

async function run(
  layout: Layout,
  session: Session,
  folder: string,
  files: Files,
  version: string,
  direction: Direction,
): Promise<void> {
  const migration = (await layout.list(folder, files)).find((each) => each.version === version)!;
  const up = (await layout.script(migration, 'up', files))!;
  const script = (await layout.script(migration, direction, files))!;
  const execution = layout.execution(migration, direction, {
    directory: 'm',
    previousVersion: null,
    by: 'somebody',
    sql: script.sql,
    contentHash: script.contentHash,
    recordedHash: layout.recordedHash(up),
    id: '00000000-0000-4000-8000-000000000001',
  });
  if (execution.lock) await session.query(execution.lock.take);
  for (const sql of execution.prepare) await session.query(sql);
  for (const { sql, parameters } of execution.before) await session.query(sql, parameters);
  if (execution.searchPath) await session.query(setSearchPath(execution.searchPath));
  await session.script(script.sql);
  if (execution.searchPath) await session.query('reset search_path');
  for (const { sql, parameters } of execution.record(1)) await session.query(sql, parameters);
  if (execution.lock) await session.query(execution.lock.release);
}

for (const major of [12, 18] as const) {
  describe(`a history table elsewhere, on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    const wanted = cases.filter(({ layout }) => major === 18 || ['flyway', 'postgrator'].includes(layout));

    it('is made, written and read in its place, and nowhere else', () =>
      onServer(major, async (_database, session) => {
        const files = async (): Promise<string[]> =>
          (
            await session.query<{ name: string }>(
              `select schemaname || '.' || tablename as name from pg_tables
               where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
            )
          ).rows.map(({ name }) => name);
        for (const each of wanted) {
          const disk = filesOf(each);
          const layout = withHistoryTable(layoutById(each.layout), each.table);
          const folder = path.join(root, each.folder);
          const [migration] = await layout.list(folder, disk);
          const place = `${each.table.schema}.${each.table.name}`;
          const made = each.table.searchPath ? `${each.table.searchPath[0]}.made` : 'public.made';
          assert.equal((await layout.history('m', session)).exists, false, each.layout);
          await run(layout, session, folder, disk, migration!.version, 'up');
          const beside = besideHistory[each.layout]?.(place) ?? [];
          assert.deepEqual(await files(), [place, made, ...beside].sort(), each.layout);
          const history = await layout.history('m', session);
          assert.deepEqual(
            history.applied.map(({ version, dirty }) => [version, dirty]),
            [[migration!.version, false]],
            each.layout,
          );
          assert.equal(history.table.replaceAll('"', ''), place);
          await run(layout, session, folder, disk, migration!.version, 'down');
          assert.deepEqual((await layout.history('m', session)).applied, [], each.layout);
          await session.script(`drop schema "${each.table.schema}" cascade`);
        }
      }));
  });
}

describe('a history table that is not as a tool has it', function () {
  this.timeout(60_000);

  it("is told to be another tool's, or out of reach, or nothing that the tool could use", () =>
    onServer(18, async (_database, session) => {
      await session.script(
        'create schema audit; create table audit.applied (of text); create role reader; ' +
          'create schema hidden; create table hidden.applied (version bigint, dirty boolean)',
      );
      for (const { layout: id } of cases.filter(({ layout }) => layout !== 'atlas')) {
        const layout = withHistoryTable(layoutById(id), { schema: 'audit', name: 'applied' });
        await assert.rejects(layout.history('m', session), { code: 'invalid-input' }, id);
      }
      for (const id of fixed) {
        const layout = withHistoryTable(layoutById(id), { schema: 'audit', name: 'applied' });
        await assert.rejects(layout.history('m', session), {
          code: 'invalid-input',
          message: /in no other table. Remove "audit.applied"/,
        });
      }
      const golang = withHistoryTable(layoutById('golang-migrate'), { schema: 'hidden', name: 'applied' });
      await session.script('set role reader');
      await assert.rejects(golang.history('m', session), {
        code: 'no-privilege',
        message:
          /The role reader may not read the history table hidden\.applied, .* grant usage on schema hidden to reader; grant select on hidden\.applied to reader\.$/,
      });
      await session.script('reset role; drop schema hidden cascade; drop role reader');
    }));
});

describe('the lock of a tool with its table elsewhere', function () {
  this.timeout(60_000);

  it('is the one it takes with that schema for its current one', () =>
    onServer(18, async (_database, session) => {
      await session.script('create schema audit');
      const locks = async (layout: Layout, schema: string | null): Promise<unknown[]> => {
        const execution = layout.execution({ version: '1' } as Migration, 'up', {
          ...{ directory: '', previousVersion: null, by: '', sql: '', contentHash: '', recordedHash: null },
          ...{ id: '', table: { schema, name: "App'lied" } },
        });
        await session.query(execution.lock!.take);
        const { rows } = await session.query<{ classid: string; objid: string }>(
          "select classid, objid from pg_locks where locktype = 'advisory' order by 1, 2",
        );
        await session.query(execution.lock!.release);
        return rows;
      };
      for (const id of ['golang-migrate', 'flyway'] as const) {
        const layout = layoutById(id);
        const elsewhere = await locks(layout, 'audit');
        assert.notDeepEqual(elsewhere, await locks(layout, null));
        await session.script('set search_path to audit');
        assert.deepEqual(elsewhere, await locks(layout, null));
        await session.script('reset search_path');
      }
    }));
});

describe('a history table elsewhere, in turns with the tool itself', function () {
  this.timeout(120_000);
  let place: string;
  beforeEach(async () => (place = await mkdtemp(path.join(os.tmpdir(), 'history-table-'))));
  afterEach(() => rm(place, { recursive: true }));

  const write = async (files: Record<string, string>): Promise<void> => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(place, name)), { recursive: true });
      await writeFile(path.join(place, name), text);
    }
  };
  const urlOf = ({ connection, password }: TestDatabase): string =>
    `postgres://${connection.user}:${encodeURIComponent(password)}@${connection.host}:${connection.port}/${connection.database}?sslmode=disable`;
  const bin = (name: string): string => path.resolve(__dirname, '..', '..', 'node_modules', '.bin', name);
  const versions = async (layout: Layout, session: Session): Promise<string[]> =>
    (await layout.history('m', session)).applied.map(({ version }) => version).sort();
  const found = async (id: LayoutId, folder: string): Promise<Layout> => {
    const layout = layoutById(id);
    const table = await layout.historyTable!(path.join(place, folder), nodeFiles());
    assert.notEqual(table, null);
    return withHistoryTable(layout, table);
  };

  it('dbmate, told by .env', () =>
    onServer(18, async (database, session) => {
      const migration = (n: number): string =>
        `-- migrate:up\ncreate table t${n} ();\n-- migrate:down\ndrop table t${n};\n`;
      await write({
        '.env': 'DBMATE_MIGRATIONS_TABLE=Audit.Applied\n',
        ...Object.fromEntries([1, 2, 3].map((n) => [`db/migrations/${n}_t.sql`, migration(n)])),
      });
      const tool = (...verb: string[]): Promise<{ stdout: string }> =>
        promisify(execFile)(bin('dbmate'), ['--no-dump-schema', ...verb], {
          env: { ...process.env, DATABASE_URL: urlOf(database) },
          cwd: place,
        });
      const dbmate = await found('dbmate', 'db/migrations');
      const folder = path.join(place, 'db/migrations');
      await run(dbmate, session, folder, nodeFiles(), '1', 'up');
      await tool('up');
      assert.deepEqual(await versions(dbmate, session), ['1', '2', '3']);
      await run(dbmate, session, folder, nodeFiles(), '3', 'down');
      assert.match((await tool('status')).stdout, /\[X\] 2_t\.sql\n\[ \] 3_t\.sql/);
    }));

  it('node-pg-migrate, told by its configuration', () =>
    onServer(18, async (database, session) => {
      const migration = (n: number): string =>
        `-- Up Migration\ncreate table t${n} ();\n-- Down Migration\ndrop table t${n};\n`;
      await write({
        'package.json': '{"scripts":{"migrate":"node-pg-migrate -f db.json"}}',
        'db.json': '{"migrations-table":"Applied","schema":"app","create-schema":true}',
        ...Object.fromEntries([1, 2, 3].map((n) => [`migrations/000${n}_t.sql`, migration(n)])),
      });
      const program = path.resolve(__dirname, '../../node_modules/node-pg-migrate/bin/node-pg-migrate.js');
      const tool = (...args: string[]): Promise<{ stdout: string }> =>
        promisify(execFile)(process.execPath, [program, '-f', 'db.json', ...args], {
          env: { ...process.env, DATABASE_URL: urlOf(database).replace(/\?.*/, ''), NODE_OPTIONS: '' },
          cwd: place,
        });
      const layout = await found('node-pg-migrate', 'migrations');
      const folder = path.join(place, 'migrations');
      await run(layout, session, folder, nodeFiles(), '0001_t', 'up');
      await tool('up', '1');
      assert.deepEqual(await versions(layout, session), ['0001_t', '0002_t']);
      await run(layout, session, folder, nodeFiles(), '0002_t', 'down');
      await tool('up');
      assert.deepEqual(await versions(layout, session), ['0001_t', '0002_t', '0003_t']);
      const { rows } = await session.query('select count(*)::int as n from app.t1, app.t2, app.t3');
      assert.deepEqual(rows, [{ n: 0 }]);
    }));

  it('postgrator, told by .postgratorrc.json', () =>
    onServer(18, async (database, session) => {
      const { default: Postgrator } = await import('postgrator');
      const settings = { schemaTable: 'Audit.Applied', currentSchema: 'public' };
      await write({
        '.postgratorrc.json': JSON.stringify(settings),
        ...Object.fromEntries(
          [1, 2, 3].flatMap((n) => [
            [`migrations/00${n}.do.t.sql`, `create table t${n} ();`],
            [`migrations/00${n}.undo.t.sql`, `drop table t${n};`],
          ]),
        ),
      });
      const client = new pg.Client({ connectionString: urlOf(database) });
      await client.connect();
      try {
        const tool = new Postgrator({
          driver: 'pg',
          migrationPattern: path.join(place, 'migrations', '*'),
          database: database.connection.database,
          execQuery: (query) => client.query(query),
          ...settings,
        });
        const layout = await found('postgrator', 'migrations');
        const folder = path.join(place, 'migrations');
        await run(layout, session, folder, nodeFiles(), '1', 'up');
        assert.equal(await tool.getDatabaseVersion(), 1);
        await tool.migrate('3');
        await run(layout, session, folder, nodeFiles(), '3', 'down');
        assert.deepEqual(await versions(layout, session), ['1', '2']);
        assert.deepEqual(
          (await tool.migrate('003')).map(({ version }) => version),
          [3],
        );
      } finally {
        await client.end();
      }
    }));

  it('drizzle-orm, told by drizzle.config.ts', () =>
    onServer(18, async (database, session) => {
      const entries = [0, 1, 2].map((idx) => ({ idx, version: '7', when: idx + 1000, tag: `000${idx}_t` }));
      const journal = JSON.stringify({ version: '7', dialect: 'postgresql', entries });
      await write({
        'drizzle.config.ts': "export default { migrations: { table: 'applied', schema: 'Audit' } };\n",
        'drizzle/meta/_journal.json': journal,
        ...Object.fromEntries([0, 1, 2].map((n) => [`drizzle/000${n}_t.sql`, `create table t${n} ();`])),
        'drizzle/down/0002_t.sql': 'drop table t2;',
      });
      const client = new pg.Client({ connectionString: urlOf(database) });
      await client.connect();
      try {
        const folder = path.join(place, 'drizzle');
        const options = { migrationsFolder: folder, migrationsTable: 'applied', migrationsSchema: 'Audit' };
        const layout = await found('drizzle', 'drizzle');
        await run(layout, session, folder, nodeFiles(), '1000', 'up');
        await migrateDrizzle(connectDrizzle(client), options);
        assert.deepEqual(await versions(layout, session), ['1000', '1001', '1002']);
        await run(layout, session, folder, nodeFiles(), '1002', 'down');
        await migrateDrizzle(connectDrizzle(client), options);
        assert.deepEqual(await versions(layout, session), ['1000', '1001', '1002']);
      } finally {
        await client.end();
      }
    }));
});

import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import type { Session } from '../../../src/database/session';
import { detectLayout } from '../../../src/layouts/detect-layouts';
import { kysely } from '../../../src/layouts/kysely';
import type { Migration } from '../../../src/layouts/layout';
import { nodeFiles } from '../../../src/ports/node-files';
import { memoryFiles } from '../../support/memory-files';
import {
  appliedVersions,
  beforeInProject,
  runTool,
  textOf,
  typeProblems,
  writeMigration,
} from './tool-project';
import type { ToolProject } from './tool-project';

const root = path.resolve('/w');
const folder = path.join(root, 'migrations');
const at = (name: string): string => path.join(folder, name);
const manifest = { [path.join(root, 'package.json')]: '{ "dependencies": { "kysely": "^0.28.0" } }' };
const program = `import { type Kysely, sql } from 'kysely';
const table = 'orders';
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.createTable('orders').addColumn('at', 'timestamptz', (c) => c.defaultTo(sql\`now()\`)).execute();
  await sql\`alter table \${sql.table(table)} add column note text\`.execute(db);
  await db.transaction().execute(async (trx) => {
    await sql.raw('create index on orders (note)').execute(trx);
  });
}
export async function down(db: Kysely<any>): Promise<void> {
  await sql\`drop table orders\`.execute(db);
}
`;

async function listed(...names: string[]): Promise<Migration[]> {
  return kysely.list(folder, memoryFiles(Object.fromEntries(names.map((name) => [at(name), program]))));
}

describe('Kysely: files', function () {
  this.timeout(30_000);
  it('reads the SQL of both directions where it stands', async () => {
    const files = memoryFiles({ ...manifest, [at('1_orders.ts')]: program });
    const [migration] = await kysely.list(folder, files);
    const up = (await kysely.script(migration!, 'up', files))!;
    assert.equal(
      up.sql.replace(/\s+/g, ' '),
      'alter table ${sql.table(table)} add column note text; create index on orders (note);',
    );
    assert.equal(program.indexOf('create index'), up.offset + up.sql.indexOf('create index'));
    assert.equal((await kysely.script(migration!, 'down', files))!.sql, 'drop table orders;');
    assert.equal(up.transaction, 'wrapped');
    const configuration =
      "export default defineConfig({ migrations: { disableTransactions: true, migrationTableName: 'done' } });";
    await files.write(path.join(root, '.config', 'kysely.config.mts'), configuration);
    assert.equal((await kysely.script(migration!, 'up', files))!.transaction, 'none');
    assert.deepEqual(await kysely.historyTable!(folder, files), { schema: null, name: 'done' });
  });

  it('lists programs of any name in the order of their names, and numbers behind the last', async () => {
    const names = [
      'b.ts',
      'a.mts',
      '10_x.js',
      '9_x.ts',
      'index.ts',
      'a.test.ts',
      'a.d.ts',
      'x.sql',
      'a.js',
      '--cwd=x.ts',
    ];
    const migrations = await listed(...names);
    assert.deepEqual(
      migrations.map(({ version, name, problems }) => [version, name, problems?.length ?? 0]),
      [
        ['10_x', 'x', 0],
        ['9_x', 'x', 0],
        ['a', 'a', 1],
        ['b', 'b', 0],
      ],
    );
    const now = new Date('2026-01-02T03:04:05.006Z');
    const request = { folder, name: 'Add note', up: '', down: null, transactional: true, now };
    const next = async (...existing: string[]): Promise<string> =>
      path.basename(kysely.compose(request, await listed(...existing))[0]!.path);
    assert.equal(await next(), `${now.getTime()}_add_note.ts`);
    assert.equal(await next('1700000000000_a.js'), `${now.getTime()}_add_note.js`);
    assert.equal(await next('1999999999999-a.ts'), '2000000000000-add_note.ts');
    assert.equal(await next('20240101000000_a.ts'), '20260102030405_add_note.ts');
    assert.equal(await next('001_a.ts', '009_b.ts'), '010_add_note.ts');
    assert.equal(await next('2024-01-15-a.ts'), '2026-01-02-add_note.ts');
    assert.equal(await next('2024_01_15T101010_a.ts'), '2026_01_02_add_note.ts');
    assert.equal(await next('9_x.ts'), '9_x_add_note.ts');
    assert.equal(await next('initial.ts'), 'initial_add_note.ts');
    assert.throws(() => kysely.compose({ ...request, transactional: false }, []), { code: 'invalid-input' });
    const name = fc.stringMatching(/^[\da-z_][\da-z_-]{0,11}$/).filter((each) => each !== 'index');
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 1, maxLength: 5 }), async (stems) => {
        const all = await listed(...stems.map((stem) => `${stem}.ts`));
        const { version } = kysely.compose(request, all)[0]!;
        assert.ok(
          all.every((each) => kysely.compare(each.version, version) < 0),
          version,
        );
      }),
      { numRuns: 200 },
    );
  });

  it('is told by what the files and the package say, and by nothing less', async () => {
    const detect = async (files: Record<string, string>): Promise<string | undefined> =>
      (await detectLayout(folder, memoryFiles(files)))?.layout.id;
    assert.equal(await detect({ ...manifest, [at('initial.ts')]: program }), 'kysely');
    const javascript = "exports.up = async (db) => { await db.schema.createTable('t').execute(); };";
    assert.equal(await detect({ ...manifest, [at('1_a.js')]: javascript }), 'kysely');
    assert.equal(await detect({ [at('initial.ts')]: program }), undefined);
    assert.equal(
      await detect({ ...manifest, [at('20240101000000_a.ts')]: 'export const up = 1' }),
      undefined,
    );
    const knex = 'exports.up = (knex) => knex.raw("select 1")';
    const seed = "import type { Kysely } from 'kysely';\nexport async function seed(db: Kysely<any>) {}";
    for (const text of [knex, seed, '']) {
      const files = memoryFiles({ ...manifest, [at('20240101000000_a.ts')]: text });
      assert.equal(await kysely.detect(folder, files), null);
      assert.deepEqual(await kysely.list(folder, files), []);
    }
    assert.equal(kysely.folderOf(at('initial.ts')), folder);
    assert.equal(kysely.folderOf(path.join(root, 'src', '1_a.ts')), path.join(root, 'src'));
    for (const file of [at('a.sql'), at('index.ts'), path.join(root, 'src', 'a.ts'), at('a.d.ts')])
      assert.equal(kysely.folderOf(file), null, file);
  });

  it('is called with kysely-ctl, and says what to do without it', async () => {
    const [migration] = await listed('1_a.ts');
    const without = memoryFiles({ ...manifest, [at('1_a.ts')]: program });
    const { run } = kysely.tool!;
    await assert.rejects(run!.command(migration!, 'up', without), {
      code: 'not-found',
      message: /toolCommands/,
    });
    const files = memoryFiles({ [path.join(root, '.config', 'kysely.config.ts')]: '' });
    assert.deepEqual(await run!.command(migration!, 'up', files), {
      program: 'npx',
      args: ['--no-install', 'kysely', 'migrate:up', '1_a', '--no-outdated-check'],
      folder: root,
    });
  });
});

describe('Kysely and Switchback in turns', function () {
  this.timeout(120_000);
  let session: Session;
  let project: ToolProject;
  beforeInProject(
    'migrations',
    {
      'package.json': '{ "type": "module", "dependencies": { "kysely": "0.28.18" } }',
      'kysely.config.ts': `import { defineConfig } from 'kysely-ctl';
import pg from 'pg';
export default defineConfig({ dialect: 'pg', dialectConfig: { pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) } });
`,
      'migrations/0001_create.ts': `import { type Kysely, sql } from 'kysely';
export async function up(db: Kysely<any>): Promise<void> {
  await sql\`create table orders (id int)\`.execute(db);
}
export async function down(db: Kysely<any>): Promise<void> {
  await sql\`drop table orders\`.execute(db);
}
`,
    },
    (opened) => {
      ({ project, session } = opened);
    },
  );

  const cli = (...args: string[]): Promise<string> =>
    project.run({
      program: 'npx',
      args: ['--no-install', 'kysely', ...args, '--no-outdated-check'],
      folder: project.root,
    });
  const shape = async (): Promise<unknown> =>
    (
      await session.query(
        `select c.relname, a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull,
           pg_get_expr(d.adbin, d.adrelid) as value,
           (select array_agg(pg_get_constraintdef(oid)) from pg_constraint
            where conrelid = a.attrelid and contype <> 'n') as constraints
         from pg_attribute a join pg_class c on c.oid = a.attrelid
         left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
         where c.relname in ('kysely_migration', 'kysely_migration_lock') and a.attnum > 0 order by 1, a.attnum`,
      )
    ).rows;

  it('applies what the tool began, takes it back, and the tool goes on', async () => {
    const files = nodeFiles();
    assert.equal((await kysely.history('', session)).exists, false);
    await cli('migrate:latest');
    const history = await kysely.history('', session);
    assert.deepEqual(
      history.applied.map(({ version, name }) => [version, name]),
      [['0001_create', 'create']],
    );
    assert.ok(Math.abs(Date.parse(history.applied[0]!.appliedAt!) - Date.now()) < 600_000);

    const written = await writeMigration(kysely, project, {
      name: 'add note',
      up: "alter table orders add column note text default '?`${x}:name $1'; select 1;",
      down: 'alter table orders drop column note;',
    });
    assert.deepEqual(await typeProblems(project, written), [], await textOf(written));
    const last = await writeMigration(kysely, project, { name: 'no way', up: 'select 2', down: null });
    assert.deepEqual(await typeProblems(project, last), [], await textOf(last));
    const migrations = await kysely.list(project.migrations, files);
    assert.deepEqual(
      migrations.map(({ version }) => version),
      ['0001_create', '0002_add_note', '0003_no_way'],
    );
    assert.match((await kysely.script(migrations[1]!, 'down', files))!.sql, /drop column note;$/);
    assert.equal(await kysely.script(migrations[2]!, 'down', files), null);
    await runTool(kysely, project, migrations[1]!, 'up');
    assert.deepEqual(await appliedVersions(kysely, session), ['0001_create', '0002_add_note']);
    await session.query('insert into orders (id) values (1)');
    assert.deepEqual((await session.query('select note from orders')).rows, [{ note: '?`${x}:name $1' }]);

    await runTool(kysely, project, migrations[1]!, 'down');
    assert.deepEqual(await appliedVersions(kysely, session), ['0001_create']);

    // Rows of ours are the tool's own, and so are the tables.
    const tools = await shape();
    await session.query('drop table kysely_migration, kysely_migration_lock');
    for (const migration of migrations.slice(0, 2)) {
      const execution = kysely.execution(migration, 'up', {} as never);
      await session.query(execution.lock!.take);
      for (const sql of execution.prepare) await session.query(sql);
      for (const { sql, parameters } of execution.record(0)) await session.query(sql, parameters);
      await session.query(execution.lock!.release);
    }
    assert.deepEqual(await shape(), tools);
    assert.match(await cli('migrate:up'), /Ran 1 migration[\s\S]*0003_no_way/);
    const [removed] = kysely.execution(migrations[2]!, 'down', {} as never).record(0);
    await session.query(removed!.sql, removed!.parameters);
    assert.match(await cli('migrate:list'), /0002_add_note\s+(?:\[log\] )?\[ \] 0003_no_way/);
  });
});

import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Session } from '../../../src/database/session';
import { detectLayout } from '../../../src/layouts/detect-layouts';
import type { Direction, LayoutExecution, Migration, MigrationScript } from '../../../src/layouts/layout';
import { mikroOrm } from '../../../src/layouts/mikro-orm';
import { nodeFiles } from '../../../src/ports/node-files';
import { memoryFiles } from '../../support/memory-files';
import { testServer, testSession, type TestDatabase } from '../../support/servers';
import {
  appliedVersions,
  runTool,
  toolProject,
  typeProblems,
  writeMigration,
  type ToolProject,
} from './tool-project';

const folder = path.resolve('/w/src/migrations');
const program = `import { Migration } from '@mikro-orm/migrations';

export class Migration20240101120000_note extends Migration {
  override async up(): Promise<void> {
    this.addSql(\`alter table "orders" add column "note" text;\`);
    this.addSql('create index on orders (note) where tags ? \\'x\\'');
    await this.execute('update orders set note = ? where id = ?', ['x', 1]);
  }
  override async down(): Promise<void> {
    this.addSql(\`alter table \${this.table} drop column note;\`);
  }
}
`;

async function read(text: string, direction: Direction = 'up'): Promise<MigrationScript | null> {
  const files = memoryFiles({ [path.join(folder, 'Migration20240101120000_note.ts')]: text });
  const [migration] = await mikroOrm.list(folder, files);
  return mikroOrm.script(migration!, direction, files);
}

describe('MikroORM: files', function () {
  this.timeout(30_000);
  it('reads the SQL of both directions where it stands', async () => {
    for (const text of [program, program.replaceAll('\n', '\r\n')]) {
      const up = (await read(text))!;
      assert.equal(
        up.sql.replace(/[\s;]+/g, ' '),
        `alter table "orders" add column "note" text create index on orders (note) where tags ? 'x' update orders set note = 0 where id = 0 `,
      );
      assert.equal(text.indexOf('create index'), up.offset + up.sql.indexOf('create index'));
      assert.equal(up.transaction, 'wrapped');
      assert.match((await read(text, 'down'))!.sql, /^alter table \$\{this\.table\} drop column note;;$/);
    }
    assert.equal(await read(program.replace(/ {2}override async down[^}]*\}[^}]*\}\n/, ''), 'down'), null);
    const refusals = [
      'isTransactional(): boolean {\n    return false;\n  }',
      'override isTransactional() { return false }',
      'isTransactional = () => false;',
    ];
    for (const refusal of refusals) {
      const text = program.replace('Migration {\n', `Migration {\n  ${refusal}\n`);
      assert.equal((await read(text))!.transaction, 'none', refusal);
    }
    const kept = program.replace('Migration {\n', 'Migration {\n  isTransactional() { return true; }\n');
    assert.equal((await read(kept))!.transaction, 'wrapped');
  });

  it('lists by name, names the second file of one, and knows what is none', async () => {
    const names = [
      'Migration20240102000000.ts',
      'Migration20240101000000_late.ts',
      'Migration20240101000000_late.js',
      'Migration20240101000000_late.d.ts',
      'Migration20240103000000.mjs',
      'Migration2024.ts',
      '.snapshot-shop.json',
      'index.ts',
    ];
    const files = memoryFiles(Object.fromEntries(names.map((name) => [path.join(folder, name), ''])));
    const migrations = await mikroOrm.list(folder, files);
    assert.deepEqual(
      migrations.map(({ version, name, problems }) => [version, name, problems?.length ?? 0]),
      [
        ['Migration20240101000000_late', 'late', 1],
        ['Migration20240102000000', '', 0],
      ],
    );
    assert.equal(mikroOrm.folderOf(migrations[0]!.upPath), folder);
    assert.equal(mikroOrm.folderOf(path.join(folder, 'index.ts')), null);
  });

  it('is told by what the files say', async () => {
    const detected = async (name: string, text: string): Promise<string | undefined> =>
      (await detectLayout(folder, memoryFiles({ [path.join(folder, name)]: text })))?.layout.id;
    assert.equal(await detected('Migration20240101120000_note.ts', program), 'mikro-orm');
    assert.equal(await detected('20240101120000-note.ts', program), 'mikro-orm');
    assert.equal(await detected('Migration20240101120000.ts', 'export class A {}'), undefined);
    const knex = 'exports.up = (knex) => knex.raw("select 1")';
    assert.equal(await detected('20240101120000_note.js', knex), 'knex');
  });

  it('names new files and classes as those that are there', () => {
    const now = new Date('2024-05-06T07:08:09Z');
    const composed = (existing: string[]): string[] => {
      const migrations = existing.map(
        (version) => ({ version, upPath: `${version}.js`, layout: 'mikro-orm' }) as Migration,
      );
      const fill = (template: string, { className }: { className: string }): string =>
        `${template} ${className}`;
      const request = { folder, name: "Add '${note}", up: '', down: null, transactional: true, now, fill };
      return mikroOrm
        .compose(request, migrations)
        .flatMap(({ path: file, text }) => [path.basename(file), text]);
    };
    const usual = 'Migration20240506070809_add_note';
    assert.deepEqual(composed([]), [`${usual}.ts`, `mikro-orm.ts ${usual}`]);
    assert.deepEqual(composed(['Migration20240101000000']), [`${usual}.js`, `mikro-orm.js ${usual}`]);
    assert.deepEqual(composed(['20300101000000-x']), [
      '20300101000001-add-note.js',
      'mikro-orm.js Migration20300101000001_add_note',
    ]);
  });

  it('finds the configuration, the table it names and what runs it', async () => {
    const migration = { folder, upPath: path.join(folder, 'Migration20240101120000_note.ts') } as Migration;
    const at = (texts: Record<string, string>): ReturnType<typeof memoryFiles> =>
      memoryFiles(
        Object.fromEntries(Object.entries(texts).map(([name, text]) => [path.resolve('/w', name), text])),
      );
    const command = async (texts: Record<string, string>): Promise<[string, string]> => {
      const found = await mikroOrm.tool!.run!.command(migration, 'down', at(texts));
      return [found.folder, [found.program, ...found.args].join(' ')];
    };
    const root = path.resolve('/w');
    const call = 'migration:down --only Migration20240101120000_note --config';
    assert.deepEqual(await command({ 'package.json': '{}', 'mikro-orm.config.js': '' }), [
      root,
      `npx --no-install mikro-orm ${call} ./mikro-orm.config.js`,
    ]);
    const typed = { 'src/mikro-orm.config.ts': '', 'node_modules/ts-node/package.json': '{}' };
    assert.deepEqual(await command({ 'package.json': '{}', ...typed }), [
      root,
      `npx --no-install mikro-orm ${call} ./src/mikro-orm.config.ts`,
    ]);
    assert.match((await command({ 'package.json': '{"type":"module"}', ...typed }))[1], / mikro-orm-esm /);
    const named = '{ "mikro-orm": { "configPaths": ["./gone.ts", "./db/orm.ts"] } }';
    assert.match(
      (await command({ 'package.json': named, ...typed, 'db/orm.ts': '' }))[1],
      /\.\/db\/orm\.ts$/,
    );
    await assert.rejects(command({ 'package.json': '{}', 'src/mikro-orm.config.ts': '' }), /neither ts-node/);
    await assert.rejects(command({ 'package.json': '{}' }), { code: 'not-found' });

    const table = (text: string, env = ''): ReturnType<NonNullable<typeof mikroOrm.historyTable>> =>
      mikroOrm.historyTable!(folder, at({ 'src/mikro-orm.config.ts': text, '.env': env }));
    assert.equal(
      await table("defineConfig({ migrations: { path: 'x' }, entities: [{ tableName: 'y' }] })"),
      null,
    );
    const options = "defineConfig({ schema: 'shop', migrations: { // tableName: 'x'\n tableName: 'done' } })";
    assert.deepEqual(await table(options), { schema: 'shop', name: 'done' });
    assert.deepEqual(await table(options, 'MIKRO_ORM_MIGRATIONS_TABLE_NAME=a.b'), { schema: 'a', name: 'b' });
    assert.deepEqual(await table("({ migrations: { tableName: 'done' } })"), {
      schema: 'public',
      name: 'done',
    });
  });
});

async function run(session: Session, { prepare, record }: LayoutExecution): Promise<void> {
  for (const sql of prepare) await session.query(sql);
  for (const { sql, parameters } of record(0)) await session.query(sql, parameters);
}

describe('MikroORM and Switchback in turns', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  let session: Session;
  let project: ToolProject;
  const manifest = '{ "type": "commonjs", "devDependencies": { "@mikro-orm/cli": "6" } }';
  const options = `clientUrl: process.env.DATABASE_URL, entities: [parcels], debug: false,
  migrations: { path: './migrations', emit: 'js' } `;
  before(async () => {
    database = await (await testServer({ major: 18 })).createDatabase();
    session = await testSession(database);
    project = await toolProject(database, 'migrations', {
      'package.json': manifest,
      'mikro-orm.config.js': `const { defineConfig, EntitySchema } = require('@mikro-orm/postgresql');
const { Migrator } = require('@mikro-orm/migrations');
const parcels = new EntitySchema({ name: 'parcels', properties: { id: { type: 'number', primary: true } } });
module.exports = defineConfig({ extensions: [Migrator], ${options} });
`,
      'migrations/Migration20240101120000.js': `const { Migration } = require('@mikro-orm/migrations');
exports.Migration20240101120000 = class extends Migration {
  async up() { this.addSql('create table orders (id int)'); }
  async down() { this.addSql('drop table orders'); }
};
`,
    });
  });
  after(async () => {
    await session?.close();
    await project?.remove();
    await database?.drop();
  });

  const files = nodeFiles();
  const tool = (...args: string[]): Promise<string> =>
    project.run({ program: 'npx', args: ['--no-install', 'mikro-orm', ...args], folder: project.root });

  it('runs what the tool began, takes it back, and the tool goes on', async () => {
    await tool('migration:up');
    assert.deepEqual(await appliedVersions(mikroOrm, session), ['Migration20240101120000']);
    await writeMigration(mikroOrm, project, {
      name: 'add note',
      up: "alter table orders add column note text default '?`${x}\\'; select 1;",
      down: 'alter table orders drop column note;',
    });
    await writeMigration(mikroOrm, project, {
      name: 'index note',
      up: 'create index concurrently orders_note on orders (note)',
      down: 'drop index concurrently orders_note',
      transactional: false,
    });
    const migrations = await mikroOrm.list(project.migrations, files);
    assert.equal((await mikroOrm.script(migrations[2]!, 'up', files))?.transaction, 'none');

    for (const migration of migrations.slice(1)) await runTool(mikroOrm, project, migration, 'up');
    assert.equal((await appliedVersions(mikroOrm, session)).length, 3);
    await session.query('insert into orders (id) values (1)');
    assert.deepEqual((await session.query('select note from orders')).rows, [{ note: '?`${x}\\' }]);

    await runTool(mikroOrm, project, migrations[2]!, 'down');
    const last = migrations[2]!.version;
    assert.match(await tool('migration:pending'), new RegExp(last));

    // A row of ours, and none, are the tool's own.
    await run(session, mikroOrm.execution(migrations[2]!, 'up', {} as never));
    assert.match(await tool('migration:list'), new RegExp(`${last} +│ \\d{4}-`));
    await run(session, mikroOrm.execution(migrations[2]!, 'down', {} as never));
    const { applied } = await mikroOrm.history('migrations', session);
    assert.deepEqual(
      applied.map(({ version, name }) => [version, name]),
      [
        ['Migration20240101120000', ''],
        [migrations[1]!.version, 'add_note'],
      ],
    );
    assert.match(applied[0]!.appliedAt!, /^\d{4}-\d\d-\d\dT/);
  });

  it("makes the tool's own table, and leaves that of another tool", async () => {
    const shape = `select pg_get_constraintdef(k.oid) as key, k.conname, (
        select json_agg(row(attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)) order by attnum)
        from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
        where attrelid = k.conrelid and attnum > 0) as columns
      from pg_constraint k where conrelid = 'mikro_orm_migrations'::regclass and contype = 'p'`;
    const made = await session.query(shape);
    await session.query('drop table mikro_orm_migrations');
    assert.equal((await mikroOrm.history('migrations', session)).exists, false);
    const [migration] = await mikroOrm.list(project.migrations, files);
    await run(session, mikroOrm.execution(migration!, 'up', {} as never));
    assert.deepEqual((await session.query(shape)).rows, made.rows);

    await session.query('create schema other');
    await session.query('create table other.mikro_orm_migrations (id int, migration text)');
    const other = { schema: 'other', name: 'mikro_orm_migrations' };
    await assert.rejects(mikroOrm.history('migrations', session, other), { code: 'invalid-input' });
  });

  it("generates with the tool's own comparison", async () => {
    await rm(path.join(project.migrations, `.snapshot-${database.connection.database}.json`), {
      force: true,
    });
    await project.run(await mikroOrm.tool!.generate!(project.migrations, 'add parcels', files));
    const generated = (await mikroOrm.list(project.migrations, files)).at(-1)!;
    assert.equal(generated.name, 'add_parcels');
    assert.match((await mikroOrm.script(generated, 'up', files))!.sql, /^create table "parcels"/);
  });

  it('writes TypeScript that compiles and that the tool runs through tsx', async () => {
    const typed = await toolProject(database, 'src/migrations', {
      'package.json': manifest,
      'src/mikro-orm.config.ts': `import { defineConfig, EntitySchema } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
const parcels = new EntitySchema<{ id: number }>({ name: 'parcels', properties: { id: { type: 'number', primary: true } } });
export default defineConfig({ clientUrl: process.env.DATABASE_URL, entities: [parcels], extensions: [Migrator],
  migrations: { path: './dist/migrations', pathTs: './src/migrations', tableName: 'kept.done' } });
`,
    });
    try {
      const written: string[] = [];
      for (const transactional of [true, false]) {
        const down = transactional ? null : 'select 2';
        written.push(
          await writeMigration(mikroOrm, typed, { name: 'one', up: 'select 1', down, transactional }),
        );
      }
      assert.match(path.basename(written[0]!), /^Migration\d{14}_one\.ts$/);
      assert.deepEqual(await typeProblems(typed, ...written), []);
      const migrations = await mikroOrm.list(typed.migrations, files);
      await runTool(mikroOrm, typed, migrations[1]!, 'up');
      const table = await mikroOrm.historyTable!(typed.migrations, files);
      const history = await mikroOrm.history('src/migrations', session, table);
      assert.equal(history.table, 'kept.done');
      assert.deepEqual(
        history.applied.map(({ version }) => version),
        [migrations[1]!.version],
      );
    } finally {
      await typed.remove();
    }
  });
});

import assert from 'node:assert/strict';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Session } from '../../../src/database/session';
import { detectLayout } from '../../../src/layouts/detect-layouts';
import { sequelize } from '../../../src/layouts/sequelize';
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

const folder = path.resolve('/w/migrations');
const at = (name: string): string => path.join(folder, name);

describe('Sequelize: files', function () {
  this.timeout(30_000);
  it('reads the SQL of both directions where it stands', async () => {
    const text = `'use strict';
/** @type {import('sequelize-cli').Migration} */
module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.createTable('orders', { id: Sequelize.INTEGER });
    await queryInterface.sequelize.query(\`alter table orders
      add column \${column} text\`);
    await queryInterface.sequelize.query("select * from orders where data ? 'x'", { type: 'SELECT' });
  },
  async down(queryInterface) {
    await queryInterface.sequelize.transaction((transaction) =>
      queryInterface.sequelize.query('drop table orders', { transaction }));
  },
};
`;
    const files = memoryFiles({ [at('20240101120000-orders.js')]: text.replaceAll('\n', '\r\n') });
    const [migration] = await sequelize.list(folder, files);
    const up = (await sequelize.script(migration!, 'up', files))!;
    const sent = "alter table orders add column ${column} text; select * from orders where data ? 'x';";
    assert.equal(up.sql.replace(/\s+/g, ' '), sent);
    const whole = await files.read(at('20240101120000-orders.js'));
    assert.equal(whole.indexOf("data ? 'x'"), up.offset + up.sql.indexOf("data ? 'x'"));
    const down = (await sequelize.script(migration!, 'down', files))!;
    assert.deepEqual([down.sql, down.transaction], ['drop table orders;', 'wrapped']);
    const bound =
      "exports.up = (q) => q.sequelize.query('delete from t where a = ? and b = :b', { replacements })";
    await files.write(at('20240101120000-orders.js'), bound);
    const script = (await sequelize.script(migration!, 'up', files))!;
    assert.deepEqual([script.sql, script.transaction], ['delete from t where a = 0 and b = :b;', 'none']);
    assert.equal(await sequelize.script(migration!, 'down', files), null);
  });

  it('lists what the tool takes, in its order, and numbers after it', async () => {
    const names = ['2-b.ts', '1-a.js', '1-a-b.cjs', '3-c.mjs', '4-d.d.ts', 'index.js', '1-a.cjs', '5-e.sql'];
    const files = memoryFiles(Object.fromEntries(names.map((name) => [at(name), ''])));
    const migrations = await sequelize.list(folder, files);
    assert.deepEqual(
      migrations.map(({ version, problems }) => [version, problems?.length ?? 0]),
      [
        ['1-a-b', 0],
        ['1-a', 1],
        ['2-b', 0],
      ],
    );
    const request = { folder, name: 'Add note', up: '', down: null, transactional: true };
    const now = new Date('2026-01-02T03:04:05Z');
    const next = (existing: typeof migrations): string =>
      path.basename(sequelize.compose({ ...request, now }, existing)[0]!.path);
    assert.equal(next(migrations), '3-add-note.ts');
    assert.equal(next([]), '20260102030405-add-note.js');
    assert.equal(sequelize.folderOf(at('20240101120000-a.js')), folder);
    for (const name of ['a.js', '1-a.mjs', '1-a.sql', '1-a.d.ts'])
      assert.equal(sequelize.folderOf(at(name)), null);
  });

  it('is told by what the files say', async () => {
    const detect = async (text: string): Promise<string | undefined> =>
      (await detectLayout(folder, memoryFiles({ [at('20240101120000-a.js')]: text })))?.layout.id;
    assert.equal(await detect('exports.up = (queryInterface) => queryInterface.addColumn()'), 'sequelize');
    assert.equal(await detect('exports.up = () => 1'), undefined);
    assert.notEqual(await detect("exports.up = (knex) => knex.raw('select 1')"), 'sequelize');
  });

  it('is called where its options are, and finds the table they name', async () => {
    const root = path.resolve('/w');
    const migration = (await sequelize.list(folder, memoryFiles({ [at('1-a.js')]: '' })))[0]!;
    const asked = memoryFiles({ [at('1-a.js')]: '' });
    await assert.rejects(sequelize.tool!.run!.command(migration, 'up', asked), {
      code: 'not-found',
      message: /toolCommands/,
    });
    assert.equal(await sequelize.historyTable!(folder, asked), null);
    const files = memoryFiles({
      [path.join(root, '.sequelizerc')]:
        "module.exports = { 'config': path.resolve(__dirname, 'db', 'settings.js'), 'migrations-path': 'x' };",
      [path.join(root, 'db', 'settings.js')]:
        "module.exports = { test: { migrationStorageTableName: 'done', migrationStorageTableSchema: 'meta' } };",
    });
    assert.deepEqual(await sequelize.historyTable!(folder, files), { schema: 'meta', name: 'done' });
    assert.deepEqual(await sequelize.tool!.run!.command(migration, 'down', files), {
      program: 'npx',
      args: [
        ...['--no-install', 'sequelize-cli', 'db:migrate:undo', '--name', '1-a.js'],
        ...['--migrations-path', 'migrations'],
      ],
      folder: root,
    });
    assert.deepEqual((await sequelize.tool!.generate!(folder, 'Add note', files)).args.slice(1, 5), [
      ...['sequelize-cli', 'migration:generate', '--name', 'add-note'],
    ]);
    const config = { development: {}, production: { migrationStorageTableName: 'done' } };
    const json = memoryFiles({ [path.join(root, 'config', 'config.json')]: JSON.stringify(config) });
    assert.equal(await sequelize.historyTable!(folder, json), null);
    assert.equal((await sequelize.tool!.run!.command(migration, 'up', json)).folder, root);
  });
});

describe('Sequelize and Switchback in turns', function () {
  this.timeout(120_000);
  let session: Session;
  let project: ToolProject;
  beforeInProject(
    'db/migrations',
    {
      'package.json': '{ "type": "commonjs" }',
      'config/config.js':
        "module.exports = { development: { use_env_variable: 'DATABASE_URL', dialect: 'postgres' } };\n",
      'db/migrations/20240101120000-create.js':
        "module.exports = { up: (queryInterface) => queryInterface.sequelize.query('create table orders (id int)'),\n  down: (queryInterface) => queryInterface.dropTable('orders') };\n",
    },
    (opened) => {
      ({ project, session } = opened);
    },
  );

  const cli = (...args: string[]): Promise<string> =>
    project.run({
      program: 'npx',
      args: ['--no-install', 'sequelize-cli', ...args, '--migrations-path', 'db/migrations'],
      folder: project.root,
    });
  const shape = async (): Promise<unknown> =>
    (
      await session.query(
        `select a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull,
           (select array_agg(pg_get_constraintdef(oid)) from pg_constraint
            where conrelid = a.attrelid and contype <> 'n') as constraints
         from pg_attribute a where a.attrelid = '"SequelizeMeta"'::regclass and a.attnum > 0 order by a.attnum`,
      )
    ).rows;

  it('applies what the tool began, takes it back, and the tool goes on', async () => {
    const files = nodeFiles();
    assert.equal((await sequelize.history('', session)).exists, false);
    await cli('db:migrate');
    assert.deepEqual(await appliedVersions(sequelize, session), ['20240101120000-create']);

    await writeMigration(sequelize, project, {
      name: 'add note',
      up: "alter table orders add column note text default '?`${x}:name $1'; select 1;",
      down: 'alter table orders drop column note;',
    });
    await writeMigration(sequelize, project, {
      name: 'index note',
      up: 'create index concurrently orders_note on orders (note)',
      down: 'drop index concurrently orders_note',
      transactional: false,
    });
    const migrations = await sequelize.list(project.migrations, files);
    const transactions = migrations.map(
      async (each) => (await sequelize.script(each, 'up', files))?.transaction,
    );
    assert.deepEqual(await Promise.all(transactions), ['none', 'wrapped', 'none']);
    // One call runs all that is pending up to the one that it names.
    await runTool(sequelize, project, migrations[2]!, 'up');
    assert.equal((await appliedVersions(sequelize, session)).length, 3);
    await session.query('insert into orders (id) values (1)');
    assert.deepEqual((await session.query('select note from orders')).rows, [{ note: '?`${x}:name $1' }]);

    await runTool(sequelize, project, migrations[2]!, 'down');
    assert.match(await cli('db:migrate:status'), /up .*add-note\.js\s+down .*index-note\.js/);

    // A row of ours, and none, are the tool's own, and so is the table.
    const tools = await shape();
    const rows = (await session.query('select * from "SequelizeMeta"')).rows;
    await session.query('drop table "SequelizeMeta"');
    for (const migration of migrations) {
      const execution = sequelize.execution(migration, 'up', {} as never);
      for (const sql of execution.prepare) await session.query(sql);
      for (const { sql, parameters } of execution.record(0)) await session.query(sql, parameters);
    }
    assert.deepEqual(await shape(), tools);
    const [undo] = sequelize.execution(migrations[2]!, 'down', {} as never).record(0);
    await session.query(undo!.sql, undo!.parameters);
    assert.deepEqual((await session.query('select * from "SequelizeMeta"')).rows, rows);
    await session.query(
      'alter table "SequelizeMeta" add "createdAt" timestamptz, add "updatedAt" timestamptz',
    );
    await session.query('update "SequelizeMeta" set "createdAt" = now(), "updatedAt" = now()');
    await session.query(
      'alter table "SequelizeMeta" alter "createdAt" set not null, alter "updatedAt" set not null',
    );
    const [row] = sequelize.execution(migrations[2]!, 'up', {} as never).record(0);
    await session.query(row!.sql, row!.parameters);
    assert.match(await cli('db:migrate'), /already up to date/);
  });

  it('writes TypeScript that compiles where the others are TypeScript', async () => {
    const first = path.join(project.root, 'typed', '20240101120000-create.ts');
    await mkdir(path.dirname(first));
    await rename(path.join(project.migrations, '20240101120000-create.js'), first);
    const typed = { ...project, migrations: path.dirname(first) };
    for (const transactional of [true, false]) {
      const file = await writeMigration(sequelize, typed, {
        ...{ name: 'one', up: 'select 1', transactional },
        down: transactional ? null : 'select 2',
      });
      assert.match(path.basename(file), /^\d{14}-one\.ts$/);
      assert.deepEqual(await typeProblems(typed, file), [], await textOf(file));
    }
    await rm(path.dirname(first), { recursive: true });
  });
});

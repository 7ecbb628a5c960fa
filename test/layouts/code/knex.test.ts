import assert from 'node:assert/strict';
import path from 'node:path';
import type { Session } from '../../../src/database/session';
import { detectLayout } from '../../../src/layouts/detect-layouts';
import { knex } from '../../../src/layouts/knex';
import { nodeFiles } from '../../../src/ports/node-files';
import { memoryFiles } from '../../support/memory-files';
import { type TestDatabase } from '../../support/servers';
import {
  appliedVersions,
  beforeInProject,
  runTool,
  textOf,
  toolProject,
  typeProblems,
  writeMigration,
  type ToolProject,
} from './tool-project';

const folder = path.resolve('/w/migrations');

describe('Knex: files', function () {
  this.timeout(30_000);
  it('reads the SQL of both directions where it stands', async () => {
    const text = `import type { Knex } from 'knex';
const table = 'orders';
export async function up(knex: Knex): Promise<void> {
  await knex.raw(\`alter table \${table} add column note text\`);
  await knex.schema.raw('create index on orders (note) where note <> \\'\\'');
  await knex.schema.alterTable('orders', (t) => t.timestamp('at').defaultTo(knex.raw('now()')));
  await knex.raw('update ?? set note = ? where a \\\\?| b', ['orders', 'x']);
}
export async function down(knex: Knex): Promise<void> {
  return knex.raw('alter table orders ' + 'drop column ' + name());
}
`;
    const files = memoryFiles({ [path.join(folder, '20240101120000_note.ts')]: text });
    const [migration] = await knex.list(folder, files);
    const up = (await knex.script(migration!, 'up', files))!;
    assert.equal(
      up.sql.replace(/\s+/g, ' '),
      "alter table ${table} add column note text; create index on orders (note) where note <> '' ; update :x set note = 0 where a ?| b;",
    );
    assert.equal(text.indexOf('create index'), up.offset + up.sql.indexOf('create index'));
    assert.equal(up.transaction, 'wrapped');
    const down = (await knex.script(migration!, 'down', files))!;
    assert.match(down.sql, /^alter table orders {5,}drop column \$\{x+\};$/);
  });

  it('is told by what the files say', async () => {
    const file = path.join(folder, '20240101120000_note.js');
    const found = await detectLayout(
      folder,
      memoryFiles({ [file]: 'exports.up = (knex) => knex.raw("select 1")' }),
    );
    assert.equal(found?.layout.id, 'knex');
    assert.equal(await detectLayout(folder, memoryFiles({ [file]: 'exports.up = () => 1' })), null);
  });
});

describe('Knex and Switchback in turns', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  let session: Session;
  let project: ToolProject;
  beforeInProject(
    'migrations',
    {
      'package.json': '{ "type": "commonjs" }',
      'knexfile.js':
        "module.exports = { client: 'pg', connection: process.env.DATABASE_URL, migrations: { directory: './migrations' } };\n",
      'migrations/20240101120000_create.js':
        "exports.up = (knex) => knex.raw('create table orders (id int)');\nexports.down = (knex) => knex.raw('drop table orders');\n",
    },
    (opened) => {
      ({ project, session, database } = opened);
    },
  );

  it('applies what the tool began, takes it back, and the tool goes on', async () => {
    const files = nodeFiles();
    const knexTool = (...args: string[]): Promise<string> =>
      project.run({ program: 'npx', args: ['--no-install', 'knex', ...args], folder: project.root });
    await knexTool('migrate:latest');
    assert.deepEqual(await appliedVersions(knex, session), ['20240101120000_create']);

    await writeMigration(knex, project, {
      name: 'add note',
      up: "alter table orders add column note text default '?`${x}'; select 1;",
      down: 'alter table orders drop column note;',
    });
    await writeMigration(knex, project, {
      name: 'index note',
      up: 'create index concurrently orders_note on orders (note)',
      down: 'drop index concurrently orders_note',
      transactional: false,
    });
    const migrations = await knex.list(project.migrations, files);
    assert.equal((await knex.script(migrations[2]!, 'up', files))?.transaction, 'none');
    for (const migration of migrations.slice(1)) await runTool(knex, project, migration, 'up');
    assert.equal((await appliedVersions(knex, session)).length, 3);
    await session.query('insert into orders (id) values (1)');
    assert.deepEqual((await session.query('select note from orders')).rows, [{ note: '?`${x}' }]);

    await runTool(knex, project, migrations[2]!, 'down');
    assert.match(await knexTool('migrate:list'), /Found 2 Completed Migration[\s\S]*Found 1 Pending/);

    // A row of ours, and none, are the tool's own.
    const execution = knex.execution(migrations[2]!, 'up', {} as never);
    for (const { sql, parameters } of execution.record(0)) await session.query(sql, parameters);
    assert.match(await knexTool('migrate:list'), /Found 3 Completed[\s\S]*No Pending/);
    const { rows } = await session.query('select batch, name from knex_migrations order by id');
    assert.deepEqual(
      rows.map((row) => row['batch']),
      [1, 2, 3],
    );
  });

  it('writes TypeScript that compiles where the others are TypeScript', async () => {
    const typed = await toolProject(database, 'migrations', { 'package.json': '{}' });
    try {
      for (const transactional of [true, false]) {
        const file = await writeMigration(knex, typed, {
          name: 'one',
          up: 'select 1',
          down: null,
          transactional,
        });
        assert.match(path.basename(file), /^\d{14}_one\.ts$/);
        assert.deepEqual(await typeProblems(typed, file), [], await textOf(file));
      }
    } finally {
      await typed.remove();
    }
  });
});

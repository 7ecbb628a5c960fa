import assert from 'node:assert/strict';
import path from 'node:path';
import type { Session } from '../../../src/database/session';
import { detectLayout } from '../../../src/layouts/detect-layouts';
import { migrationStatuses } from '../../../src/layouts/migration-status';
import { nodePgMigrate } from '../../../src/layouts/node-pg-migrate';
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

describe('node-pg-migrate: code', function () {
  this.timeout(30_000);
  it('reads the SQL of both directions where it stands', async () => {
    const text = `import { MigrationBuilder } from 'node-pg-migrate';
export async function up(pgm: MigrationBuilder): Promise<void> {
  pgm.noTransaction();
  pgm.createTable('orders', { at: { type: 'timestamptz', default: pgm.func('now()') } });
  pgm.sql(\`alter table orders
    add column note text\`);
  await pgm.db.query({ text: 'update orders set note = $1', values: ['x'] });
}
export async function down(pgm: MigrationBuilder): Promise<void> {
  pgm.sql('drop table orders');
}
`;
    const files = memoryFiles({ [at('1_orders.ts')]: text });
    const [migration] = await nodePgMigrate.list(folder, files);
    assert.equal(migration!.isCode, true);
    const up = (await nodePgMigrate.script(migration!, 'up', files))!;
    const sent = 'alter table orders add column note text; update orders set note = $1;';
    assert.equal(up.sql.replace(/\s+/g, ' '), sent);
    assert.equal(text.indexOf('update orders'), up.offset + up.sql.indexOf('update orders'));
    assert.equal(up.transaction, 'none');
    assert.equal((await nodePgMigrate.script(migration!, 'down', files))!.sql, 'drop table orders;');
  });

  it('tells a way back that the tool infers from one that is missing or forbidden', async () => {
    const wayBack = async (text: string): Promise<[sql: string | null, irreversible: boolean]> => {
      const files = memoryFiles({ [at('1_a.js')]: text });
      const migrations = await nodePgMigrate.list(folder, files);
      const up = await nodePgMigrate.script(migrations[0]!, 'up', files);
      const down = await nodePgMigrate.script(migrations[0]!, 'down', files);
      const request = { migrations, history: null, layout: nodePgMigrate };
      const scripts = { up: new Map([['1_a', up]]), down: new Map([['1_a', down]]) };
      const { flags } = migrationStatuses({ ...request, ...scripts })[0]!;
      assert.equal(flags.includes('no-down'), down === null);
      return [down?.sql ?? null, flags.includes('irreversible')];
    };
    const creates = "exports.up = (pgm) => { pgm.createTable('t', {}); };";
    assert.deepEqual(await wayBack(creates), ['', false]);
    assert.deepEqual(await wayBack("exports.up = (pgm) => { pgm.sql('select 1'); };"), [null, false]);
    assert.deepEqual(await wayBack(`${creates}\nexports.down = false;`), [null, true]);
    assert.deepEqual(
      await wayBack('export const up = (pgm) => pgm.sql(`select 1`);\nexport const down = false;'),
      [null, true],
    );
    assert.deepEqual(await wayBack(`${creates}\nexports.down = () => {};`), [null, false]);
  });

  it('is told by the builder, and written in the language of the last one', async () => {
    const detect = async (text: string): Promise<string | undefined> =>
      (await detectLayout(folder, memoryFiles({ [at('1700000000000_a.js')]: text })))?.layout.id;
    assert.equal(await detect("exports.up = (pgm) => pgm.sql('select 1')"), 'node-pg-migrate');
    assert.equal(await detect('exports.up = () => 1'), undefined);
    assert.notEqual(await detect('exports.up = (knex) => knex.raw("select 1")'), 'node-pg-migrate');
    assert.equal(nodePgMigrate.folderOf(at('1700000000000_a.mts')), folder);
    assert.equal(nodePgMigrate.folderOf(at('1700000000000_a.d.ts')), null);
    const request = { folder, name: 'next', up: '', down: null, transactional: true, now: new Date() };
    const next = async (...names: string[]): Promise<string> => {
      const files = memoryFiles(Object.fromEntries(names.map((name) => [at(name), ''])));
      const existing = await nodePgMigrate.list(folder, files);
      return path.basename(nodePgMigrate.compose(request, existing)[0]!.path);
    };
    assert.equal(await next('0001_a.sql', '0002_b.cjs'), '0003_next.cjs');
    assert.equal(await next('0001_a.ts', '0002_b.sql'), '0003_next.sql');
  });

  it('is called in the project, with the options of its scripts', async () => {
    const files = memoryFiles({
      [at('1_a.ts')]: '',
      [at('2.ts')]: '',
      [path.resolve('/w/package.json')]: JSON.stringify({
        scripts: {
          build: 'tsc',
          migrate: `dotenv -- node-pg-migrate --migrations-table "my done" -m db -d DB_URL -f $CONFIG --no-check-order && tsc`,
        },
      }),
    });
    const [first, second] = await nodePgMigrate.list(folder, files);
    assert.deepEqual(await nodePgMigrate.tool!.run!.command(first!, 'down', files), {
      program: 'npx',
      args: [
        ...['--no-install', 'node-pg-migrate', 'down', '1_a', '-m', 'migrations'],
        ...['--migrations-table', 'my done', '-d', 'DB_URL', '--no-check-order'],
      ],
      folder: path.resolve('/w'),
    });
    const counted = await nodePgMigrate.tool!.run!.command(second!, 'up', files);
    assert.deepEqual(counted.args.slice(2, 4), ['up', '1']);
    await assert.rejects(nodePgMigrate.tool!.run!.command(first!, 'up', memoryFiles({})), {
      code: 'not-found',
    });
  });
});

describe('node-pg-migrate in code and Switchback in turns', function () {
  this.timeout(120_000);
  let session: Session;
  let project: ToolProject;
  beforeInProject(
    'db/migrations',
    {
      'package.json':
        '{ "type": "module", "scripts": { "migrate": "node-pg-migrate -t done -m db/migrations" } }',
      'db/migrations/0001_create.sql': '-- Up Migration\ncreate table orders (id int);\n',
      'db/migrations/0002_note.ts':
        "export const up = (pgm: any): void => {\n  pgm.addColumn('orders', { note: 'text' });\n};\n",
    },
    (opened) => {
      ({ project, session } = opened);
    },
  );

  it('applies what the tool began, takes it back, and the tool goes on', async () => {
    const files = nodeFiles();
    const table = await nodePgMigrate.historyTable!(project.migrations, files);
    const layout = {
      ...nodePgMigrate,
      history: (directory: string, asked: Session) => nodePgMigrate.history(directory, asked, table),
    };
    const tool = (...args: string[]): Promise<string> =>
      project.run({
        program: 'npx',
        args: ['--no-install', 'node-pg-migrate', ...args, '-m', 'db/migrations', '-t', 'done'],
        folder: project.root,
      });
    await tool('up', '1');
    assert.deepEqual(await appliedVersions(layout, session), ['0001_create']);

    const written = await writeMigration(layout, project, {
      name: 'default note',
      up: "alter table orders alter note set default '?`${x}:name $1 {a}'; select 1;",
      down: 'alter table orders alter note drop default;',
    });
    await writeMigration(layout, project, {
      name: 'index note',
      up: 'create index concurrently orders_note on orders (note)',
      down: null,
      transactional: false,
    });
    assert.deepEqual(await typeProblems(project, written), [], await textOf(written));
    const migrations = await layout.list(project.migrations, files);
    assert.deepEqual(
      migrations.map(({ upPath }) => path.basename(upPath)),
      ['0001_create.sql', '0002_note.ts', '0003_default-note.ts', '0004_index-note.ts'],
    );
    const last = (await layout.script(migrations[3]!, 'up', files))!;
    assert.deepEqual([last.transaction, last.irreversible], ['none', true]);
    for (const migration of migrations.slice(1)) await runTool(layout, project, migration, 'up');
    assert.equal((await appliedVersions(layout, session)).length, 4);
    await session.query('insert into orders (id) values (1)');
    assert.deepEqual((await session.query('select note from orders')).rows, [{ note: '?`${x}:name $1 {a}' }]);
    await assert.rejects(
      runTool(layout, project, migrations[3]!, 'down'),
      /User has disabled down migration/,
    );

    // Rows are taken away by us, and the rest is the tool's again.
    const remove = (version: number): Promise<unknown>[] =>
      layout
        .execution(migrations[version]!, 'down', { table } as never)
        .record(0)
        .map(({ sql, parameters }) => session.query(sql, parameters));
    await Promise.all([...remove(3), ...remove(2)]);
    await runTool(layout, project, migrations[1]!, 'down');
    assert.deepEqual(await appliedVersions(layout, session), ['0001_create']);
    const { sql, parameters } = layout.execution(migrations[1]!, 'up', { table } as never).record(0)[0]!;
    await session.query(sql, parameters);
    assert.match(await tool('up', '--dry-run'), /> - 0003_default-note\n> - 0004_index-note/);
  });
});

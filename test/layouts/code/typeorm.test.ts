import assert from 'node:assert/strict';
import path from 'node:path';
import type { Session } from '../../../src/database/session';
import { detectLayout } from '../../../src/layouts/detect-layouts';
import type { Direction, LayoutExecution, Migration, MigrationScript } from '../../../src/layouts/layout';
import { typeorm } from '../../../src/layouts/typeorm';
import { nodeFiles } from '../../../src/ports/node-files';
import { memoryFiles } from '../../support/memory-files';
import { type TestDatabase } from '../../support/servers';
import {
  appliedVersions,
  beforeInProject,
  runTool,
  toolProject,
  typeProblems,
  writeMigration,
} from './tool-project';
import type { ToolProject } from './tool-project';

const folder = path.resolve('/w/src/migrations');
const program = `import { MigrationInterface, QueryRunner } from 'typeorm';

export class AddNote1700000000000 implements MigrationInterface {
    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(\`ALTER TABLE "orders" ADD "note" character varying\`);
        await queryRunner.query('UPDATE orders SET note = $1 WHERE a ? b', ['x']);
        await queryRunner.sql\`DELETE FROM orders WHERE id = \${one}\`;
        await queryRunner.createTable(new Table({ name: 'x' }));
    }
    public async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query("ALTER TABLE \\"orders\\" DROP COLUMN " + \`"\${column}"\`);
    }
}
`;

async function read(
  text: string,
  direction: Direction = 'up',
  name = '1700000000000-AddNote.ts',
): Promise<MigrationScript | null> {
  const files = memoryFiles({ [path.join(folder, name)]: text });
  const [migration] = await typeorm.list(folder, files);
  return typeorm.script(migration!, direction, files);
}

describe('TypeORM: files', function () {
  this.timeout(30_000);
  it('reads the SQL of both directions where it stands', async () => {
    const up = (await read(program))!;
    assert.equal(
      up.sql.replace(/\s+/g, ' '),
      'ALTER TABLE "orders" ADD "note" character varying; UPDATE orders SET note = $1 WHERE a ? b; DELETE FROM orders WHERE id = ${one};',
    );
    assert.equal(program.indexOf('UPDATE orders'), up.offset + up.sql.indexOf('UPDATE orders'));
    assert.equal(up.transaction, 'wrapped');
    const down = (await read(program, 'down'))!;
    assert.match(down.sql, /^ALTER TABLE +"orders" +DROP COLUMN +"\$\{column\}";$/);
    const windows = program.replaceAll('\n', '\r\n');
    const again = (await read(windows))!;
    assert.equal(windows.indexOf('UPDATE orders'), again.offset + again.sql.indexOf('UPDATE orders'));
    const without = program.replace(/(async down[^{]*\{)[\s\S]*$/, "$1 throw new Error('no');\n}\n}\n");
    assert.equal(await read(without, 'down'), null);
    assert.equal((await read('', 'up')) ?? null, null);
  });

  it('tells the name that is recorded and the transaction that is refused', async () => {
    const recorded = async (text: string): Promise<string | null> =>
      typeorm.recordedHash((await read(text))!);
    const body = (text: string, more = ''): string =>
      `${text} { ${more}\n async up(q) { await q.query('select 1'); } }`;
    assert.equal(await recorded(program), 'AddNote1700000000000');
    assert.equal(
      await recorded(body('class A1700000000001', "\n    name = 'B1700000000002'")),
      'B1700000000002',
    );
    assert.equal(await recorded(body('module.exports = class A1700000000001')), 'A1700000000001');
    assert.equal(await recorded(body('exports.A1700000000001 = class A1700000000001')), 'A1700000000001');
    assert.equal(await recorded(body('export default class Änderung1700000000001')), 'Änderung1700000000001');
    assert.equal(
      await recorded(body('// class Old1600000000000\nexport class A1700000000001')),
      'A1700000000001',
    );
    // What it would be called: the class has no name of its own to see.
    assert.equal(await recorded(body('module.exports = class')), 'AddNote1700000000000');
    const refusing = program.replace(
      'Interface {\n',
      'Interface {\n    public transaction: boolean = false;\n',
    );
    assert.equal((await read(refusing))!.transaction, 'none');
    assert.equal(
      (await read(program.replace('Interface {\n', 'Interface {\n    transaction = true\n')))!.transaction,
      'wrapped',
    );
  });

  it('lists by timestamp, names the second file of one, and knows what is none', async () => {
    const names = [
      '1700000000002-Late.ts',
      '1700000000001-Early.ts',
      '1700000000001-Early.js',
      '1700000000001-Early.d.ts',
      '1700000000001-Early.js.map',
      '999999999999-Short.ts',
      '20240101120000_knex.ts',
      'index.ts',
    ];
    const files = memoryFiles(Object.fromEntries(names.map((name) => [path.join(folder, name), ''])));
    const migrations = await typeorm.list(folder, files);
    assert.deepEqual(
      migrations.map(({ version, name }) => [version, name]),
      [
        ['1700000000001', 'Early'],
        ['1700000000002', 'Late'],
      ],
    );
    assert.equal(migrations[0]!.problems?.length, 1);
    assert.equal(typeorm.folderOf(migrations[0]!.upPath), folder);
    assert.equal(typeorm.folderOf(path.join(folder, 'index.ts')), null);
    assert.ok(typeorm.compare('1700000000001', '1700000000002') < 0);
  });

  it('is told by what the files say', async () => {
    const file = path.join(folder, '1700000000000_note.js');
    const found = await detectLayout(folder, memoryFiles({ [file]: program }));
    assert.equal(found?.layout.id, 'typeorm');
    const other = memoryFiles({ [file]: 'exports.up = (pgm) => pgm.sql("select 1")' });
    assert.equal(await typeorm.detect(folder, other), null);
  });

  it('names new files and classes as those that are there', () => {
    const now = new Date(1_700_000_000_500);
    const composed = (name: string, existing: string[]): [string, string] => {
      const filled: string[] = [];
      const request = { folder, name, up: 'select 1', down: null, transactional: true, now };
      const fill = (_template: string, values: { className: string }): string =>
        String(filled.push(values.className));
      const migrations = existing.map(
        (stem) => ({ version: stem.slice(0, 13), name: stem.slice(14), upPath: `${stem}.ts` }) as Migration,
      );
      const [file] = typeorm.compose({ ...request, fill }, migrations);
      return [path.basename(file!.path), filled[0]!];
    };
    assert.deepEqual(composed('add note', []), ['1700000000500-AddNote.ts', 'AddNote1700000000500']);
    assert.deepEqual(composed("2nd ${x}'; note", ['1800000000000-add-note']), [
      '1800000000001-2nd-x-note.ts',
      'Migration2ndXNote1800000000001',
    ]);
  });

  it('finds the data source, the project and what runs it', async () => {
    const migration = { folder, upPath: path.join(folder, '1700000000000-AddNote.ts') } as Migration;
    const command = async (
      texts: Record<string, string>,
      direction: Direction = 'up',
    ): Promise<[string, string]> => {
      const all = { 'src/migrations/1700000000000-AddNote.ts': program, ...texts };
      const files = memoryFiles(
        Object.fromEntries(Object.entries(all).map(([name, text]) => [path.resolve('/w', name), text])),
      );
      const {
        program: npx,
        args,
        folder: where,
      } = await typeorm.tool!.run!.command(migration, direction, files);
      return [where, [npx, ...args].join(' ')];
    };
    const source = 'export const AppDataSource = new DataSource({});';
    const root = path.resolve('/w');
    assert.deepEqual(await command({ 'package.json': '{}', 'src/data-source.js': source }), [
      root,
      'npx --no-install typeorm migration:run --dataSource ./src/data-source.js',
    ]);
    const typed = { 'src/data-source.ts': source, 'node_modules/ts-node/package.json': '{}' };
    assert.deepEqual(await command({ 'package.json': '{}', ...typed }, 'down'), [
      root,
      'npx --no-install typeorm-ts-node-commonjs migration:revert --dataSource ./src/data-source.ts',
    ]);
    assert.match(
      (await command({ 'package.json': '{"type":"module"}', ...typed }))[1],
      /typeorm-ts-node-esm/,
    );
    const scripts = { typeorm: 'typeorm-ts-node-commonjs -d ./orm/main.ts', start: 'curl -d x' };
    assert.match(
      (await command({ 'package.json': JSON.stringify({ scripts }), 'orm/main.ts': source, ...typed }))[1],
      /run --dataSource \.\/orm\/main\.ts$/,
    );
    const refusing = program.replace('Interface {', 'Interface {\n transaction = false;');
    const other = { 'src/migrations/1700000000009-Other.ts': refusing, 'package.json': '{}', ...typed };
    assert.match((await command(other))[1], /--transaction each/);
    assert.doesNotMatch((await command(other, 'down'))[1], /--transaction/);
    const each = { 'src/data-source.ts': "new DataSource({ migrationsTransactionMode: 'each' })" };
    assert.doesNotMatch((await command({ ...other, ...each }))[1], /--transaction/);
    await assert.rejects(
      command({ 'package.json': '{}', 'src/data-source.ts': source }),
      /neither ts-node nor tsx/,
    );
    await assert.rejects(command({ 'package.json': '{}' }), { code: 'not-found' });
  });

  it('finds the table that the data source names', async () => {
    const table = (text: string): ReturnType<NonNullable<typeof typeorm.historyTable>> =>
      typeorm.historyTable!(folder, memoryFiles({ [path.resolve('/w/src/data-source.ts')]: text }));
    assert.equal(await table("new DataSource({ type: 'postgres' })"), null);
    assert.deepEqual(
      await table(
        "new DataSource({\n  schema: 'shop',\n  // migrationsTableName: 'old',\n  migrationsTableName: \"done\",\n})",
      ),
      { schema: 'shop', name: 'done' },
    );
  });
});

async function run(session: Session, { prepare, record }: LayoutExecution): Promise<void> {
  for (const sql of prepare) await session.query(sql);
  for (const { sql, parameters } of record(0)) await session.query(sql, parameters);
}

describe('TypeORM and Switchback in turns', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  let session: Session;
  let project: ToolProject;
  beforeInProject(
    'migrations',
    {
      'package.json': '{ "type": "commonjs" }',
      'data-source.js': `const { DataSource, EntitySchema } = require('typeorm');
const columns = { id: { type: 'int', primary: true }, note: { type: 'text', nullable: true } };
exports.source = new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, migrations: ['migrations/*.{js,ts}'],
  entities: [new EntitySchema({ name: 'parcels', columns })] });
`,
      'migrations/1700000000000-Create.js': `module.exports = class Create1700000000000 {
  up(queryRunner) { return queryRunner.query('create table orders (id int)'); }
  down(queryRunner) { return queryRunner.query('drop table orders'); }
};
`,
    },
    (opened) => {
      ({ project, session, database } = opened);
    },
  );

  const files = nodeFiles();
  const tool = (verb: string): Promise<string> =>
    project
      .run({
        program: 'npx',
        args: ['--no-install', 'typeorm', verb, '-d', 'data-source.js'],
        folder: project.root,
      })
      // migration:show ends with 1 where something is pending.
      .catch((error: Error) => error.message);
  const context = async (migration: Migration): Promise<never> =>
    ({ recordedHash: typeorm.recordedHash((await typeorm.script(migration, 'up', files))!) }) as never;

  it('runs what the tool began, takes it back, and the tool goes on', async () => {
    await tool('migration:run');
    assert.deepEqual(await appliedVersions(typeorm, session), ['1700000000000']);
    await writeMigration(typeorm, project, {
      name: 'add note',
      up: "alter table orders add column note text default '?`${x}\\'; select 1;",
      down: 'alter table orders drop column note;',
    });
    await writeMigration(typeorm, project, {
      name: 'index note',
      up: 'create index concurrently orders_note on orders (note)',
      down: 'drop index concurrently orders_note',
      transactional: false,
    });
    const migrations = await typeorm.list(project.migrations, files);
    assert.equal((await typeorm.script(migrations[2]!, 'up', files))?.transaction, 'none');

    await runTool(typeorm, project, migrations[1]!, 'up');
    assert.equal((await appliedVersions(typeorm, session)).length, 3);
    await session.query('insert into orders (id) values (1)');
    assert.deepEqual((await session.query('select note from orders')).rows, [{ note: '?`${x}\\' }]);

    await runTool(typeorm, project, migrations[2]!, 'down');
    assert.match(await tool('migration:show'), /\[X\] 2 AddNote\d+[\s\S]*\[ \] IndexNote/);

    // A row of ours, and none, are the tool's own.
    await run(session, typeorm.execution(migrations[2]!, 'up', await context(migrations[2]!)));
    assert.match(await tool('migration:show'), /\[X\] \d+ IndexNote/);
    await run(session, typeorm.execution(migrations[2]!, 'down', await context(migrations[2]!)));
    assert.match(await tool('migration:show'), /\[ \] IndexNote/);
    const history = await typeorm.history('migrations', session);
    for (const [index, row] of history.applied.entries()) {
      const script = await typeorm.script(migrations[index]!, 'up', files);
      assert.equal(row.contentHash, typeorm.recordedHash(script!));
    }
  });

  it("makes the tool's own table, and leaves that of another tool", async () => {
    const shape = `select pg_get_constraintdef(k.oid) as key, k.conname, (
        select json_agg(row(attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)) order by attnum)
        from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
        where attrelid = k.conrelid and attnum > 0) as columns
      from pg_constraint k where conrelid = 'migrations'::regclass and contype = 'p'`;
    const made = await session.query(shape);
    await session.query('drop table migrations');
    const [migration] = await typeorm.list(project.migrations, files);
    await run(session, typeorm.execution(migration!, 'up', await context(migration!)));
    assert.deepEqual((await session.query(shape)).rows, made.rows);
    assert.match(await tool('migration:show'), /\[X\] 1 Create1700000000000[\s\S]*\[ \] AddNote/);

    await session.query('drop table migrations');
    assert.equal((await typeorm.history('migrations', session)).exists, false);
    await session.query('create table migrations (id serial primary key, name text, run_on timestamp)');
    await assert.rejects(typeorm.history('migrations', session), { code: 'invalid-input' });
    await session.query('drop table migrations');
  });

  it("generates with the tool's own comparison", async () => {
    await project.run(await typeorm.tool!.generate!(project.migrations, 'add parcels', files));
    const migrations = await typeorm.list(project.migrations, files);
    assert.equal(migrations.at(-1)!.name, 'AddParcels');
    assert.match((await typeorm.script(migrations.at(-1)!, 'up', files))!.sql, /^CREATE TABLE "parcels"/);
  });

  it('writes TypeScript that compiles and that the tool runs through tsx', async () => {
    const typed = await toolProject(database, 'src/migrations', {
      'package.json': '{ "type": "commonjs" }',
      'src/data-source.ts': `import { DataSource } from 'typeorm';
export const source = new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, migrations: ['src/migrations/*.ts'], migrationsTableName: 'done' });
`,
    });
    try {
      const written: string[] = [];
      for (const transactional of [true, false]) {
        const down = transactional ? null : 'select 2';
        const request = { name: 'one', up: 'select 1', down, transactional };
        written.push(await writeMigration(typeorm, typed, request));
      }
      assert.match(path.basename(written[0]!), /^\d{13}-One\.ts$/);
      assert.deepEqual(await typeProblems(typed, ...written), []);
      const [migration] = await typeorm.list(typed.migrations, files);
      await runTool(typeorm, typed, migration!, 'up');
      const table = await typeorm.historyTable!(typed.migrations, files);
      const history = await typeorm.history('src/migrations', session, table);
      assert.equal(history.applied.length, 2);
      assert.equal(history.table, 'public.done');
    } finally {
      await typed.remove();
    }
  });
});

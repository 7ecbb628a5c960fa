import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { drizzle as connectDrizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { applyMigration, rollBackMigration } from '../../src/journey/apply-file';
import { generateMigration, generatingFolders } from '../../src/journey/generate-migration';
import { lintFiles } from '../../src/journey/lint';
import { readStatus } from '../../src/journey/migrations';
import { runTool } from '../../src/journey/run-tool';
import { drizzle } from '../../src/layouts/drizzle';
import { sealComposed } from '../../src/layouts/seal-composed';
import { openJourney, type Journey } from '../journey/journey';

const repository = path.resolve(__dirname, '..', '..');

const configuration = `import { defineConfig } from 'drizzle-kit';
export default defineConfig({ dialect: 'postgresql', schema: './schema.ts', out: './migrations' });
`;
/** A schema in code with these columns of one table, and what comes after it. */
const schema = (columns: string, rest = ''): string =>
  `import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
export const orders = pgTable('orders', { id: integer().primaryKey(), note: text(), ${columns} }${rest});
`;

const noteIndex = ', (table) => [index().on(table.note)]';

describe("Drizzle's own generator, its migrator and Switchback in turns on PostgreSQL 18", function () {
  this.timeout(120_000);
  let journey: Journey;
  let client: pg.Client;

  before(async () => {
    journey = await openJourney(18, '', {
      'package.json': '{ "private": true }',
      'drizzle.config.ts': configuration,
      'schema.ts': schema(''),
    });
    await symlink(path.join(repository, 'node_modules'), path.join(journey.root, 'node_modules'));
    const { connection, password } = journey.test;
    const { host, port, user, database } = connection;
    client = new pg.Client({ host, port, user, password, database });
    await client.connect();
  });
  after(async () => {
    await client?.end();
    await journey?.close();
  });

  const at = (...names: string[]): string => path.join(journey.root, ...names);
  const generate = async (name: string): Promise<string> => {
    const [folder] = await generatingFolders(journey.context);
    const written = await generateMigration(journey.context, journey.database, folder!, name);
    assert.equal(written.length, 1);
    return written[0]!;
  };
  const tool = (): Promise<void> => migrate(connectDrizzle(client), { migrationsFolder: at('migrations') });
  const states = async (): Promise<string[]> => {
    const [folder] = await readStatus(journey.context, journey.database.session);
    assert.deepEqual([folder!.layout, folder!.problems], ['drizzle', []]);
    return folder!.statuses.map(({ name, state, flags }) =>
      [name, state, ...flags.filter((flag) => flag !== 'no-down')].join(' '),
    );
  };
  const rows = async (): Promise<unknown[]> =>
    (await journey.look.query('select hash, created_at from drizzle.__drizzle_migrations order by id')).rows;
  const columns = async (): Promise<string[]> =>
    (
      await journey.look.query<{ name: string }>(
        `select attname as name from pg_attribute
         where attrelid = 'orders'::regclass and attnum > 0 and not attisdropped order by attnum`,
      )
    ).rows.map(({ name }) => name);

  it('writes what Switchback lists, forecasts and applies, and the migrator has nothing left to do', async () => {
    // Where there is no migration yet there is no folder of migrations to choose.
    const begin = await drizzle.tool!.generate!(at('migrations'), 'Create "orders"', journey.context.files);
    await runTool(journey.context, null, drizzle, begin);
    await tool();
    assert.deepEqual(await states(), ['create_orders applied']);

    await writeFile(at('schema.ts'), schema('total: integer()', noteIndex));
    const second = await generate('add total');
    assert.equal(second, at('migrations', '0001_add_total.sql'));
    assert.deepEqual(await states(), ['create_orders applied', 'add_total pending']);
    const [linted] = (await lintFiles(journey.context, [second], { database: journey.database })).files;
    assert.deepEqual(
      linted!.statements.map(({ locks, work }) => [locks[0]?.relation, locks[0]?.mode, work]),
      [
        ['public.orders', 'AccessExclusiveLock', 'catalog'],
        ['public.orders', 'ShareLock', 'index-build'],
      ],
    );
    assert.ok(linted!.findings.some(({ rule }) => rule === 'index-not-concurrent'));
    await applyMigration(journey.context, journey.database, second);
    assert.deepEqual(await states(), ['create_orders applied', 'add_total applied']);
    const written = await rows();
    assert.equal(written.length, 2);
    await tool();
    assert.deepEqual(await rows(), written);
    assert.deepEqual(await columns(), ['id', 'note', 'total']);
  });

  it('numbers on from a migration of Switchback, and applies it again once it was taken back', async () => {
    const folder = at('migrations');
    const { files } = journey.context;
    const composed = drizzle.compose(
      {
        ...{ folder, name: 'check total', transactional: true, now: new Date() },
        up: 'alter table orders add constraint total_positive check (total > 0) not valid;',
        down: 'alter table orders drop constraint total_positive;',
      },
      await drizzle.list(folder, files),
    );
    const sealed = await sealComposed(drizzle, composed, files);
    for (const file of [...sealed.files, ...sealed.beside]) await files.write(file.path, file.text);
    await writeFile(at('schema.ts'), schema('total: integer(), place: text()', noteIndex));
    const next = await generate('add place');
    assert.equal(next, at('migrations', '0003_add_place.sql'));
    // It looks at its own last snapshot: what schema.ts has more than that, and nothing of the migration between.
    assert.equal(await files.read(next), 'ALTER TABLE "orders" ADD COLUMN "place" text;');

    await applyMigration(journey.context, journey.database, composed[0]!.path);
    const applied = ['create_orders applied', 'add_total applied', 'check_total applied'];
    assert.deepEqual(await states(), [...applied, 'add_place pending']);
    await rollBackMigration(journey.context, journey.database, composed[0]!.path);
    assert.deepEqual(await states(), [...applied.slice(0, 2), 'check_total pending', 'add_place pending']);
    await tool();
    assert.deepEqual(await states(), [...applied, 'add_place applied']);
    assert.deepEqual(await columns(), ['id', 'note', 'total', 'place']);
    const history = await rows();
    await tool();
    assert.deepEqual([history.length, await rows()], [4, history]);
  });

  it('tells when there is nothing to write', async () => {
    await assert.rejects(generate('nothing'), { code: 'step-failed', message: /wrote no new migration/ });
  });
});

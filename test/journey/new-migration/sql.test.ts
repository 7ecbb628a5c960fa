import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { MigrationChange } from '../../../src/implement/new-migration/answers';
import { newMigration } from '../../../src/journey/new-migration';
import { detectLayout } from '../../../src/layouts/detect-layouts';
import { openSession } from '../../../src/database/connect';
import type { Database } from '../../../src/journey/database';
import { nodeFiles } from '../../../src/ports/node-files';
import { testContext } from '../../support/journey-context';
import { testMajors, testServer, type TestDatabase } from '../../support/servers';
import { changes, schema } from './changes';
import { answersFor, catalogOf, structural, withClient, withFolder } from './fixture';

for (const major of testMajors) {
  describe(`a new migration in SQL (PostgreSQL ${major})`, function () {
    this.timeout(60_000);
    let database: TestDatabase;
    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      await withClient(database, (client) => client.query(schema));
    });
    after(() => database?.drop());

    for (const [layoutTitle, seed] of [
      ['plain pairs', null],
      ['golang-migrate', '000007_seed'],
    ] as const) {
      for (const [title, change] of Object.entries(changes)) {
        // The tool decides how the file is sent, not what is in it.
        if (seed && !/^(?:an empty|an optional|an index|a backfill)/.test(title)) continue;
        it(`${title}, ${layoutTitle}: up, down to the same catalog, up again`, () =>
          withFolder(async (root) => {
            const folder = path.join(root, 'migrations');
            if (seed) {
              await writeFile(path.join(folder, `${seed}.up.sql`), 'select 1;\n');
              await writeFile(path.join(folder, `${seed}.down.sql`), 'select 1;\n');
            }
            const written = await newMigration(testContext(root), null, answersFor(root, 'sql', change));
            assert.deepEqual(
              written.map((file) => path.basename(file)),
              seed
                ? ['000008_a_new_migration.up.sql', '000008_a_new_migration.down.sql']
                : ['001_a_new_migration.sql', '001_a_new_migration_rollback.sql'],
            );
            const before = await catalogOf(database);
            await run(database, folder, 'up');
            if (change.kind !== 'empty')
              assert.notDeepEqual(structural(before, await catalogOf(database)), []);
            await run(database, folder, 'down');
            assert.deepEqual(structural(before, await catalogOf(database)), []);
            await run(database, folder, 'up');
            await run(database, folder, 'down');
            assert.deepEqual(structural(before, await catalogOf(database)), []);
          }));
      }
    }

    it('reads key, type and what a column loses from the database', () =>
      withFolder(async (root) => {
        await withClient(database, (client) =>
          client.query(`create table facts (a int, b text collate "C" not null default 'x', n int, primary key (a, b));
            create index facts_n on facts (n) where n > 0; alter table facts add constraint n_small check (n < 10);
            comment on column facts.n is 'it''s n'; alter table facts add constraint n_unique unique (n)`),
        );
        const facts = { schema: 'public', name: 'facts' };
        const session = await openSession(database.connection, database.password);
        const open: Database = {
          connection: database.connection,
          session,
          sessions: {
            open: () => Promise.reject(new Error('not asked for')),
          } as unknown as Database['sessions'],
          secret: async () => database.password,
          close: () => session.close(),
        };
        try {
          const folder = path.join(root, 'migrations');
          const before = await catalogOf(database);
          for (const change of [
            { kind: 'drop-column', table: facts, column: 'n', definition: null },
            {
              kind: 'change-type',
              table: facts,
              column: 'n',
              from: null,
              to: 'bigint',
              using: null,
              usingBack: null,
            },
            { kind: 'backfill', table: facts, key: [], column: 'n', expression: '1', onlyEmpty: true },
          ] satisfies MigrationChange[]) {
            await newMigration(testContext(root), open, answersFor(root, 'sql', change, change.kind));
            await run(database, folder, 'up');
            await run(database, folder, 'down');
            assert.deepEqual(structural(before, await catalogOf(database)), []);
          }
          assert.deepEqual(
            (await readdir(folder)).filter((name) => !name.includes('rollback')),
            ['001_drop_column.sql', '002_change_type.sql', '003_backfill.sql'],
          );
          assert.match(await readFile(path.join(folder, '003_backfill.sql'), 'utf8'), /\(a, b\) >= \(/);
        } finally {
          await session.close();
        }
      }));
  });
}

/** Runs the folder's last migration as its tool would: in a transaction, or as one simple query. */
async function run(database: TestDatabase, folder: string, direction: 'up' | 'down'): Promise<void> {
  const files = nodeFiles();
  const detected = await detectLayout(folder, files);
  assert.ok(detected);
  const migration = (await detected.layout.list(folder, files)).at(-1)!;
  const script = await detected.layout.script(migration, direction, files);
  assert.ok(script);
  await withClient(database, async (client) => {
    if (script.transaction === 'wrapped') await client.query('begin');
    await client.query(script.sql);
    if (script.transaction === 'wrapped') await client.query('commit');
  });
}

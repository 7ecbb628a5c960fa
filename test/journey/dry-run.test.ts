import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openDatabase, type Database } from '../../src/journey/database';
import { dryRunMigration } from '../../src/journey/dry-run';
import { lintFiles } from '../../src/journey/lint';
import { testContext } from '../support/journey-context';
import { testServer, type TestDatabase } from '../support/servers';

describe('dry run of a migration file', function () {
  this.timeout(60_000);
  let root: string;
  let server: TestDatabase;
  let database: Database;

  before(async () => {
    server = await (await testServer({ major: 18 })).createDatabase();
    database = await openDatabase(server.connection, async () => server.password);
    root = await mkdtemp(path.join(os.tmpdir(), 'switchback-dry-run-'));
    await mkdir(path.join(root, 'migrations'));
  });

  after(async () => {
    await database?.close();
    await server?.drop();
    await rm(root, { recursive: true, force: true });
  });

  it('tries short work on the database whatever lint says of the file as a whole', async () => {
    const file = (name: string): string => path.join(root, 'migrations', name);
    await writeFile(file('000001_items.up.sql'), 'create table items (id bigint primary key);');
    await writeFile(file('000001_items.down.sql'), 'drop table items;');
    const second = file('000002_more.up.sql');
    await writeFile(second, 'create table more (id bigint primary key);');
    const context = testContext(root);
    const { files } = await lintFiles(context, [second], { database });
    assert.deepEqual(
      files[0]!.findings.map(({ rule, statement }) => [rule, statement]),
      [['no-down', null]],
    );
    const result = await dryRunMigration(context, database, second);
    assert.deepEqual([result.where, result.verdict], ['database', 'ok']);
  });
});

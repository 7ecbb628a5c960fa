import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openDatabase, type Database } from '../../src/journey/database';
import { lintFiles } from '../../src/journey/lint';
import { testContext } from '../support/journey-context';
import { testServer, type TestDatabase } from '../support/servers';

describe('linting a file of no migration folder', function () {
  this.timeout(60_000);
  let root: string;
  let server: TestDatabase;
  let database: Database;

  before(async () => {
    server = await (await testServer({ major: 18 })).createDatabase();
    database = await openDatabase(server.connection, async () => server.password);
    await database.session.script(
      'create table items (id bigint primary key, label varchar(10), constraint there check (label is not null))',
    );
    root = await mkdtemp(path.join(os.tmpdir(), 'switchback-lint-'));
  });

  after(async () => {
    await database?.close();
    await server?.drop();
    await rm(root, { recursive: true, force: true });
  });

  it('is judged by the connected database, and by its own text without one', async () => {
    const file = path.join(root, 'change.sql');
    await writeFile(file, 'alter table items alter column label set not null;');
    const known = await lintFiles(testContext(root), [file], { database });
    const alone = await lintFiles(testContext(root), [file]);
    const seen = (result: typeof known): unknown[] =>
      result.files.flatMap(({ statements }) => statements.map(({ depth, work }) => [depth, work]));
    assert.deepEqual(seen(known), [['catalog', 'catalog']]);
    assert.deepEqual(seen(alone), [['static', 'scan']]);
  });
});

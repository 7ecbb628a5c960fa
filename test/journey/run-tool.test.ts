import assert from 'node:assert/strict';
import os from 'node:os';
import { openDatabase, type Database } from '../../src/journey/database';
import { runTool } from '../../src/journey/run-tool';
import { testContext } from '../support/journey-context';
import { testServer, type TestDatabase } from '../support/servers';

const tool = { title: 'Tool', tool: undefined };
const told = `process.stdout.write(process.env.PGSSLMODE + ' ' + process.env.DATABASE_URL)`;
const command = { program: process.execPath, args: ['-e', told], folder: os.tmpdir() };

describe('leading a tool to a database', function () {
  this.timeout(60_000);
  let scratch: TestDatabase;
  let database: Database;

  before(async () => {
    scratch = await (await testServer({ major: 18 })).createDatabase();
    database = await openDatabase({ ...scratch.connection, sslmode: 'prefer' }, async () => scratch.password);
  });
  after(async () => {
    await database?.close();
    await scratch?.drop();
  });

  it('says that there is no TLS where none was offered: node-postgres takes "prefer" for a demand', async () => {
    const { output } = await runTool(testContext(os.tmpdir()), database, tool, command);
    assert.match(output, /^disable postgresql:\/\/.*\?sslmode=disable$/);
  });

  it('leaves what was demanded as it is', async () => {
    const demanded = { ...database, connection: { ...database.connection, sslmode: 'require' as const } };
    const { output } = await runTool(testContext(os.tmpdir()), demanded, tool, command);
    assert.match(output, /^require postgresql:\/\/.*\?sslmode=require$/);
  });
});

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

  describe('with variables in the environment that lead elsewhere', () => {
    const elsewhere = {
      PGSERVICE: 'prod',
      PGSERVICEFILE: '/prod/pg_service.conf',
      PGHOSTADDR: '192.0.2.1',
      PGPASSWORD: 'of-prod',
      PGSSLCERT: '/prod/client.crt',
      PGOPTIONS: '-c search_path=prod',
      DATABASE_URL: 'postgresql://prod/prod',
      PRIMARY_DATABASE_URL: 'postgresql://prod/prod',
      MIKRO_ORM_CLIENT_URL: 'postgresql://prod/prod',
    };
    const kept = { PGTZ: 'Asia/Tokyo', MIKRO_ORM_SCHEMA: 'app' };
    const environment = { ...command, args: ['-e', 'process.stdout.write(JSON.stringify(process.env))'] };
    const variables = async (database: Database | null): Promise<Record<string, string>> => {
      const { output } = await runTool(testContext(os.tmpdir()), database, tool, environment);
      return JSON.parse(output) as Record<string, string>;
    };
    const before = { ...process.env };
    beforeEach(() => void Object.assign(process.env, elsewhere, kept));
    afterEach(() => {
      for (const name of Object.keys({ ...elsewhere, ...kept })) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    });

    it('gives the tool those of its database alone', async () => {
      const told = await variables(database);
      const { host, database: name } = database.connection;
      const inherited = Object.entries(elsewhere).filter(([variable, value]) => told[variable] === value);
      assert.deepEqual(inherited, []);
      assert.deepEqual([told['PGHOST'], told['PGDATABASE']], [host, name]);
      assert.match(told['PGPASSFILE']!, /switchback-pass-/);
      assert.equal(told['PGTZ'], kept.PGTZ);
      assert.equal(told['MIKRO_ORM_SCHEMA'], kept.MIKRO_ORM_SCHEMA);
    });

    it('leaves them to a tool that finds its own database', async () => {
      assert.equal((await variables(null))['PGSERVICE'], 'prod');
    });
  });
});

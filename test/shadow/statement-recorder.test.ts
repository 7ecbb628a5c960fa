import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { Client } from 'pg';
import { recordStatements, type StatementRecorder } from '../../src/shadow/statement-recorder';
import type { Shadow } from '../../src/shadow/shadow';
import { testServer, type TestDatabase } from '../support/servers';

describe('recorded statements', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let recorder: StatementRecorder;
  const clients: Client[] = [];

  async function through(): Promise<Client> {
    const { connection, password } = recorder.reach;
    const { host, port, user, database: name } = connection;
    const client = new Client({
      host,
      port,
      user,
      database: name,
      password: password ?? undefined,
      ssl: false,
    });
    await client.connect();
    clients.push(client);
    return client;
  }

  before(async () => {
    database = await (await testServer({ major: 18 })).createDatabase();
    const { connection, password } = database;
    const shadow = { label: 'a test', reach: () => ({ connection, password }) } as unknown as Shadow;
    recorder = await recordStatements(shadow);
  });
  after(async () => {
    for (const client of clients) await client.end();
    await recorder?.close();
    await recorder?.close();
    await database?.drop();
  });

  it('are those of every connection in the order sent, with values, and tell what failed', async () => {
    const [one, other] = [await through(), await through()];
    const long = `select '${'ä\n;'.repeat(400_000)}'`;
    await one.query('create table t (a int, b text); insert into t values (1)');
    await other.query('insert into t values ($1, $2)', [2, null]);
    await assert.rejects(one.query('select missing from t'));
    await assert.rejects(other.query('insert into t values ($1)', ['x']));
    await other.query({ text: 'insert into t values ($1, $2)', values: [3, Buffer.from('x')], name: 'kept' });
    await other.query({ text: 'insert into t values ($1, $2)', values: [4, 'y'], name: 'kept' });
    await one.query(long);
    await one.query('');
    assert.deepEqual(
      recorder.sent.map(({ connection, sql, parameters, failed }) => [
        connection,
        sql === long ? 'long' : sql,
        parameters,
        failed,
      ]),
      [
        [0, 'create table t (a int, b text); insert into t values (1)', [], false],
        [1, 'insert into t values ($1, $2)', ['2', null], false],
        [0, 'select missing from t', [], true],
        [1, 'insert into t values ($1)', ['x'], true],
        [1, 'insert into t values ($1, $2)', ['3', undefined], false],
        [1, 'insert into t values ($1, $2)', ['4', 'y'], false],
        [0, 'long', [], false],
        [0, '', [], false],
      ],
    );
    assert.equal((await one.query('select from t')).rowCount, 4);
  });

  it('do not lead on what does not speak the protocol', async () => {
    const { host, port } = recorder.reach.connection;
    const before = recorder.sent.length;
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ host, port }, () => socket.write(Buffer.alloc(8)));
      socket.on('close', () => resolve()).on('error', reject);
      socket.resume();
    });
    assert.equal(recorder.sent.length, before);
    assert.equal((await (await through()).query('select 1')).rowCount, 1);
  });

  it('are refused of a database that other programs do not reach', async () => {
    const shadow = { label: 'PGlite', reach: () => null } as unknown as Shadow;
    await assert.rejects(recordStatements(shadow), { code: 'no-shadow' });
  });
});

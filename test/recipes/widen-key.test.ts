import assert from 'node:assert/strict';
import { checkColumns } from '../../src/assess/check-input';
import type { Change } from '../../src/assess/change';
import { readSubject } from '../../src/assess/subject-facts';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { stepsBeforeNoReturn, stepsOf } from '../../src/plan/plan';
import { rollBackStep, runStep } from '../plan/execute';
import { planned } from '../plan/planned';
import { testMajors, testServer } from '../support/servers';

const table = { schema: 'app', name: 'orders' };
const change: Change = { kind: 'widen-key', table, type: 'bigint' };

async function withSchema(sql: string, work: (session: Session) => Promise<void>): Promise<void> {
  const server = await testServer({ major: testMajors.at(-1)! });
  const database = await server.createDatabase();
  const session = await openSession(database.connection, database.password);
  try {
    await session.script(`CREATE SCHEMA app; ${sql}`);
    await work(session);
  } finally {
    await session.close();
    await database.drop();
  }
}

/** What stops it, each with a schema in which it does. */
const stopped: [string, string, RegExp][] = [
  [
    'a view over the key',
    'CREATE TABLE app.orders (id int PRIMARY KEY); CREATE VIEW app.v AS SELECT id FROM app.orders',
    /These views hold id .*: app\.v\. Drop them before/,
  ],
  [
    'a view over a column that refers to it',
    'CREATE TABLE app.orders (id int PRIMARY KEY); CREATE TABLE app.lines (order_id int REFERENCES app.orders); CREATE VIEW app.v AS SELECT order_id FROM app.lines',
    /These views hold order_id/,
  ],
  [
    'a partitioned table that refers to it',
    'CREATE TABLE app.orders (id int PRIMARY KEY); CREATE TABLE app.lines (order_id int REFERENCES app.orders) PARTITION BY LIST (order_id)',
    /app\.lines is partitioned.*change-column-type/,
  ],
  [
    'a partitioned table itself',
    'CREATE TABLE app.orders (id int PRIMARY KEY) PARTITION BY RANGE (id)',
    /app\.orders is partitioned.*make a new partitioned table/,
  ],
  [
    'a foreign key that sets a default',
    'CREATE TABLE app.orders (id int PRIMARY KEY); CREATE TABLE app.lines (order_id int DEFAULT 1 REFERENCES app.orders ON DELETE SET DEFAULT)',
    /sets a default when the row it refers to goes/,
  ],
  [
    'a domain that refers to it',
    'CREATE DOMAIN app.number AS int; CREATE TABLE app.orders (id int PRIMARY KEY); CREATE TABLE app.lines (order_id app.number REFERENCES app.orders)',
    /app\.lines\.order_id refers to the key and is of the type app\.number/,
  ],
  [
    'an index that computes something',
    'CREATE TABLE app.orders (id int PRIMARY KEY); CREATE INDEX odd ON app.orders ((id % 2))',
    /compute something, and use a column that becomes wider: odd/,
  ],
  [
    'a CHECK that calls a function of integers',
    "CREATE FUNCTION app.good(integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > 0'; CREATE TABLE app.orders (id int PRIMARY KEY CONSTRAINT good CHECK (app.good(id)))",
    /good of app\.orders cannot be had for bigint/,
  ],
  [
    'a generated column',
    'CREATE TABLE app.orders (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED)',
    /generated columns hold id/,
  ],
  [
    'a sequence of an identity that another table uses',
    "CREATE TABLE app.orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY); CREATE TABLE app.lines (id int DEFAULT nextval('app.orders_id_seq'))",
    /something else uses it, too/,
  ],
  [
    'a child by INHERITS',
    'CREATE TABLE app.orders (id int PRIMARY KEY); CREATE TABLE app.old () INHERITS (app.orders)',
    /has children by INHERITS/,
  ],
];

describe('widen-key', function () {
  this.timeout(60_000);

  for (const [what, sql, sentence] of stopped)
    it(`is stopped by ${what}`, () =>
      withSchema(sql, async (session) => {
        await assert.rejects(planned(session, change), sentence);
      }));

  for (const [what, column, sentence] of [
    ['a key of several columns', 'id int, a int, PRIMARY KEY (id, a)', /has several columns: id, a/],
    ['no key', 'id int', /has no primary key/],
    ['a wide key', 'id bigint PRIMARY KEY', /is bigint already/],
    ['a key of another kind', 'id uuid PRIMARY KEY', /only an integer or smallint key/],
  ] as const)
    it(`cannot be meant for ${what}`, () =>
      withSchema(`CREATE TABLE app.orders (${column})`, async (session) => {
        const facts = await readSubject(session, change);
        assert.throws(() => checkColumns(change, facts), sentence);
      }));

  it('takes greater values before contract, and then says that the way back is closed', () =>
    withSchema(
      `CREATE TABLE app.orders (id serial PRIMARY KEY);
       CREATE TABLE app.lines (order_id int REFERENCES app.orders);
       INSERT INTO app.orders SELECT FROM generate_series(1, 60)`,
      async (session) => {
        const { plan } = await planned(session, change);
        const before = stepsBeforeNoReturn(plan);
        for (const step of before) await runStep(session, step);
        await session.query('INSERT INTO app.orders (id) VALUES (3000000000)');
        await session.query('INSERT INTO app.lines (order_id) VALUES (3000000000)');
        const room = before.filter(({ id }) => /-room-/.test(id)).reverse();
        assert.equal(room.length, 2);
        for (const step of room) await assert.rejects(rollBackStep(session, step), /way back is closed/);
        await session.query('DELETE FROM app.lines');
        await assert.rejects(rollBackStep(session, room[0]!), /way back is closed/);
        for (const step of stepsOf(plan).slice(before.length)) await runStep(session, step);
        const { rows } = await session.query('SELECT max(id)::text AS id FROM app.orders');
        assert.deepEqual(rows, [{ id: '3000000000' }]);
      },
    ));
});

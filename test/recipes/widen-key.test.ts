import assert from 'node:assert/strict';
import { checkColumns } from '../../src/assess/check-input';
import type { Change } from '../../src/assess/change';
import { readSubject } from '../../src/assess/subject-facts';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { installSchema } from '../../src/database/switchback-schema';
import type { ReleasedFile } from '../../src/implement/run-context';
import { readPlanProgress } from '../../src/implement/plan-progress';
import { rollBackPlan } from '../../src/implement/roll-back-plan';
import { applyPhase } from '../../src/implement/run-plan';
import { stepsBeforeNoReturn, stepsOf, type Step } from '../../src/plan/plan';
import { startAgain } from '../../src/implement/start-again';
import { silentProgress } from '../../src/ports/progress';
import { verifyPlan } from '../../src/verify/verify';
import { openBench } from '../implement/fixture';
import { releasedFiles, sampleRun } from '../implement/plan-fixture';
import { rollBackStep, runStep } from '../plan/execute';
import { planned } from '../plan/planned';
import { snapshotOf } from '../plan/snapshot';
import { testMajors, testServer, type TestMajor } from '../support/servers';

const table = { schema: 'app', name: 'orders' };
const change: Change = { kind: 'widen-key', table, type: 'bigint' };

async function withSchema(
  sql: string,
  work: (session: Session) => Promise<void>,
  major: TestMajor = testMajors.at(-1)!,
): Promise<void> {
  const server = await testServer({ major });
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
    'a materialized view over the key',
    'CREATE TABLE app.orders (id int PRIMARY KEY); CREATE MATERIALIZED VIEW app.v AS SELECT id FROM app.orders',
    /materialized view app\.v keeps values of the key.*make it again after/,
  ],
  [
    'a materialized view over a view of a column that refers to it',
    'CREATE TABLE app.orders (id int PRIMARY KEY); CREATE TABLE app.lines (order_id int REFERENCES app.orders); CREATE VIEW app.v AS SELECT order_id FROM app.lines; CREATE MATERIALIZED VIEW app.w AS SELECT * FROM app.v',
    /materialized view app\.w reads app\.v/,
  ],
  [
    'a view that calls a function of integers, over another view',
    "CREATE FUNCTION app.good(integer) RETURNS boolean LANGUAGE sql AS 'SELECT $1 > 0'; CREATE TABLE app.orders (id int PRIMARY KEY, a int); CREATE VIEW app.v AS SELECT id, count(*) FROM app.orders GROUP BY id; CREATE VIEW app.w AS WITH one AS (SELECT id FROM app.v) SELECT app.good(one.id) FROM one",
    /The view app\.w cannot be had for bigint: .*app\.good\(bigint\) does not exist/,
  ],
  [
    'what has the row type of a view',
    'CREATE TABLE app.orders (id int PRIMARY KEY); CREATE VIEW app.v AS SELECT id FROM app.orders; CREATE TABLE app.kept (v app.v)',
    /depends on app\.v, which has to be dropped/,
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
  [
    'a publication that chooses rows by the key',
    'CREATE TABLE app.orders (id int PRIMARY KEY); CREATE PUBLICATION chosen FOR TABLE app.orders WHERE (id > 10)',
    /choose rows by app\.orders\.id,.*: chosen\./,
  ],
  [
    'a publication that chooses rows by a column that refers to the key',
    'CREATE TABLE app.orders (id int PRIMARY KEY); CREATE TABLE app.lines (id int PRIMARY KEY, "order" int REFERENCES app.orders); CREATE PUBLICATION chosen FOR TABLE app.lines WHERE ("order" > 10)',
    /choose rows by app\.lines\."order",.*: chosen\./,
  ],
];

/** A row that others refer to gets another key, and goes. */
async function foreignKeysAct(session: Session, when: string): Promise<void> {
  const rows = async (): Promise<unknown> =>
    (
      await session.query(
        `SELECT (SELECT json_agg(order_id) FROM app.lines WHERE id = 900) AS line,
                (SELECT json_agg(json_build_array(order_id, line_order)) FROM app.notes WHERE id = 900) AS note`,
      )
    ).rows[0];
  await session.script(`INSERT INTO app.orders (id) VALUES (900);
    INSERT INTO app.lines (id, order_id) VALUES (900, 900);
    INSERT INTO app.notes (id, order_id, line_order) VALUES (900, 900, 900);
    UPDATE app.orders SET id = 901 WHERE id = 900`);
  assert.deepEqual(await rows(), { line: [901], note: [[null, 901]] }, when);
  await assert.rejects(session.query('DELETE FROM app.orders WHERE id = 901'), /foreign key/, when);
  await assert.rejects(session.query('INSERT INTO app.marks VALUES (902)'), /foreign key/, when);
  await assert.rejects(
    session.query('UPDATE app.lines SET order_id = 902 WHERE id = 900'),
    /foreign key/,
    when,
  );
  await session.script(`UPDATE app.notes SET order_id = 901, line_order = NULL WHERE id = 900;
    DELETE FROM app.orders WHERE id = 901`);
  assert.deepEqual(await rows(), { line: null, note: [[null, null]] }, when);
  await session.query('DELETE FROM app.notes');
}

describe('widen-key', function () {
  this.timeout(60_000);

  for (const [what, sql, sentence] of stopped)
    it(`is stopped by ${what}`, () =>
      withSchema(sql, async (session) => {
        await assert.rejects(planned(session, change), sentence);
      }));

  it('is not stopped by a view whose query no stand-in is enough for', () =>
    withSchema(
      'CREATE TABLE app.orders (id int PRIMARY KEY, a int); CREATE VIEW app.v AS SELECT o.*, count(*) AS n, min(o.ctid::text) FROM app.orders o GROUP BY o.id',
      async (session) => {
        assert.ok((await planned(session, change)).plan);
      },
    ));

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

  for (const major of testMajors)
    it(`lets foreign keys do what they do, after every step there and back (PostgreSQL ${major})`, () =>
      withSchema(
        `CREATE TABLE app.orders (id int PRIMARY KEY);
         CREATE TABLE app.lines (id int PRIMARY KEY, order_id int NOT NULL REFERENCES app.orders ON UPDATE CASCADE ON DELETE CASCADE);
         CREATE TABLE app.notes (id int PRIMARY KEY, order_id int REFERENCES app.orders ON UPDATE SET NULL ON DELETE SET NULL, line_order int REFERENCES app.orders ON UPDATE CASCADE ON DELETE NO ACTION);
         CREATE TABLE app.marks (order_id bigint REFERENCES app.orders);
         INSERT INTO app.orders SELECT i FROM generate_series(1, 60) i;
         INSERT INTO app.marks SELECT i FROM generate_series(1, 60) i;
         INSERT INTO app.lines SELECT i, i FROM generate_series(1, 60) i`,
        async (session) => {
          const { plan } = await planned(session, change);
          const steps = stepsOf(plan);
          await foreignKeysAct(session, 'before');
          const before = stepsBeforeNoReturn(plan);
          for (const step of before) {
            await runStep(session, step);
            await foreignKeysAct(session, `after ${step.id}`);
          }
          for (const step of [...before].reverse()) {
            await rollBackStep(session, step);
            await foreignKeysAct(session, `after ${step.id} went back`);
          }
          for (const step of steps) await runStep(session, step);
          await foreignKeysAct(session, 'at the end');
        },
        major,
      ));

  for (const major of testMajors)
    it(`is carried out with its batches, rolled back, carried out again and verified (PostgreSQL ${major})`, async () => {
      const bench = await openBench(
        major,
        `CREATE SCHEMA app; CREATE TABLE app.orders (id serial PRIMARY KEY);
       CREATE TABLE app.lines (order_id int NOT NULL REFERENCES app.orders, place int, PRIMARY KEY (order_id, place));
       INSERT INTO app.orders SELECT FROM generate_series(1, 3000);
       INSERT INTO app.lines SELECT 1 + i % 3000, i FROM generate_series(1, 9000) i; ANALYZE`,
      );
      try {
        await installSchema(bench.look);
        const { plan } = await planned(bench.look, change);
        const before = await snapshotOf(bench.look, 'app');
        const release = stepsOf(plan).find(({ kind }) => kind === 'deploy')!.id;
        const confirmations = new Map([[release, { by: 'ops', at: '2026-01-03T10:00:00Z', note: '' }]]);
        const files = releasedFiles(plan);
        const released = async (step: Step): Promise<ReleasedFile | null> => {
          const file = await files(step);
          // As it is scaffolded where an earlier step's way back takes it back.
          return (
            file && { ...file, down: file.down ?? { ...file.up!, direction: 'down', sql: '-- nothing\n' } }
          );
        };
        const { context } = await sampleRun(bench, plan, { confirmations, shortenWaits: true, released });
        await applyPhase(context, 'expand');
        await applyPhase(context, 'migrate');
        await rollBackPlan(context);
        assert.deepEqual(await snapshotOf(bench.look, 'app'), before);
        await startAgain(context);
        await applyPhase(context, 'expand');
        await applyPhase(context, 'migrate');
        await bench.look.query('INSERT INTO app.orders (id) VALUES (3000000000)');
        const report = async (): Promise<unknown> => {
          const { checks } = await verifyPlan({
            plan,
            progress: await readPlanProgress(bench.look, plan),
            session: bench.look,
            database: { label: bench.sessions.label, environment: 'development' },
            rehearsal: null,
            parser: context.parser,
            clock: bench.clock,
            progressReport: silentProgress(),
            signal: context.signal,
          });
          return checks.filter(({ verdict }) => verdict === 'failed');
        };
        assert.deepEqual(await report(), []);
        await applyPhase(context, 'contract');
        assert.deepEqual(await report(), []);
      } finally {
        await bench.drop();
      }
    });

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

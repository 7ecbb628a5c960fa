import assert from 'node:assert/strict';
import type { Change } from '../../src/assess/change';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { stepsOf, type PlanProgress } from '../../src/plan/plan';
import { systemClock } from '../../src/ports/clock';
import { silentProgress } from '../../src/ports/progress';
import { loadParser } from '../../src/sql/parser';
import { verifyPlan } from '../../src/verify/verify';
import { runStep } from '../plan/execute';
import { planned } from '../plan/planned';
import { testMajors, testServer } from '../support/servers';

const table = { schema: 'app', name: 'orders' };
const change: Change = { kind: 'rename-column', table, from: 'amount', to: 'total', byView: true };

async function withSchema(sql: string, work: (session: Session) => Promise<void>): Promise<void> {
  const server = await testServer({ major: testMajors.at(-1)! });
  const database = await server.createDatabase();
  const session = await openSession(database.connection, database.password);
  try {
    await session.script(
      `CREATE SCHEMA app; CREATE TABLE app.orders (id int PRIMARY KEY, amount int); ${sql}`,
    );
    await work(session);
  } finally {
    await session.close();
    await database.drop();
  }
}

/** What stops it, each with what has to be there. */
const stopped: [string, string, RegExp][] = [
  [
    'a trigger whose function names the column',
    "CREATE FUNCTION app.check_amount() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.amount < 0 THEN RETURN NULL; END IF; RETURN NEW; END'; CREATE TRIGGER c BEFORE INSERT ON app.orders FOR EACH ROW EXECUTE FUNCTION app.check_amount()",
    /The trigger function app\.check_amount\(\) names amount/,
  ],
  ['a publication', 'CREATE PUBLICATION p FOR TABLE app.orders', /is published by p/],
  ['a child by INHERITS', 'CREATE TABLE app.old () INHERITS (app.orders)', /has children by INHERITS/],
  [
    'a routine that takes rows of the table',
    "CREATE FUNCTION app.twice(app.orders) RETURNS int LANGUAGE sql AS 'SELECT 2 * $1.amount'",
    /app\.twice\(app\.orders\) takes rows of app\.orders/,
  ],
];

describe('rename-column by a view', function () {
  this.timeout(60_000);

  for (const [what, sql, sentence] of stopped)
    it(`is stopped by ${what}`, () =>
      withSchema(sql, async (session) => {
        await assert.rejects(planned(session, change), sentence);
      }));

  it('has no point of no return, writes no row, and takes another name where one is taken', () =>
    withSchema('CREATE TABLE app.orders_base ()', async (session) => {
      const { plan, notes } = await planned(session, change);
      assert.equal(plan.pointOfNoReturn, null);
      assert.deepEqual(
        stepsOf(plan).map(({ kind }) => kind),
        ['migration', 'deploy', 'wait', 'check', 'migration'],
      );
      await runStep(session, stepsOf(plan)[0]!);
      const { rows } = await session.query(
        "SELECT relkind::text AS kind FROM pg_class WHERE oid = 'app.orders_base2'::regclass",
      );
      assert.deepEqual(rows, [{ kind: 'r' }]);
      await assert.rejects(
        session.query('UPDATE app.orders SET amount = 1, total = 1'),
        /multiple assignments to same column/,
      );
      assert.ok(notes.some((note) => /gives both amount and total a value fails/.test(note)));
    }));

  it('is verified while the view stands and when it has gone', () =>
    withSchema('INSERT INTO app.orders VALUES (1, 2)', async (session) => {
      const { plan } = await planned(session, change);
      const steps = stepsOf(plan);
      const report = async (done: number): Promise<unknown> => {
        const progress = {
          planId: plan.id,
          state: 'running',
          phase: 'expand',
          steps: steps.slice(0, done).map(({ id }) => ({ id, state: 'done' })),
        } as unknown as PlanProgress;
        const { checks } = await verifyPlan({
          plan,
          progress,
          session,
          database: { label: 'test', environment: 'development' },
          rehearsal: null,
          parser: await loadParser(),
          clock: systemClock(),
          progressReport: silentProgress(),
          signal: new AbortController().signal,
        });
        return checks.filter(({ verdict }) => verdict === 'failed');
      };
      await runStep(session, steps[0]!);
      assert.deepEqual(await report(1), []);
      for (const step of steps.slice(1)) await runStep(session, step);
      assert.deepEqual(await report(steps.length), []);
    }));

  it('sees what uses the view before the table takes its name again', () =>
    withSchema('', async (session) => {
      const { plan } = await planned(session, change);
      const steps = stepsOf(plan);
      await runStep(session, steps[0]!);
      await session.query('CREATE VIEW app.seen AS SELECT id FROM app.orders');
      await assert.rejects(runStep(session, steps[3]!), /view app\.seen/);
    }));
});

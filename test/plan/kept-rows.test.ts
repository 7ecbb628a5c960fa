import assert from 'node:assert/strict';
import type { Change } from '../../src/assess/change';
import type { Session } from '../../src/database/session';
import { wholeWriteSql } from '../../src/implement/backfill-write';
import { stepsOf, type Plan, type Step } from '../../src/plan/plan';
import { testMajors } from '../support/servers';
import { withDatabase } from './database';
import { rollBackStep, runStep, verificationHolds } from './execute';
import { planned } from './planned';

const table = { schema: 'public', name: 'people' };

const schema = `
  CREATE TABLE people (id int PRIMARY KEY, name text, secret text, qty int, price int, total int);
  INSERT INTO people SELECT g, 'n' || g, CASE WHEN g > 2 THEN 's' || g END, g, 2, 0 FROM generate_series(1, 6) g;
  ANALYZE;
`;

const kept: [string, Change][] = [
  ['drop-column', { kind: 'drop-column', table, column: 'secret', backup: true, value: null }],
  ['purge-rows', { kind: 'purge-rows', table, where: 'id > 3', archive: true }],
  [
    'backfill-column',
    { kind: 'backfill-column', table, column: 'secret', expression: "'x' || id", where: null },
  ],
  ['set-not-null', { kind: 'set-not-null', table, column: 'secret', value: "'x' || id" }],
];

function stepOf(plan: Plan, slug: string): Step {
  return stepsOf(plan).find(({ id }) => id.endsWith(slug))!;
}

async function run(session: Session, plan: Plan, until: string): Promise<Step[]> {
  const steps = stepsOf(plan);
  const done = steps.slice(0, steps.findIndex(({ id }) => id.endsWith(until)) + 1);
  for (const step of done) await runStep(session, step);
  return done;
}

for (const major of testMajors) {
  describe(`rows and values that a plan keeps on PostgreSQL ${major}`, function () {
    this.timeout(60_000);

    for (const [kind, change] of kept)
      it(`are for the owner alone, whatever default privileges say: ${kind}`, () =>
        withDatabase(major, async (session) => {
          const reader = `"Reader ${process.pid}"`;
          await session.script(`CREATE ROLE ${reader}`);
          try {
            await session.script(
              `ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ${reader}; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC; ${schema} REVOKE ALL ON people FROM ${reader}, PUBLIC`,
            );
            const { plan } = await planned(session, change);
            const before = await relationsOf(session);
            for (const step of stepsOf(plan)) {
              await runStep(session, step);
              const made = (await relationsOf(session)).filter(
                ({ oid }) => !before.some((one) => one.oid === oid),
              );
              for (const { name, readers } of made) assert.equal(readers, 0, `${step.id}: ${name}`);
            }
          } finally {
            await session.script(`DROP OWNED BY ${reader}; DROP ROLE ${reader}`);
          }
        }));

    it('are brought back but for those whose key is used again, which stay in the archive', () =>
      withDatabase(major, async (session) => {
        await session.script(schema);
        const { plan, notes } = await planned(session, kept[1]![1]);
        assert.ok(notes.some((note) => /used again/.test(note)));
        const done = await run(session, plan, 'drop-list');
        await session.query("INSERT INTO people (id, name) VALUES (5, 'another')");
        for (const step of done.reverse()) {
          await rollBackStep(session, step);
          if (step.id.endsWith('bring-back')) assert.ok(await verificationHolds(session, step), step.id);
        }
        const { rows } = await session.query('SELECT id, name FROM people ORDER BY id');
        assert.deepEqual(
          rows.map((row) => row['name']),
          ['n1', 'n2', 'n3', 'n4', 'another', 'n6'],
        );
        const archive = (await relationsOf(session)).find(({ name }) => name.includes('archive'))!;
        const { rows: left } = await session.query(`SELECT name FROM ${archive.name}`);
        assert.deepEqual(left, [{ name: 'n5' }]);
      }));

    it('have the value that the row gives when it is written, and go back from that', () =>
      withDatabase(major, async (session) => {
        await session.script(schema);
        const change: Change = {
          kind: 'backfill-column',
          table,
          column: 'total',
          expression: 'qty * price',
          where: null,
        };
        const { plan } = await planned(session, change);
        const done = await run(session, plan, 'remember');
        // One gets another result, one gets what it has by now, one is written by somebody who knows.
        await session.script(
          'UPDATE people SET qty = 1000 WHERE id = 3; UPDATE people SET qty = 0 WHERE id = 4; UPDATE people SET total = 77 WHERE id = 5',
        );
        for (const slug of ['backfill', 'check-changed']) await runStep(session, stepOf(plan, slug));
        const totals = async (): Promise<unknown[]> =>
          (await session.query('SELECT total FROM people ORDER BY id')).rows.map((row) => row['total']);
        assert.deepEqual(await totals(), [2, 4, 2000, 0, 77, 12]);
        for (const step of done.reverse()) {
          if (step.kind === 'backfill') await session.query(wholeWriteSql(step.backfill));
          await rollBackStep(session, step);
        }
        assert.deepEqual(await totals(), [0, 0, 0, 0, 77, 0]);
        assert.equal((await relationsOf(session)).length, 1);
      }));

    it('stay what they are when PostgreSQL moves a row with the default value to another partition', () =>
      withDatabase(major, async (session) => {
        await session.script(`
          CREATE TABLE people (id int, part int, secret text NOT NULL DEFAULT 'unknown', PRIMARY KEY (id, part)) PARTITION BY LIST (part);
          CREATE TABLE first PARTITION OF people FOR VALUES IN (1);
          CREATE TABLE second PARTITION OF people FOR VALUES IN (2);
          INSERT INTO people VALUES (1, 1, 'a'); INSERT INTO people (id, part) VALUES (2, 1); ANALYZE`);
        const { plan } = await planned(session, {
          kind: 'hash-column',
          table,
          column: 'secret',
          to: 'hashed',
          type: 'text',
          expression: 'md5(secret)',
        });
        await run(session, plan, 'backfill');
        await session.query('UPDATE people SET part = 2');
        const { rows } = await session.query(
          'SELECT id, secret, hashed = md5(secret) AS fits FROM people WHERE part = 2 ORDER BY id',
        );
        assert.deepEqual(rows, [
          { id: 1, secret: 'a', fits: true },
          { id: 2, secret: 'unknown', fits: true },
        ]);
      }));
  });
}

async function relationsOf(session: Session): Promise<{ oid: string; name: string; readers: number }[]> {
  const { rows } = await session.query<{ oid: string; name: string; readers: number }>(
    `SELECT c.oid::text AS oid, c.oid::regclass::text AS name,
            (SELECT count(*)::int FROM aclexplode(c.relacl) g WHERE g.grantee <> c.relowner) AS readers
       FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace`,
  );
  return rows;
}

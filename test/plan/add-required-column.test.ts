import assert from 'node:assert/strict';
import { testMajors } from '../support/servers';
import type { AddRequiredColumn } from '../../src/assess/changes/add-required-column';
import type { Session } from '../../src/database/session';
import { stepsOf, type Plan } from '../../src/plan/plan';
import { quoteIdentifier } from '../../src/sql/identifier';
import { assessmentOf } from './assessment';
import { withDatabase } from './database';
import { rollBackStep, runStep, verificationHolds } from './execute';
import { planned } from './planned';
import { snapshotOf } from './snapshot';

const table = { schema: 'app', name: 'Bestellungen "neu"' };
const column = `Größe "${'x'.repeat(54)}`;

const schema = `
  CREATE SCHEMA app;
  CREATE TABLE app."Bestellungen ""neu""" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "Menge" int, price int NOT NULL DEFAULT 2);
  INSERT INTO app."Bestellungen ""neu""" ("Menge") SELECT i FROM generate_series(1, 300) i;
  CREATE SEQUENCE app.numbers;
  CREATE DOMAIN app.positive AS integer CONSTRAINT above CHECK (VALUE > 0) CHECK (VALUE < 100000);
  CREATE DOMAIN app.seven AS integer DEFAULT 7;
  ANALYZE;
`;

function adding(
  type: string,
  by: 'default' | 'expression',
  expression: string,
  keepDefault = false,
): AddRequiredColumn {
  return { kind: 'add-required-column', table, column, type, fill: { by, expression }, keepDefault };
}

/** A writer that does not know the column. */
async function oldWriter(session: Session): Promise<void> {
  await session.query(`INSERT INTO app."Bestellungen ""neu""" ("Menge") VALUES (7)`);
  await session.query(`UPDATE app."Bestellungen ""neu""" SET "Menge" = "Menge" + 1 WHERE id = 5`);
}

async function runAll(session: Session, plan: Plan): Promise<void> {
  for (const phase of plan.phases) {
    for (const step of phase.steps) {
      if (step.kind === 'migration' && !step.id.endsWith('drop-proof')) {
        assert.equal(await verificationHolds(session, step), false, `${step.id} holds before it ran`);
      }
      await runStep(session, step);
      if (phase.name !== 'contract') await oldWriter(session);
    }
  }
}

const cases: { title: string; change: AddRequiredColumn; kinds: RegExp; omittable: boolean }[] = [
  {
    title: 'a constant default, dropped',
    change: adding('text', 'default', "'it''s'"),
    kinds: /^migration deploy wait check migration$/,
    omittable: false,
  },
  {
    title: 'a constant default, kept',
    change: adding('timestamptz', 'default', 'now()', true),
    kinds: /^migration deploy wait check$/,
    omittable: true,
  },
  {
    title: 'a volatile default',
    change: adding('bigint', 'default', "nextval('app.numbers')", true),
    kinds: /^migration backfill check migration .*deploy wait check/,
    omittable: true,
  },
  {
    title: 'an expression over other columns',
    change: adding('numeric(12,2)', 'expression', '"Menge" * price'),
    kinds: /^migration backfill check migration .*deploy wait check migration/,
    omittable: false,
  },
  {
    title: 'a domain with constraints',
    change: adding('app.positive', 'expression', '"Menge" * price'),
    kinds: /^migration backfill check migration .*deploy wait check migration/,
    omittable: false,
  },
  {
    title: 'a domain with a default of its own, and an expression',
    change: adding('app.seven', 'expression', '"Menge" * price'),
    kinds: /^migration backfill check migration .*deploy wait check migration/,
    omittable: false,
  },
  {
    title: 'a domain with a default of its own, and a volatile one',
    change: adding('app.seven', 'default', "nextval('app.numbers')", true),
    kinds: /^migration backfill check migration .*deploy wait check/,
    omittable: true,
  },
];

for (const major of testMajors) {
  describe(`adding a required column on PostgreSQL ${major}`, function () {
    this.timeout(120_000);
    for (const { title, change, kinds, omittable } of cases) {
      it(`with ${title}: every step holds, and writers that omit it work until contract`, async () => {
        await withDatabase(major, async (session) => {
          await session.script(schema);
          const { plan } = await planned(session, change);
          assert.match(
            stepsOf(plan)
              .map((step) => step.kind)
              .join(' '),
            kinds,
          );
          await runAll(session, plan);
          const late = session.query(`INSERT INTO app."Bestellungen ""neu""" ("Menge") VALUES (7)`);
          if (omittable) await late;
          else await assert.rejects(late, /null value/);
          const left = (await snapshotOf(session, 'app')).filter((line) =>
            /^(?:trigger|function)|IS NOT NULL/.test(line),
          );
          assert.deepEqual(left, []);
        });
      });

      it(`with ${title}: comes back exactly`, async () => {
        await withDatabase(major, async (session) => {
          await session.script(schema);
          const before = await snapshotOf(session, 'app');
          const { plan } = await planned(session, change);
          const steps = stepsOf(plan);
          for (const step of steps) await runStep(session, step);
          for (const step of [...steps].reverse()) {
            await rollBackStep(session, step);
            if (step.kind !== 'migration' || step.rollback.kind !== 'sql') continue;
            const down = await snapshotOf(session, 'app');
            await runStep(session, step);
            await rollBackStep(session, step);
            assert.deepEqual(await snapshotOf(session, 'app'), down, `${step.id}: down, up, down`);
          }
          assert.deepEqual(await snapshotOf(session, 'app'), before);
        });
      });
    }

    it('gives a small table the domain itself, and a large one its base type with the checks', async () => {
      await withDatabase(major, async (session) => {
        await session.script(schema);
        const change = adding('app.positive', 'default', '5', true);
        const small = await assessmentOf(session, change);
        const bytes = { ...small.table.bytes, total: 1e9 };
        const large = { ...small, table: { ...small.table, bytes } };
        const types: unknown[] = [];
        for (const assessment of [small, large]) {
          const { plan } = await planned(session, change, assessment);
          for (const step of stepsOf(plan)) await runStep(session, step);
          const { rows } = await session.query(
            `SELECT format_type(atttypid, atttypmod) AS type, attnotnull AS required FROM pg_attribute
              WHERE attrelid = 'app."Bestellungen ""neu"""'::regclass AND attname = $1`,
            [column],
          );
          types.push(rows[0]);
          await assert.rejects(
            session.query(`UPDATE app."Bestellungen ""neu""" SET ${quoteIdentifier(column)} = 0`),
            /check/,
          );
          for (const step of stepsOf(plan).reverse()) await rollBackStep(session, step);
        }
        assert.deepEqual(types, [
          { type: 'app.positive', required: true },
          { type: 'integer', required: true },
        ]);
      });
    });

    it('fills a table without a key, and an empty one', async () => {
      for (const rows of [0, 50]) {
        await withDatabase(major, async (session) => {
          await session.script(
            `CREATE TABLE heap (a int); INSERT INTO heap SELECT generate_series(1, ${rows}); ANALYZE`,
          );
          const change: AddRequiredColumn = {
            kind: 'add-required-column',
            table: { schema: 'public', name: 'heap' },
            column: 'b',
            type: 'uuid',
            fill: { by: 'default', expression: 'md5(random()::text || clock_timestamp())::uuid' },
            keepDefault: false,
          };
          const { plan } = await planned(session, change);
          const backfill = stepsOf(plan).find((step) => step.kind === 'backfill');
          assert.equal(backfill?.backfill.walk.by, 'ctid');
          assert.notEqual(backfill?.backfill.pending, null);
          for (const step of stepsOf(plan)) await runStep(session, step);
          const { rows: counted } = await session.query<{ count: string }>(
            'SELECT count(DISTINCT b)::text AS count FROM heap',
          );
          assert.equal(counted[0]!.count, String(rows));
        });
      }
    });

    it('computes each value although the domain has a default of its own', async () => {
      await withDatabase(major, async (session) => {
        await session.script(schema);
        const { plan } = await planned(session, adding('app.seven', 'expression', 'price + 40'));
        await runAll(session, plan);
        const { rows } = await session.query(
          `SELECT DISTINCT ${quoteIdentifier(column)} AS value FROM app."Bestellungen ""neu"""`,
        );
        assert.deepEqual(rows, [{ value: 42 }]);
      });
    });

    it('does not rewrite the table for a volatile default', async () => {
      await withDatabase(major, async (session) => {
        await session.script(schema);
        const file = async (): Promise<unknown> =>
          (await session.query(`SELECT pg_relation_filenode('app."Bestellungen ""neu"""') AS file`)).rows[0];
        const before = await file();
        const { plan } = await planned(session, adding('bigint', 'default', "nextval('app.numbers')"));
        for (const step of stepsOf(plan)) await runStep(session, step);
        assert.deepEqual(await file(), before);
      });
    });

    for (const partitions of [20, 1000]) {
      it(`expands a parent of ${partitions} partitions`, async () => {
        await withDatabase(major, async (session) => {
          await session.script(`
            CREATE TABLE parent (id int NOT NULL, v int) PARTITION BY RANGE (id);
            DO $$ BEGIN FOR i IN 1..${partitions} LOOP
              EXECUTE format('CREATE TABLE part_%s PARTITION OF parent FOR VALUES FROM (%s) TO (%s)', i, i, i + 1);
            END LOOP; END $$;
            INSERT INTO parent SELECT i, i FROM generate_series(1, ${partitions}) i;
            ANALYZE parent;
          `);
          const before = await snapshotOf(session, 'public');
          const { plan } = await planned(session, {
            kind: 'add-required-column',
            table: { schema: 'public', name: 'parent' },
            column: 'w',
            type: 'int',
            fill: { by: 'expression', expression: 'v + 1' },
            keepDefault: false,
          });
          const steps = partitions > 100 ? plan.phases[0]!.steps : stepsOf(plan);
          for (const step of steps) await runStep(session, step);
          if (partitions > 100) {
            await session.query('INSERT INTO parent VALUES (17, 41000)');
            const { rows } = await session.query('SELECT w FROM parent WHERE v = 41000');
            assert.deepEqual(rows, [{ w: 41001 }]);
          } else {
            const { rows } = await session.query(
              'SELECT count(*)::int AS wrong FROM parent WHERE w IS DISTINCT FROM v + 1',
            );
            assert.deepEqual(rows, [{ wrong: 0 }]);
          }
          for (const step of [...steps].reverse()) await rollBackStep(session, step);
          assert.deepEqual(await snapshotOf(session, 'public'), before);
        });
      });
    }
  });
}

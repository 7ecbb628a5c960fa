import assert from 'node:assert/strict';
import type { Change } from '../../src/assess/change';
import { stepsOf } from '../../src/plan/plan';
import { testMajors } from '../support/servers';
import { withDatabase } from './database';
import { runStep } from './execute';
import { planned } from './planned';

const table = { schema: 'public', name: 't' };

/** Names that PL/pgSQL has for something of its own. */
const schema = `
  CREATE TYPE mood AS ENUM ('sad', 'glad');
  CREATE TABLE t (id int PRIMARY KEY, new text, old text DEFAULT 'b', found mood, tg_op int);
  INSERT INTO t SELECT i, i::text, 'o' || i, 'sad', i FROM generate_series(1, 20) i;
`;

const cases: { title: string; change: Change; value: string }[] = [
  {
    title: 'change-column-type of new',
    change: { kind: 'change-column-type', table, column: 'new', type: 'int', using: null, back: null },
    value: `SELECT "new" = 7 AND old = 'other' AND tg_op = 3 AS holds FROM t WHERE id = 1000`,
  },
  {
    title: 'change-column-type of tg_op by an expression',
    change: {
      kind: 'change-column-type',
      table,
      column: 'tg_op',
      type: 'text',
      using: `tg_op::text`,
      back: `tg_op::int`,
    },
    value: `SELECT "new" = '7' AND old = 'other' AND tg_op = '3' AS holds FROM t WHERE id = 1000`,
  },
  {
    title: 'enum-to-table of found',
    change: { kind: 'enum-to-table', table, column: 'found', to: 'moods' },
    value: `SELECT found = 'glad' AS holds FROM t WHERE id = 1000`,
  },
  {
    title: 'set-not-null of old with a value that reads new',
    change: {
      kind: 'set-not-null',
      table,
      column: 'old',
      value: 'coalesce("new", tg_op::text)',
    },
    value: `SELECT old = '5' AS holds FROM t WHERE id = 1002`,
  },
  {
    title: 'add-required-column computed from new and old',
    change: {
      kind: 'add-required-column',
      table,
      column: 'both',
      type: 'text',
      fill: { by: 'expression', expression: `concat("new", old, found)` },
      keepDefault: false,
    },
    value: `SELECT "both" = '7bglad' AS holds FROM t WHERE id = 1001`,
  },
];

for (const major of testMajors) {
  describe(`columns with names of PL/pgSQL's own on PostgreSQL ${major}`, function () {
    this.timeout(120_000);

    for (const { title, change, value } of cases)
      it(title, () =>
        withDatabase(major, async (session) => {
          await session.script(schema);
          const { plan } = await planned(session, change);
          const before = plan.phases.slice(0, 2).flatMap(({ steps }) => steps);
          for (const step of stepsOf(plan)) {
            await runStep(session, step);
            if (!before.includes(step)) continue;
            await session.query(`DELETE FROM t WHERE id >= 1000`);
            await session.query(`INSERT INTO t (id, "new", found, tg_op) VALUES (1000, '7', 'glad', 3)`);
            await session.query(`INSERT INTO t (id, "new", found, tg_op) VALUES (1001, '7', 'glad', 4)`);
            await session.query(`INSERT INTO t (id, old, tg_op) VALUES (1002, NULL, 5)`);
            await session.query(`UPDATE t SET old = 'other' WHERE id = 1000`);
          }
          const { rows } = await session.query(value);
          assert.deepEqual(rows, [{ holds: true }]);
        }),
      );
  });

  describe(`tables and keys with names of PL/pgSQL's own on PostgreSQL ${major}`, function () {
    this.timeout(120_000);

    for (const name of ['old', 'new'])
      for (const kind of ['split-table', 'partition-table'] as const)
        it(`${kind} of a table named ${name}`, () =>
          withDatabase(major, async (session) => {
            await session.script(`
              CREATE TABLE "${name}" (old int, new int, found text, tg_op text, PRIMARY KEY (old, new));
              INSERT INTO "${name}" SELECT i, i, 'f' || i, 't' || i FROM generate_series(1, 20) i;
            `);
            const of = { schema: 'public', name };
            const { plan } = await planned(
              session,
              kind === 'split-table'
                ? { kind, table: of, columns: ['found'], to: 'part' }
                : { kind, table: of, partitionBy: 'RANGE (old)', partitions: 'rest DEFAULT' },
            );
            const [expand] = plan.phases;
            for (const step of expand!.steps) {
              await runStep(session, step);
              await session.query(`DELETE FROM "${name}" WHERE old > 20`);
              await session.query(
                `INSERT INTO "${name}" VALUES (21, 21, 'f21', 't21'), (22, 22, 'f22', 't22') ON CONFLICT DO NOTHING`,
              );
              await session.query(`UPDATE "${name}" SET old = 23, new = 23 WHERE old = 22`);
              await session.query(`UPDATE "${name}" SET found = 'changed' WHERE old = 21`);
            }
            for (const step of plan.phases[1]!.steps) await runStep(session, step);
            await session.query(`DELETE FROM "${name}" WHERE old = 5`);
            const { rows } = await session.query<{ left: number }>(
              `SELECT count(*)::int AS left FROM ${kind === 'split-table' ? 'part' : `"${name}"`}`,
            );
            assert.deepEqual(rows, [{ left: 21 }]);
          }));
  });
}

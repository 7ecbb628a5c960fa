import assert from 'node:assert/strict';
import fc from 'fast-check';
import { testMajors } from '../support/servers';
import type { Session } from '../../src/database/session';
import { stepsOf } from '../../src/plan/plan';
import { withDatabase } from './database';
import { runStep } from './execute';
import { planned } from './planned';

/** What an application may do to the row of a key while a rename runs; old code knows `old`, new code `new`. */
type Action =
  | { by: 'old' | 'new' | 'both'; does: 'insert' | 'update'; id: number; value: string | null }
  | { by: 'backfill'; id: number };

const names = { old: 'Alt"e', new: 'Neu' };
const quoted = { old: '"Alt""e"', new: '"Neu"' };

const value = fc.constantFrom('a', 'b', 'c', null);
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    by: fc.constantFrom('old' as const, 'new' as const, 'both' as const),
    does: fc.constantFrom('insert' as const, 'update' as const),
    id: fc.integer({ min: 1, max: 6 }),
    value,
  }),
  fc.record({ by: fc.constant('backfill' as const), id: fc.integer({ min: 1, max: 6 }) }),
);

async function act(session: Session, step: Action, type: string): Promise<void> {
  if (step.by === 'backfill') {
    await session.query(
      `UPDATE t SET ${quoted.new} = ${quoted.old} WHERE id = $1 AND ROW(${quoted.new})::record OPERATOR(pg_catalog.*<>) ROW(${quoted.old})::record`,
      [step.id],
    );
    return;
  }
  const columns = step.by === 'both' ? [quoted.old, quoted.new] : [quoted[step.by]];
  const literal = step.value === null ? 'NULL' : `'"${step.value}"'::${type}`;
  if (step.does === 'insert') {
    await session.query(
      `INSERT INTO t (id, ${columns.join(', ')}) VALUES ($1, ${columns.map(() => literal).join(', ')}) ON CONFLICT (id) DO NOTHING`,
      [step.id],
    );
  } else {
    await session.query(
      `UPDATE t SET ${columns.map((column) => `${column} = ${literal}`).join(', ')} WHERE id = $1`,
      [step.id],
    );
  }
}

for (const major of testMajors) {
  describe(`the dual write on PostgreSQL ${major}`, function () {
    this.timeout(120_000);

    for (const type of ['text', 'json']) {
      it(`keeps what the last writer wrote, whoever it was (${type})`, async () => {
        await withDatabase(major, async (session) => {
          await session.script(`CREATE TABLE t (id int PRIMARY KEY, ${quoted.old} ${type})`);
          const { plan } = await planned(session, {
            kind: 'rename-column',
            table: { schema: 'public', name: 't' },
            from: names.old,
            to: names.new,
          });
          const [expand] = stepsOf(plan);
          const before =
            'INSERT INTO t SELECT i, NULL FROM generate_series(1, 2) i UNION ALL SELECT 3, ' +
            `'"a"'::${type}`;
          await session.script(before);
          await runStep(session, expand!);
          await fc.assert(
            fc.asyncProperty(fc.array(action, { maxLength: 15 }), async (actions) => {
              await session.script('BEGIN');
              try {
                const model = new Map<number, string | null>([
                  [1, null],
                  [2, null],
                  [3, 'a'],
                ]);
                const synchronised = new Set<number>();
                for (const step of actions) {
                  // New code is released after the backfill: before it, a NULL it writes cannot be told from none.
                  const unseen =
                    step.by === 'new' &&
                    step.does === 'update' &&
                    step.value === null &&
                    !synchronised.has(step.id);
                  if (unseen) continue;
                  await act(session, step, type);
                  synchronised.add(step.id);
                  if (step.by === 'backfill') continue;
                  if (step.does === 'insert' ? !model.has(step.id) : model.has(step.id))
                    model.set(step.id, step.value);
                }
                await session.query(
                  `UPDATE t SET ${quoted.new} = ${quoted.old} WHERE ${quoted.new} IS NULL AND ${quoted.old} IS NOT NULL`,
                );
                const { rows } = await session.query<{ id: number; o: string | null; n: string | null }>(
                  `SELECT id, ${quoted.old}::text AS o, ${quoted.new}::text AS n FROM t ORDER BY id`,
                );
                const wanted = [...model.entries()]
                  .sort(([left], [right]) => left - right)
                  .map(([id, text]) => ({
                    id,
                    o: text === null ? null : `"${text}"`,
                    n: text === null ? null : `"${text}"`,
                  }));
                assert.deepEqual(rows, wanted);
              } finally {
                await session.script('ROLLBACK');
              }
            }),
            { numRuns: 60, seed: 20260101 },
          );
        });
      });
    }

    it('refuses two different values in one statement with a sentence that helps', async () => {
      await withDatabase(major, async (session) => {
        await session.script(
          `CREATE TABLE t (id int PRIMARY KEY, o text, x text); INSERT INTO t VALUES (1, 'a')`,
        );
        const { plan } = await planned(session, {
          kind: 'rename-column',
          table: { schema: 'public', name: 't' },
          from: 'o',
          to: 'n',
        });
        await runStep(session, stepsOf(plan)[0]!);
        await assert.rejects(
          session.query(`INSERT INTO t (id, o, n) VALUES (2, 'a', 'b')`),
          /one column being renamed/,
        );
        await assert.rejects(session.query(`UPDATE t SET o = 'b', n = 'c'`), /one column being renamed/);
        await session.query(`UPDATE t SET o = 'b', n = 'b'`);
      });
    });

    it('lets a new writer insert where the old column is NOT NULL or has a default', async () => {
      await withDatabase(major, async (session) => {
        await session.script(`CREATE TABLE t (id int PRIMARY KEY, o text NOT NULL DEFAULT 'none')`);
        const { plan } = await planned(session, {
          kind: 'rename-column',
          table: { schema: 'public', name: 't' },
          from: 'o',
          to: 'n',
        });
        await runStep(session, stepsOf(plan)[0]!);
        await session.script(
          `INSERT INTO t (id, n) VALUES (1, 'new'); INSERT INTO t (id, o) VALUES (2, 'old'); INSERT INTO t (id) VALUES (3)`,
        );
        const { rows } = await session.query('SELECT o, n FROM t ORDER BY id');
        assert.deepEqual(rows, [
          { o: 'new', n: 'new' },
          { o: 'old', n: 'old' },
          { o: 'none', n: 'none' },
        ]);
      });
    });

    it('runs after the table’s own triggers and works on partitions', async () => {
      await withDatabase(major, async (session) => {
        await session.script(`
          CREATE TABLE t (id int, o text) PARTITION BY RANGE (id);
          CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (100);
          CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (100) TO (200);
          CREATE INDEX t_o_idx ON t (o);
          ALTER TABLE t ADD CONSTRAINT t_o_check CHECK (o <> '');
          CREATE FUNCTION upper_o() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.o := upper(NEW.o); RETURN NEW; END';
          CREATE TRIGGER zzzz BEFORE INSERT ON t1 FOR EACH ROW EXECUTE FUNCTION upper_o();
          INSERT INTO t SELECT i, 'v' || i FROM generate_series(0, 199) i;
          ANALYZE;
        `);
        const { plan } = await planned(session, {
          kind: 'rename-column',
          table: { schema: 'public', name: 't' },
          from: 'o',
          to: 'n',
        });
        const steps = stepsOf(plan);
        for (const step of steps) {
          await runStep(session, step);
          if (step.id.endsWith('drop-old-column')) break;
          await session.script(
            `INSERT INTO t (id, o) VALUES (150, 'w'); INSERT INTO t (id, n) VALUES (151, 'w'); INSERT INTO t (id, o) VALUES (50, 'w')`,
          );
        }
        const own = await session.query(`SELECT DISTINCT n FROM t WHERE id = 50 AND n ILIKE 'w'`);
        assert.deepEqual(own.rows, [{ n: 'W' }]);
        const { rows } = await session.query(
          `SELECT (SELECT count(*)::int FROM t) > 220 AS rows, (SELECT count(*)::int FROM pg_index WHERE indrelid IN ('t'::regclass, 't1'::regclass, 't2'::regclass) AND indisvalid) AS indexes`,
        );
        assert.deepEqual(rows, [{ rows: true, indexes: 3 }]);
      });
    });
  });
}

import assert from 'node:assert/strict';
import type { ChangeColumnType } from '../../src/assess/changes/change-column-type';
import { stepsOf, type Plan, type Step } from '../../src/plan/plan';
import { testMajors } from '../support/servers';
import { withDatabase } from './database';
import { runStep } from './execute';
import { planned } from './planned';

function changing(
  column: string,
  type: string,
  using: string | null = null,
  back: string | null = null,
): ChangeColumnType {
  return { kind: 'change-column-type', table: { schema: 'public', name: 't' }, column, type, using, back };
}

/** The steps until the one of that name, with it. */
function until({ phases }: Plan, slug: string): Step[] {
  const steps = phases.flatMap((phase) => phase.steps);
  return steps.slice(0, steps.findIndex(({ id }) => id.endsWith(slug)) + 1);
}

for (const major of testMajors) {
  describe(`types beside each other on PostgreSQL ${major}`, function () {
    this.timeout(120_000);

    const types = `
      CREATE TYPE mood AS ENUM ('sad', 'glad');
      CREATE DOMAIN plain AS text;
      CREATE SCHEMA "Ot.her"; CREATE TYPE "Ot.her"."mo""od" AS ENUM ('sad', 'glad');
      CREATE TABLE t (id int PRIMARY KEY, felt mood, said plain, spoken text, felt_then mood[]);
      INSERT INTO t SELECT i, 'sad', 'glad', 'sad', '{sad,glad}' FROM generate_series(1, 9) i;
    `;
    for (const path of ['"$user", public', 'pg_catalog', '"Ot.her", public'])
      for (const [column, type] of [
        ['felt', 'text'],
        ['said', 'mood'],
        ['felt', 'plain'],
        ['spoken', 'plain'],
        ['spoken', '"Ot.her"."mo""od"'],
        ['felt_then', 'text[]'],
      ] as const)
        it(`are told apart with the search_path ${path}: ${column} to ${type}`, () =>
          withDatabase(major, async (session) => {
            await session.script(types);
            const { plan } = await planned(session, changing(column, type));
            await session.query(`SET search_path = ${path}`);
            for (const step of stepsOf(plan)) await runStep(session, step);
          }));

    if (major >= 15)
      it('are not planned where a publication filters rows by the column', () =>
        withDatabase(major, async (session) => {
          await session.script(`${types}; CREATE PUBLICATION p FOR TABLE t WHERE (spoken <> 'glad')`);
          await assert.rejects(
            planned(session, changing('spoken', 'mood')),
            /filter the rows of public\.t by spoken: p\./,
          );
          await assert.rejects(planned(session, changing('spoken', 'varchar')), /filter the rows/);
        }));

    const values = `
      CREATE DOMAIN short AS varchar(5);
      CREATE TABLE t (id int PRIMARY KEY, code text, bits bit varying(8), codes text[], amount numeric(10,2), twice int,
        doubled int GENERATED ALWAYS AS (id * 2) STORED);
      INSERT INTO t SELECT i, 'c' || i, B'101', ARRAY['c' || i], i, i FROM generate_series(1, 9) i;
      CREATE UNIQUE INDEX ON t (code, id) WHERE id > 0;
    `;

    for (const [column, type, value] of [
      ['code', 'varchar(5)', `'too long'`],
      ['code', 'char(5)', `'too long'`],
      ['code', 'short', `'too long'`],
      ['codes', 'varchar(5)[]', `'{fits,too long}'`],
      ['bits', 'bit(3)', `B'1011'`],
      ['bits', 'bit varying(3)', `B'1011'`],
    ] as const)
      it(`refuse a value that would be cut: ${column} to ${type}`, () =>
        withDatabase(major, async (session) => {
          await session.script(values);
          const { plan, notes } = await planned(session, changing(column, type));
          assert.match(notes.join(), /While both types are kept, a write to/);
          for (const step of until(plan, 'backfill')) {
            await runStep(session, step);
            await assert.rejects(
              session.query(`UPDATE t SET ${column} = ${value} WHERE id = 3`),
              /too long|does not match/,
            );
          }
          for (const step of stepsOf(plan).slice(2)) await runStep(session, step);
        }));

    it('refuse after the swap a value that the old type would cut', () =>
      withDatabase(major, async (session) => {
        await session.script(`${values}; ALTER TABLE t ALTER code TYPE varchar(5)`);
        const { plan } = await planned(session, changing('code', 'name'));
        for (const step of until(plan, 'swap')) await runStep(session, step);
        await assert.rejects(session.query(`UPDATE t SET code = 'too long' WHERE id = 3`), /too long/);
        await session.query(`UPDATE t SET code = 'short' WHERE id = 3`);
      }));

    for (const [column, type, query] of [
      ['code', 'varchar(5)', `UPDATE t SET code = 'too long' WHERE id = 3`],
      ['code', 'short', `UPDATE t SET code = 'too long' WHERE id = 3`],
      ['codes', 'varchar(5)[]', `UPDATE t SET codes = '{fits,too long}' WHERE id = 3`],
      ['bits', 'bit(3)', `UPDATE t SET bits = B'1' WHERE id = 3`],
    ] as const)
      it(`are not planned where a value would be cut: ${column} to ${type}`, () =>
        withDatabase(major, async (session) => {
          await session.script(`${values}; ${query}`);
          await assert.rejects(
            planned(session, changing(column, type)),
            /would be cut.*in 1 place\. This query lists it/,
          );
          await planned(session, changing('code', 'varchar(5)', 'left(code, 5)::varchar(5)'));
        }));

    it('may have no value that is lost when they change places', () =>
      withDatabase(major, async (session) => {
        await session.script(values);
        const { plan } = await planned(session, changing('amount', 'int'));
        for (const step of until(plan, 'release-both-types')) await runStep(session, step);
        const check = stepsOf(plan).find(({ id }) => id.endsWith('check-comes-back'))!;
        await runStep(session, check);
        await session.query('UPDATE t SET amount = 1.5 WHERE id = 3');
        await assert.rejects(runStep(session, check), /check-comes-back comes-back: .*1/);
      }));

    it('see what tools of replication write, which fires no trigger else', () =>
      withDatabase(major, async (session) => {
        await session.script(`
          CREATE TABLE t (id int, amount int) PARTITION BY RANGE (id);
          CREATE TABLE low PARTITION OF t FOR VALUES FROM (MINVALUE) TO (5);
          CREATE TABLE high PARTITION OF t DEFAULT;
          INSERT INTO t SELECT i, i FROM generate_series(1, 9) i;
        `);
        const { plan } = await planned(session, changing('amount', 'bigint'));
        for (const step of until(plan, 'swap')) {
          await runStep(session, step);
          await session.query('SET session_replication_role = replica');
          await session.query('INSERT INTO t (id, amount) VALUES (4, 70), (6, 70)');
          await session.query('UPDATE t SET amount = amount + 1 WHERE amount >= 70');
          await session.query('RESET session_replication_role');
          const { rows } = await session.query(
            'SELECT count(*)::int AS differ FROM t WHERE amount >= 70 AND amount IS DISTINCT FROM amount_switchback',
          );
          assert.deepEqual(rows, [{ differ: 0 }], step.id);
        }
      }));

    it('are not planned where a unique index would not take the new values', () =>
      withDatabase(major, async (session) => {
        await session.script(
          `${values}; UPDATE t SET amount = 2.4 WHERE id = 3; CREATE UNIQUE INDEX once ON t (amount)`,
        );
        await assert.rejects(
          planned(session, changing('amount', 'int')),
          /the same as integer, and the unique index once has to take them\. .*This query lists it/,
        );
        const { notes } = await planned(session, changing('amount', 'int', 'id'));
        assert.match(notes.join(), /ON CONFLICT may get a unique violation/);
      }));

    it('are not planned where the conversion or the way back reads a generated column', () =>
      withDatabase(major, async (session) => {
        await session.script(values);
        for (const change of [
          changing('twice', 'bigint', 'doubled + 1'),
          changing('twice', 'bigint', 'twice', 'doubled'),
        ])
          await assert.rejects(planned(session, change), /reads the generated column doubled/);
      }));

    it('are not planned for a table that a subscription fills', () =>
      withDatabase(major, async (session) => {
        await session.script(values);
        await session.script("CREATE TYPE mood AS ENUM ('sad'); ALTER TABLE t ADD felt mood");
        const subscription = `test_${process.pid}_${major}`;
        await session.query(
          `CREATE SUBSCRIPTION ${subscription} CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE)`,
        );
        try {
          await session.query(
            `INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate, srsublsn) SELECT oid, 't'::regclass, 'r', '0/0' FROM pg_subscription WHERE subname = '${subscription}'`,
          );
          for (const change of [
            changing('amount', 'int'),
            {
              kind: 'enum-to-table',
              table: { schema: 'public', name: 't' },
              column: 'felt',
              to: 'moods',
            } as const,
          ])
            await assert.rejects(planned(session, change), /A subscription writes rows of public\.t/);
        } finally {
          await session.query(`DROP SUBSCRIPTION ${subscription}`);
        }
      }));
  });
}

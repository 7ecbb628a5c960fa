import assert from 'node:assert/strict';
import { openSession, sessionFactory } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { silentProgress } from '../../src/ports/progress';
import { measureScript } from '../../src/rehearse/measure/measure-script';
import type { MeasuredStatement } from '../../src/rehearse/measure/measured-forecast';
import type { Forecast } from '../../src/safety/forecast';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { testMajors, testServer, type TestDatabase, type TestMajor } from '../support/servers';
import { readTruth, resultOf, score, truthFolder, truthIsPresent, type Truth } from './lock-truth';

describe('locks and work as measured before, at the measured depth', function () {
  this.timeout(300_000);
  if (!truthIsPresent()) {
    it(`needs the measured locks in ${truthFolder}, which are not there: nothing was measured`, () =>
      undefined);
    return;
  }
  const { statements, fixture } = readTruth();
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  for (const major of testMajors) {
    describe(`on PostgreSQL ${major}`, () => {
      let template: TestDatabase;
      let shared: TestDatabase;
      const measured = new Map<string, MeasuredStatement>();
      before(async () => {
        template = await (await testServer({ major })).createDatabase();
        const session = await openSession(template.connection, template.password);
        await session.script(fixture);
        await session.close();
        shared = await (await testServer({ major })).createDatabase(template.connection.database);
        for (const truth of statements)
          measured.set(truth.id, await measureCase(major, template, shared, truth));
      });
      after(async () => {
        await shared?.drop();
        await template?.drop();
      });

      it('finds all dangerous statements and raises no false alarm', () => {
        // What another version alone understands is not dangerous on this one.
        const judged = statements.filter(
          (truth) => truth.class !== 'danger' || resultOf(truth, major)?.error === undefined,
        );
        const result = score(judged, (truth) => measured.get(truth.id)!.measured ?? nothing(measured, truth));
        console.log(
          `      measured on ${major}: ${result.found} of ${result.dangerous} found, ${result.falseAlarms} of ${result.harmless} false alarms`,
        );
        assert.deepEqual(result.missed, []);
        assert.deepEqual(result.alarmed, []);
        if (major === 18) assert.deepEqual([result.found, result.harmless], [40, 55]);
      });

      for (const truth of statements) {
        it(`${truth.id}: as measured before`, () => {
          const expected = resultOf(truth, major)!;
          const { measured: forecast, error } = measured.get(truth.id)!;
          if (expected.error !== undefined) {
            assert.ok(error?.includes(expected.error), `${error} instead of ${expected.error}`);
            return;
          }
          assert.equal(error, null);
          const locks = [...forecast!.locks, ...forecast!.indexLocks].sort(byRelation);
          assert.deepEqual(
            locks,
            expected.locks!.map(({ relation, mode }) => ({ relation, mode })).sort(byRelation),
          );
          assert.equal(forecast!.transactional, !truth.outsideTransaction);
        });
      }

      it('agrees with the forecast from the catalog', () => {
        const disagreements = [...measured].flatMap(([id, statement]) =>
          statement.disagreements.map((each) => `${id}: ${JSON.stringify(each)}`),
        );
        assert.deepEqual(disagreements, []);
      });
    });
  }

  /** Statements that can be rolled back share one database; the others have a copy of their own. */
  async function measureCase(
    major: TestMajor,
    template: TestDatabase,
    shared: TestDatabase,
    truth: Truth,
  ): Promise<MeasuredStatement> {
    const rollback = !truth.setup && !truth.outsideTransaction;
    const database = rollback
      ? shared
      : await (await testServer({ major })).createDatabase(template.connection.database);
    const sessions = sessionFactory(database.connection, async () => database.password);
    try {
      const result = await measureScript({
        state: {
          sessions,
          shadow: { kind: 'local', engine: 'postgres' },
          restore: async (): Promise<Session> => {
            const session = await sessions.open();
            for (const sql of truth.setup ?? []) await session.script(sql);
            return session;
          },
        },
        statements: parser.parse(truth.sql).statements,
        direction: 'up',
        transaction: truth.outsideTransaction ? 'none' : 'wrapped',
        parser,
        rollback,
        progress: silentProgress(),
        signal: new AbortController().signal,
      });
      return result.statements[0]!;
    } finally {
      if (!rollback) await database.drop();
    }
  }

  /** What failed did nothing. */
  function nothing(measured: ReadonlyMap<string, MeasuredStatement>, truth: Truth): Forecast {
    return { ...measured.get(truth.id)!.predicted, locks: [], indexLocks: [], work: 'none' };
  }

  function byRelation(a: { relation: string }, b: { relation: string }): number {
    return a.relation < b.relation ? -1 : 1;
  }
});

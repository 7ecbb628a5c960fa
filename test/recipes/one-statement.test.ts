import assert from 'node:assert/strict';
import { openSession } from '../../src/database/connect';
import { stepsOf, type Plan, type Step } from '../../src/plan/plan';
import { quoteIdentifier } from '../../src/sql/identifier';
import { planned } from '../plan/planned';
import { splitForTest } from '../plan/split';
import { testMajors, testServer, type TestMajor } from '../support/servers';
import { recipeCases } from './cases';
import { plainNames, type RecipeCase } from './recipe-case';

// Tools send a file without a transaction as one query, and PostgreSQL runs several statements of one query in a
// transaction: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
for (const major of testMajors) {
  describe(`a step that runs outside a transaction has one statement, forward and back, on PostgreSQL ${major}`, function () {
    this.timeout(60_000);

    for (const { title, build } of recipeCases.filter(({ since }) => (since ?? 0) <= major))
      it(title, async () => {
        assert.deepEqual(severalOutside(await planOf(build(plainNames), major)), []);
      });
  });
}

async function planOf({ change, options, schema }: RecipeCase, major: TestMajor): Promise<Plan> {
  const database = await (await testServer({ major })).createDatabase();
  const session = await openSession(database.connection, database.password);
  try {
    await session.script(`CREATE SCHEMA ${quoteIdentifier(plainNames.schema)}; ${schema}; ANALYZE`);
    return (await planned(session, change, undefined, options)).plan;
  } finally {
    await session.close();
    await database.drop();
  }
}

function severalOutside(plan: Plan): string[] {
  return stepsOf(plan).flatMap((step) =>
    scriptsOutside(step).filter((sql) => splitForTest(sql).length !== 1),
  );
}

function scriptsOutside(step: Step): string[] {
  if (step.kind !== 'concurrent') return [];
  return [step.forward, ...(step.rollback.kind === 'sql' ? [step.rollback.sql] : [])];
}

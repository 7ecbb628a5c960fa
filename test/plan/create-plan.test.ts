import assert from 'node:assert/strict';
import { testServer } from '../support/servers';
import type { Assessment } from '../../src/assess/assessment';
import type { RenameColumn } from '../../src/assess/changes/rename-column';
import { openSession } from '../../src/database/connect';
import { createPlan } from '../../src/plan/create-plan';
import { defaultPlanOptions, phaseOf, stepsOf, type PlanOptions } from '../../src/plan/plan';
import { proposeStrategy } from '../../src/plan/strategy';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { assessmentOf } from './assessment';

const change: RenameColumn = {
  kind: 'rename-column',
  table: { schema: 'public', name: 't' },
  from: 'o',
  to: 'n',
};

describe('a plan', function () {
  this.timeout(60_000);
  let assessment: Assessment;
  let parser: SqlParser;

  before(async () => {
    parser = await loadParser();
    const database = await (await testServer({ major: 18 })).createDatabase();
    const session = await openSession(database.connection, database.password);
    await session.script('CREATE TABLE t (id int PRIMARY KEY, o text NOT NULL); ANALYZE');
    assessment = await assessmentOf(session, change);
    await session.close();
    await database.drop();
  });

  const create = (
    options: Partial<PlanOptions> = {},
    of: Assessment = assessment,
  ): ReturnType<typeof createPlan> =>
    createPlan({
      change,
      assessment: of,
      options: { ...defaultPlanOptions, ...options },
      layout: { id: 'plain', folder: 'migrations' },
      parser,
      now: new Date('2026-03-04T23:30:00Z'),
    });

  it('is plain data with numbered steps, and its point of no return is its last step', () => {
    const { plan } = create();
    assert.equal(plan.id, '20260304-rename-t-o-to-n');
    assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
    const ids = stepsOf(plan).map((step) => step.id);
    assert.deepEqual(
      ids.map((id) => Number(id.slice(0, 2))),
      ids.map((_, index) => index + 1),
    );
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(plan.pointOfNoReturn!.step, ids.at(-1));
    assert.equal(phaseOf(plan, ids[0]!)?.name, 'expand');
    for (const step of stepsOf(plan)) assert.equal(step.verification === null, step.kind === 'wait', step.id);
  });

  it('is the same for the same assessment', () => {
    assert.deepEqual(create(), create());
  });

  it('takes the options of the user', () => {
    const days = (options: Partial<PlanOptions>): number | undefined =>
      stepsOf(create(options).plan).find((step) => step.kind === 'wait')?.days;
    assert.equal(days({ deprecationDays: 7 }), 7);
    assert.equal(days({ strategy: 'big-bang' }), 0);
  });

  it('has the gates of its environment', () => {
    const production: Assessment = {
      ...assessment,
      database: { ...assessment.database, environment: 'production' },
    };
    assert.deepEqual(stepsOf(create().plan)[0]!.gates, []);
    assert.ok(stepsOf(create({}, production).plan)[0]!.gates.includes('backup'));
  });

  it('is refused with the blocker of the assessment', () => {
    assert.throws(
      () => create({}, { ...assessment, blockers: ['Not here. Go there.'] }),
      /Not here\. Go there\./,
    );
  });

  it('proposes a strategy and says why not the others', () => {
    assert.equal(proposeStrategy(assessment).kind, 'big-bang');
    const rows = (count: number, sessions: number): Assessment => ({
      ...assessment,
      table: { ...assessment.table, rows: { count, source: 'counted' } },
      server: {
        ...assessment.server,
        clients: sessions === 0 ? [] : [{ application: 'shop-web', user: 'app', sessions }],
      },
    });
    assert.equal(proposeStrategy(rows(9, 0)).kind, 'big-bang');
    assert.equal(proposeStrategy(rows(900_000, 0)).kind, 'incremental');
    const strategy = proposeStrategy(rows(9, 7));
    assert.match(strategy.why, /9 rows/);
    assert.match(strategy.why, /other sessions connected at the assessment: 7/);
    assert.equal(strategy.kind, 'incremental');
    assert.deepEqual(strategy.alternatives.map((each) => each.kind).sort(), [
      'big-bang',
      'blue-green',
      'strangler-fig',
    ]);
    assert.ok(strategy.alternatives.every((each) => each.why.length > 20));
  });
});

import assert from 'node:assert/strict';
import { continuedPlan } from '../../src/plan/continued-plan';
import { stepsOf, type Plan, type SqlStep, type Step } from '../../src/plan/plan';
import { defaultPlanOptions } from '../../src/plan/plan';

const base: Omit<Plan, 'phases'> = {
  id: '20260101-note-2',
  title: 'As it was',
  createdAt: '2026-01-01T00:00:00Z',
  change: { kind: 'drop-default', table: { schema: 'public', name: 'parcels' }, column: 'note' },
  recipe: 'drop-default',
  layout: { id: 'plain', folder: 'migrations' },
  serverMajor: 18,
  options: defaultPlanOptions,
  strategy: { kind: 'incremental', why: '', alternatives: [] },
  pointOfNoReturn: null,
};

function sqlStep(id: string, forward = 'SELECT 1'): SqlStep {
  return {
    id,
    title: id.slice(3),
    action: '',
    kind: 'migration',
    forward,
    rollback: { kind: 'nothing', why: '' },
    verification: null,
    gates: [],
    forecast: null,
  };
}

function planOf(...steps: Step[]): Plan {
  return {
    ...base,
    phases: [
      { name: 'expand', goal: '', steps },
      { name: 'migrate', goal: '', steps: [] },
      { name: 'contract', goal: '', steps: [] },
    ],
  };
}

const none: ReadonlySet<string> = new Set();
const ids = (plan: Plan): string[] => stepsOf(plan).map(({ id }) => id);

describe('the rest of a plan', () => {
  const begun = planOf(sqlStep('01-a'), sqlStep('02-b'), sqlStep('03-c'));

  it('is taken from the new plan, what is done stays under the old name', () => {
    const fresh = { ...planOf(sqlStep('01-a'), sqlStep('02-x'), sqlStep('03-c', 'SELECT 2')), id: 'other' };
    const { plan, gone, added, changed } = continuedPlan(
      { plan: begun, kept: new Set(['01-a']), edited: none },
      fresh,
    );
    assert.equal(plan.id, begun.id);
    assert.deepEqual(ids(plan), ['01-a', '02-x', '03-c']);
    assert.deepEqual([gone, added, changed], [['02-b'], ['02-x'], ['03-c']]);
  });

  it('knows a step again that has another number', () => {
    const fresh = planOf(sqlStep('01-a'), sqlStep('02-x'), sqlStep('03-b'), sqlStep('04-c', 'SELECT 2'));
    const { gone, added, changed } = continuedPlan({ plan: begun, kept: none, edited: none }, fresh);
    assert.deepEqual([gone, added, changed], [[], ['02-x'], ['04-c']]);
  });

  it('is refused where a step that stays would have other SQL, or another one in its place', () => {
    const kept = new Set(['02-b']);
    const other = planOf(sqlStep('01-a', 'SELECT 2'), sqlStep('02-b'));
    assert.throws(() => continuedPlan({ plan: begun, kept, edited: none }, other), /other SQL by now/);
    const moved = planOf(sqlStep('01-a'), sqlStep('02-x'));
    assert.throws(() => continuedPlan({ plan: begun, kept, edited: none }, moved), /in its place .* "x"/);
    assert.throws(
      () => continuedPlan({ plan: begun, kept, edited: none }, planOf()),
      /a new plan has nothing/,
    );
  });

  it('lets the SQL stand that a person has written', () => {
    const fresh = planOf(sqlStep('01-a', 'SELECT 2'), sqlStep('02-b'), sqlStep('03-c'));
    const { plan, changed } = continuedPlan(
      { plan: begun, kept: new Set(['01-a']), edited: new Set(['01-a']) },
      fresh,
    );
    assert.equal((stepsOf(plan)[0] as SqlStep).forward, 'SELECT 1');
    assert.deepEqual(changed, []);
  });

  it('says nothing of gates and forecasts, which follow the database', () => {
    const fresh = planOf(sqlStep('01-a'), { ...sqlStep('02-b'), gates: ['disk'] }, sqlStep('03-c'));
    assert.deepEqual(continuedPlan({ plan: begun, kept: none, edited: none }, fresh).changed, []);
  });
});

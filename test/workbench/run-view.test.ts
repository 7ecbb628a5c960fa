import assert from 'node:assert/strict';
import { progressOfRun } from '../../src/implement/plan-progress';
import type { BackfillProgress, Plan } from '../../src/plan/plan';
import { nextStep } from '../../src/plan/plan-state';
import type { StepState } from '../../src/protocol/wizard-state';
import { contractView, runView } from '../../src/workbench/wizard/run-view';
import { samplePlan } from '../implement/plan-fixture';

const plan = samplePlan();
const backfill: BackfillProgress = {
  state: 'paused',
  rowsDone: 50,
  rowsTotal: 500,
  batchRows: 50,
  batchMilliseconds: 3,
  rowsPerSecond: 1000,
  remainingMilliseconds: 450,
};
const record = {
  stepId: '02-fill',
  state: 'running' as const,
  startedAt: '2026-01-02T10:00:00Z',
  finishedAt: null,
  by: 'tester',
  error: null,
};
type Run = NonNullable<Parameters<typeof progressOfRun>[1]>;

function run(backfillState: string): Run {
  return {
    state: 'migrating',
    steps: [{ ...record, stepId: '01-add-cents', state: 'done' }, record],
    backfills: [{ stepId: '02-fill', state: backfillState, rowsDone: 50, rowsTotal: 500, batchRows: 50 }],
  } as unknown as Run;
}

function stateOfFill(recorded: string, live: BackfillProgress | null): StepState | undefined {
  const progress = progressOfRun(plan, run(recorded));
  const view = runView({
    standing: {
      plan,
      planFolder: '/plans/x',
      progress,
      gates: [],
      next: nextStep(plan, progress),
      needsRelease: null,
    },
    database: 'shop on localhost:5432',
    backfill: live ? { step: '02-fill', progress: live } : null,
    dryRun: null,
    log: [],
  });
  return view.steps.find((step) => step.id === '02-fill')?.state;
}

describe('the step of a backfill', () => {
  it('says paused while the backfill of this window is paused', () => {
    assert.equal(stateOfFill('running', backfill), 'paused');
    assert.equal(stateOfFill('running', { ...backfill, state: 'running' }), 'running');
  });

  it('says paused where another window paused it', () => {
    assert.equal(stateOfFill('paused', null), 'paused');
    assert.equal(stateOfFill('running', null), 'running');
    assert.equal(stateOfFill('holding', null), 'running');
  });
});

describe('the contract station', () => {
  it('is not done before its plan is, also where nothing is left to remove', () => {
    const phases = plan.phases.filter(({ name }) => name !== 'contract');
    const short: Plan = {
      ...plan,
      phases: [...phases, { name: 'contract', goal: 'Nothing is left to remove.', steps: [] }],
      pointOfNoReturn: null,
    };
    const view = (recorded: Run | null): ReturnType<typeof contractView> => {
      const progress = progressOfRun(short, recorded);
      const standing = { plan: short, planFolder: '/plans/x', progress, gates: [], needsRelease: null };
      return contractView({ ...standing, next: nextStep(short, progress) }, false);
    };
    assert.equal(view(run('running'))?.done, false);
    const done = phases.flatMap(({ steps }) =>
      steps.map(({ id }) => ({ ...record, stepId: id, state: 'done' as const })),
    );
    assert.equal(view({ ...run('running'), steps: done as unknown as Run['steps'] })?.done, true);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  defaultPlanOptions,
  type Plan,
  type Step,
  type StepProgress,
  type StepState,
} from '../../src/plan/plan';
import { approvedHash, canonicalJson } from '../../src/plan/approved-hash';
import { withGates } from '../../src/plan/gates';
import {
  isPastReturn,
  newProgress,
  nextStep,
  planProgress,
  stepsToRollBack,
  waitEndsAt,
} from '../../src/plan/plan-state';
import { planTimeline } from '../../src/plan/timeline';

const base = { title: '', action: '', verification: null, gates: [], forecast: null };
const migration = (id: string): Step => ({
  ...base,
  id,
  kind: 'migration',
  forward: '',
  rollback: { kind: 'sql', sql: '' },
});

const plan: Plan = {
  id: '20260101-test',
  title: 'Test',
  createdAt: '2026-01-30T22:00:00.000Z',
  change: { kind: 'rename-column', table: { schema: 'public', name: 't' }, from: 'a', to: 'b' },
  recipe: 'rename-column',
  layout: { id: 'plain', folder: 'migrations' },
  serverMajor: 18,
  options: defaultPlanOptions,
  strategy: { kind: 'incremental', why: '', alternatives: [] },
  phases: [
    { name: 'expand', goal: '', steps: [migration('01-a')] },
    {
      name: 'migrate',
      goal: '',
      steps: [
        {
          ...base,
          id: '02-deploy',
          kind: 'deploy',
          instructions: '',
          rollbackInstructions: '',
          sample: null,
        },
        { ...base, id: '03-wait', kind: 'wait', days: 30, why: '' },
      ],
    },
    { name: 'contract', goal: '', steps: [migration('04-drop')] },
  ],
  pointOfNoReturn: { step: '04-drop', why: '' },
};
const ids = ['01-a', '02-deploy', '03-wait', '04-drop'];

function recorded(...states: StepState[]): StepProgress[] {
  return states.map((state, index) => ({
    ...newProgress(ids[index]!),
    state,
    finishedAt: state === 'done' ? '2026-02-01T00:00:00.000Z' : null,
  }));
}

describe('where a plan stands', () => {
  const stateAfter = (...states: StepState[]): string => planProgress(plan, recorded(...states)).state;

  it('follows its steps from ready to done', () => {
    assert.equal(planProgress(plan, [], { scaffolded: false, abandoned: false }).state, 'draft');
    assert.equal(stateAfter(), 'ready');
    assert.equal(stateAfter('running'), 'expanding');
    assert.equal(stateAfter('failed'), 'expanding');
    assert.equal(stateAfter('done'), 'migrating');
    assert.equal(stateAfter('done', 'done'), 'waiting');
    assert.equal(stateAfter('done', 'done', 'skipped'), 'contracting');
    assert.equal(stateAfter('done', 'done', 'done', 'done'), 'done');
    assert.equal(stateAfter('rolled-back'), 'rolled-back');
    assert.equal(
      planProgress(plan, recorded('done'), { scaffolded: true, abandoned: true }).state,
      'abandoned',
    );
  });

  it('has one step ready and blocks those after it', () => {
    const progress = planProgress(plan, recorded('done'));
    assert.deepEqual(
      progress.steps.map((step) => step.state),
      ['done', 'ready', 'blocked', 'blocked'],
    );
    assert.equal(nextStep(plan, progress)?.id, '02-deploy');
    assert.equal(progress.phase, 'migrate');
    assert.equal(nextStep(plan, planProgress(plan, recorded('rolled-back'))), null);
  });

  it('never has more than one step ready, and none before a finished one is lost', () => {
    const states = fc.array(
      fc.constantFrom<StepState>('done', 'failed', 'running', 'paused', 'skipped', 'blocked', 'ready'),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(states, (list) => {
        const progress = planProgress(plan, recorded(...list));
        assert.ok(progress.steps.filter((step) => step.state === 'ready').length <= 1);
        for (const [index, state] of list.entries()) {
          if (state !== 'blocked' && state !== 'ready') assert.equal(progress.steps[index]!.state, state);
        }
      }),
    );
  });

  it('rolls back in reverse, knows when there is no return and when a wait ends', () => {
    const progress = planProgress(plan, recorded('done', 'done', 'running'));
    assert.deepEqual(
      stepsToRollBack(plan, progress).map((step) => step.id),
      ['03-wait', '02-deploy', '01-a'],
    );
    assert.equal(isPastReturn(plan, progress), false);
    assert.equal(isPastReturn(plan, planProgress(plan, recorded('done', 'done', 'done', 'done'))), true);
    assert.equal(waitEndsAt(plan, progress, '03-wait')?.toISOString(), '2026-03-03T00:00:00.000Z');
    assert.equal(waitEndsAt(plan, progress, '04-drop'), null);
    assert.equal(waitEndsAt(plan, planProgress(plan, []), '03-wait'), null);
  });
});

describe('what an approval stands for', () => {
  const files = [
    { path: 'steps/01.sql', text: 'select 1' },
    { path: 'steps/02.sql', text: 'select 2' },
  ];

  it('does not depend on the order of keys or files, and survives JSON', () => {
    const again = JSON.parse(JSON.stringify({ phases: plan.phases, change: plan.change })) as Plan;
    assert.equal(approvedHash(plan, files), approvedHash(again, [...files].reverse()));
    assert.equal(
      canonicalJson({ b: [1, { d: undefined, c: null }], a: 'ä' }),
      '{"a":"ä","b":[1,{"c":null}]}',
    );
  });

  it('changes with the SQL, a gate and the change, and with nothing else', () => {
    const hash = approvedHash(plan, files);
    assert.notEqual(approvedHash(plan, [files[0]!]), hash);
    assert.notEqual(approvedHash(plan, [files[0]!, { ...files[1]!, text: 'select 3' }]), hash);
    const gated = withGates(plan.phases, { environment: 'production', hasReplicas: false });
    assert.notEqual(approvedHash({ ...plan, phases: gated }, files), hash);
    const other: Plan = { ...plan, title: 'Other', serverMajor: 12 };
    assert.equal(approvedHash(other, files), hash);
  });
});

describe('gates and timeline', () => {
  it('asks much of production and little of development', () => {
    const gates = (environment: 'development' | 'staging' | 'production'): string[][] =>
      withGates(plan.phases, { environment, hasReplicas: true }).flatMap((phase) =>
        phase.steps.map((step) => step.gates),
      );
    assert.deepEqual(gates('development'), [[], [], [], ['deployed']]);
    assert.deepEqual(gates('production')[0], [
      'backup',
      'staging-run',
      'rehearsal',
      'approval',
      'long-transactions',
    ]);
    assert.ok(gates('production')[3]!.includes('soak'));
    assert.deepEqual(gates('staging')[0], ['rehearsal']);
  });

  it('has rows without gaps that begin on the day the plan was made', () => {
    const rows = planTimeline(plan);
    assert.equal(rows[0]!.start, '2026-01-30');
    for (const [index, row] of rows.entries()) {
      assert.equal((Date.parse(row.end) - Date.parse(row.start)) / 86_400_000 + 1, row.days);
      if (index > 0) assert.equal(Date.parse(row.start) - Date.parse(rows[index - 1]!.end), 86_400_000);
    }
    assert.equal(rows.at(-1)!.days, 31);
  });
});

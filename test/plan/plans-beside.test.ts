import assert from 'node:assert/strict';
import type { Change } from '../../src/assess/change';
import { defaultPlanOptions, type Plan, type PlanState } from '../../src/plan/plan';
import { plansBeside } from '../../src/plan/plans-beside';

const orders = { schema: 'app', name: 'orders' };

function plan(id: string, change: Change, locks: string[] = []): Plan {
  return {
    id,
    title: `Title of ${id}`,
    createdAt: '',
    change,
    recipe: change.kind,
    layout: { id: 'golang-migrate', folder: 'migrations' },
    serverMajor: 18,
    options: defaultPlanOptions,
    strategy: { kind: 'incremental', why: '', alternatives: [] },
    phases: [
      {
        name: 'expand',
        goal: '',
        steps: locks.map((relation, index) => ({
          id: `${index}`,
          kind: 'migration',
          title: '',
          action: '',
          forward: '',
          rollback: { kind: 'nothing', why: '' },
          verification: null,
          gates: [],
          forecast: {
            lock: 'ShareRowExclusiveLock',
            relation,
            work: 'catalog',
            holdMilliseconds: null,
            phrase: '',
          },
        })),
      },
    ],
    pointOfNoReturn: null,
  };
}

const rename: Change = { kind: 'rename-column', table: orders, from: 'note', to: 'remark' };
const retype: Change = {
  kind: 'change-column-type',
  table: orders,
  column: 'note',
  type: 'text',
  using: null,
  back: null,
};
const other: Change = { kind: 'set-default', table: orders, column: 'total', expression: '0' };

function beside(change: Change, state: PlanState, locks: string[] = []) {
  return plansBeside(plan('mine', rename), [{ plan: plan('theirs', change, locks), state }]);
}

describe('plans beside a new one', () => {
  it('are nothing to it when they are over, or about other tables', () => {
    for (const state of ['done', 'rolled-back', 'abandoned'] as const)
      assert.deepEqual(beside(retype, state), { blockers: [], notes: [] });
    const customers = { ...other, table: { schema: 'app', name: 'customers' } };
    assert.deepEqual(beside(customers, 'migrating'), { blockers: [], notes: [] });
  });

  it('stop it where they change the same column and are under way', () => {
    for (const state of ['expanding', 'migrating', 'waiting', 'contracting'] as const) {
      const { blockers, notes } = beside(retype, state);
      assert.deepEqual(notes, []);
      assert.match(blockers.join(), /^The plan "Title of theirs" \(theirs\) is under way and changes note/);
    }
  });

  it('are named where they have not begun, or lock the same table', () => {
    assert.match(beside(retype, 'ready').notes.join(), /has not begun\. Decide which goes first/);
    assert.match(beside(other, 'migrating').notes.join(), /works on app\.orders, too\. Finish it before/);
    const customers = { ...other, table: { schema: 'app', name: 'customers' } };
    assert.match(beside(customers, 'waiting', ['app.orders']).notes.join(), /works on app\.orders, too/);
  });

  it('are not the plan itself, planned again', () => {
    const again = plansBeside(plan('mine', rename), [{ plan: plan('mine', rename), state: 'ready' }]);
    assert.deepEqual(again, { blockers: [], notes: [] });
  });
});

import assert from 'node:assert/strict';
import { defaultPlanOptions, type BackfillSpec, type Plan, type Step } from '../../src/plan/plan';
import { concernedRelations, rewrittenTables, writtenTables } from '../../src/plan/plan-tables';
import type { Change } from '../../src/assess/change';
import type { LockMode } from '../../src/safety/forecast';

const orders = { schema: 'app', name: 'orders' };
const notNull: Change = { kind: 'set-not-null', table: orders, column: 'note', value: null };

function planOf(change: Change, steps: Step[]): Plan {
  return {
    id: 'plan',
    title: '',
    createdAt: '',
    change,
    recipe: change.kind,
    layout: { id: 'golang-migrate', folder: 'migrations' },
    serverMajor: 18,
    options: defaultPlanOptions,
    strategy: { kind: 'incremental', why: '', alternatives: [] },
    phases: [{ name: 'expand', goal: '', steps }],
    pointOfNoReturn: null,
  };
}

const plain = { id: '', title: '', action: '', gates: [], verification: null, forecast: null };
const nothing = { kind: 'nothing', why: '' } as const;

function locking(lock: LockMode, relation: string): Step {
  const forecast = { lock, relation, work: 'catalog', holdMilliseconds: null, phrase: '' } as const;
  return { ...plain, kind: 'migration', forward: '', rollback: nothing, forecast };
}

function walking(table: string, into: string | null): Step {
  const walk = {
    table: { schema: 'app', name: table },
    pending: null,
    walk: { by: 'ctid' },
    estimatedRows: 0,
  } as const;
  const backfill: BackfillSpec =
    into === null
      ? { ...walk, assignments: [] }
      : { ...walk, write: 'copy', into: { schema: 'app', name: into }, columns: [], conflict: ['id'] };
  return { ...plain, kind: 'backfill', backfill, rollback: nothing };
}

describe('the tables of a plan', () => {
  it('are the one of its change and those whose rows its backfills write', () => {
    const plan = planOf(notNull, [walking('orders', null), walking('Lines', null)]);
    for (const tables of [rewrittenTables, writtenTables, concernedRelations])
      assert.deepEqual(tables(plan), ['app.orders', 'app."Lines"']);
  });

  it('that get rows beside them need no room of their own size', () => {
    const plan = planOf(notNull, [walking('orders', 'copy'), locking('RowExclusiveLock', 'app.labels')]);
    assert.deepEqual(rewrittenTables(plan), ['app.orders']);
    assert.deepEqual(writtenTables(plan), ['app.orders', 'app.copy', 'app.labels']);
  });

  it('are not those that are merely locked or read, which concern a plan beside it', () => {
    const plan = planOf(notNull, [
      locking('ShareRowExclusiveLock', 'app.customers'),
      locking('AccessShareLock', 'app.read'),
    ]);
    assert.deepEqual(writtenTables(plan), ['app.orders']);
    assert.deepEqual(concernedRelations(plan), ['app.orders', 'app.customers']);
  });

  it('are the one that rows are moved to', () => {
    const to = { schema: 'app', name: 'old_orders' };
    const plan = planOf({ kind: 'move-rows', table: orders, where: 'true', to }, []);
    assert.deepEqual(rewrittenTables(plan), ['app.orders']);
    assert.deepEqual(writtenTables(plan), ['app.orders', 'app.old_orders']);
  });
});

import assert from 'node:assert/strict';
import * as v from 'valibot';
import { storedStep } from '../../../src/implement/scaffold/plan-file-schema';

const table = { schema: 'app', name: 'orders' };
const walked = { table, pending: null, walk: { by: 'key', columns: ['id'] }, estimatedRows: 3 };
const values = [{ column: 'id', expression: '"id"' }];

function parsed(backfill: object): unknown {
  const step = {
    kind: 'backfill',
    id: '03-copy-rows',
    title: 'Copy',
    action: 'Copies.',
    verification: null,
    gates: [],
    forecast: null,
    rollback: { kind: 'nothing', why: 'It goes.' },
    backfill,
  };
  return (v.parse(storedStep, JSON.parse(JSON.stringify(step))) as { backfill: unknown }).backfill;
}

describe('a backfill in plan.md', () => {
  it('changes rows, also in plans from before rows could be copied', () => {
    assert.deepEqual(parsed({ ...walked, assignments: values }), { ...walked, assignments: values });
    const named = { ...walked, write: 'update', assignments: values };
    assert.deepEqual(parsed(named), named);
  });

  it('copies rows', () => {
    const copy = {
      ...walked,
      write: 'copy',
      into: { ...table, name: 'next' },
      columns: values,
      conflict: ['id'],
    };
    assert.deepEqual(parsed(copy), copy);
  });

  it('is nothing else', () => {
    assert.throws(() => parsed({ ...walked, write: 'move', assignments: values }));
    assert.throws(() => parsed({ ...walked, write: 'copy', assignments: values }));
  });
});

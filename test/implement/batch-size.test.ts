import assert from 'node:assert/strict';
import fc from 'fast-check';
import { clampRows, largestBatchRows, nextBatchRows, rowsAfterTimeout } from '../../src/implement/batch-size';

const rows = fc.integer({ min: 1, max: largestBatchRows });
const target = fc.integer({ min: 1, max: 5000 });
const milliseconds = fc.double({ min: 0, max: 100_000, noNaN: true });

describe('batch size', () => {
  it('is a whole number from 1 to the largest, whatever was measured', () => {
    fc.assert(
      fc.property(
        rows,
        fc.integer({ min: 0, max: largestBatchRows }),
        milliseconds,
        target,
        (allowed, walked, ms, goal) => {
          const next = nextBatchRows(
            { rows: allowed, walked: Math.min(walked, allowed), milliseconds: ms },
            goal,
          );
          assert.ok(Number.isInteger(next) && next >= 1 && next <= largestBatchRows);
        },
      ),
    );
  });

  it('never grows more than twofold', () => {
    fc.assert(
      fc.property(rows, milliseconds, target, (allowed, ms, goal) => {
        assert.ok(nextBatchRows({ rows: allowed, walked: allowed, milliseconds: ms }, goal) <= allowed * 2);
      }),
    );
  });

  it('shrinks at once after a slow batch, in proportion to how slow it was', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: largestBatchRows }),
        target,
        fc.double({ min: 1.01, max: 1000, noNaN: true }),
        (allowed, goal, factor) => {
          const next = nextBatchRows({ rows: allowed, walked: allowed, milliseconds: goal * factor }, goal);
          assert.ok(next < allowed);
          assert.ok(next <= Math.max(1, allowed / factor + 1e-6));
        },
      ),
    );
  });

  it('converges: a table with a steady cost per row ends near the target time', () => {
    fc.assert(
      fc.property(
        rows,
        target,
        fc.double({ min: 0.001, max: 50, noNaN: true }),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        (first, goal, perRow, fixedShare) => {
          const cost = (count: number): number => fixedShare * goal + count * perRow;
          let allowed = clampRows(first);
          for (let batch = 0; batch < 60; batch++) {
            allowed = nextBatchRows({ rows: allowed, walked: allowed, milliseconds: cost(allowed) }, goal);
          }
          // What the cost model itself allows, with one row of rounding either way.
          const best = clampRows(((1 - fixedShare) * goal) / perRow);
          assert.ok(allowed <= Math.max(1, best * 1.35 + 1), `${allowed} against ${best}`);
          assert.ok(allowed >= Math.floor(best * 0.4), `${allowed} against ${best}`);
        },
      ),
    );
  });

  it('keeps its size at the end of a table, where the batch had fewer rows', () => {
    assert.equal(nextBatchRows({ rows: 8000, walked: 12, milliseconds: 1 }, 50), 8000);
  });

  it('quarters after a time-out and stops at one row', () => {
    assert.equal(rowsAfterTimeout(1000), 250);
    assert.equal(rowsAfterTimeout(3), 1);
    assert.equal(rowsAfterTimeout(1), 1);
  });
});

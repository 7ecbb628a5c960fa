import assert from 'node:assert/strict';
import type { TableLoad, WriteHours } from '../../../src/assess/load/load-facts';
import { loadLines } from '../../../src/assess/load/load-text';

const load: TableLoad = {
  since: null,
  scans: { sequential: 0, index: 0 },
  written: { inserted: 0, updated: 0, deleted: 0, heapOnly: 0 },
  rows: { live: 0, dead: 0 },
  cached: null,
  lastVacuum: null,
  lastAnalyze: null,
  vacuums: [],
  statements: null,
};

const hours: WriteHours = {
  from: 22,
  to: 2,
  share: 0.03,
  evenShare: 1 / 6,
  standsOut: true,
  samples: 101,
  first: '2026-01-22T03:00:00.000Z',
  last: '2026-03-03T21:00:00.000Z',
  column: 'created_at',
  zoned: true,
  local: null,
};

describe('the quiet hours of a load, in words', () => {
  const text = (quietHours?: WriteHours): string | undefined =>
    loadLines({ ...load, ...(quietHours && { quietHours }) }).find(({ what }) => what === 'Quiet hours')
      ?.text;

  it('are not there where the statistics do not tell', () => assert.equal(text(), undefined));

  it('name the share and where it comes from', () =>
    assert.deepEqual(loadLines({ ...load, quietHours: hours }).at(-1), {
      what: 'Quiet hours',
      text: 'fewest rows are written from 22:00 to 02:00 UTC: 3 % of them',
      note: "by created_at in the planner's statistics, 101 values from 2026-01-22 to 2026-03-03",
    }));

  const local = [
    ['Asia/Kolkata', 330, '03:30 to 07:30'],
    ['America/St_Johns', -210, '18:30 to 22:30'],
  ] as const;
  for (const [zone, minutes, span] of local) {
    it(`have those of ${zone} beside them`, () =>
      assert.equal(
        text({ ...hours, local: { zone, minutes } }),
        `fewest rows are written from 22:00 to 02:00 UTC, now ${span} in ${zone}: 3 % of them`,
      ));
  }

  it('say where the column has no zone', () =>
    assert.equal(
      text({ ...hours, zoned: false }),
      'fewest rows are written from 22:00 to 02:00, as the column has it, without a zone: 3 % of them',
    ));

  it('say that none stand out', () =>
    assert.equal(
      text({ ...hours, standsOut: false, share: 0.12 }),
      'none stand out; the fewest rows, 12 % of them, are written from 22:00 to 02:00 UTC',
    ));
});

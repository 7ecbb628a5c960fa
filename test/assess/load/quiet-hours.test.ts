import assert from 'node:assert/strict';
import fc from 'fast-check';
import { quietHours, sharesByHour, type WriteTime } from '../../../src/assess/load/quiet-hours';
import { isTimeOfWrite, writeTimes } from '../../../src/assess/load/read-write-hours';

const hour = 3_600_000;
const day = 24 * hour;
const now = new Date('2026-03-04T00:00:00Z');

const at = (hoursAgo: number, weight = 1): WriteTime => ({
  at: new Date(now.getTime() - hoursAgo * hour),
  weight,
});

/** As many times over so many days, at the hours of the day from `from` on, so many of them. */
function busy(count: number, days: number, from: number, hours: number): WriteTime[] {
  return Array.from({ length: count }, (_, index) => {
    const inDay = (index * 0.618_033_988_7) % 1;
    const daysAgo = Math.floor((index / count) * days) + 1;
    return at(daysAgo * 24 - ((from + inDay * hours) % 24));
  });
}

describe('the quiet hours by times of writes', () => {
  it('are those in which the fewest were written', () => {
    const found = quietHours([...busy(97, 30, 6, 20), at(22)], now);
    assert.ok(found?.standsOut);
    assert.deepEqual([found.from, found.to, found.samples], [2, 6, 98]);
    assert.equal(found.share, 1 / 98);
  });

  it('go over midnight', () => {
    const found = quietHours(busy(101, 30, 2, 20), now);
    assert.deepEqual([found?.from, found?.to, found?.share, found?.standsOut], [22, 2, 0, true]);
  });

  it('lie in the middle of a longer quiet time', () => {
    const found = quietHours(busy(101, 30, 9, 14), now);
    assert.deepEqual([found?.from, found?.to], [2, 6]);
  });

  it('do not stand out where rows are written all day', () => {
    const found = quietHours(busy(101, 30, 0, 24), now);
    assert.equal(found?.standsOut, false);
    assert.ok(found.share > found.evenShare / 2);
  });

  it('do not stand out where chance gives as few', () => {
    // Three of 48 are less than half of the eight that even were; of 24 windows one often has as few.
    const times = [...busy(45, 30, 4, 20), at(47), at(70.5), at(94.1)];
    const found = quietHours(times, now);
    assert.deepEqual([found?.from, found?.standsOut], [0, false]);
    assert.ok(found!.share < found!.evenShare / 2);
  });

  const untold: [string, WriteTime[]][] = [
    ['there are too few', busy(47, 30, 6, 20)],
    ['they are of too few days', busy(101, 2, 6, 12)],
    [
      'they are too old',
      busy(101, 30, 6, 20).map((time) => ({ ...time, at: new Date(+time.at - 60 * day) })),
    ],
    [
      'they lie in the future',
      busy(101, 30, 6, 20).map((time) => ({ ...time, at: new Date(+time.at + 90 * day) })),
    ],
    ['all are days', Array.from({ length: 60 }, (_, index) => at((index % 58) * 24))],
    [
      'all are days of a zone with summer time',
      Array.from({ length: 60 }, (_, index) => at((index % 58) * 24 + (index > 30 ? 1 : 2))),
    ],
    ['they lie a day apart', Array.from({ length: 55 }, (_, index) => at(index * 24 + (index % 7) / 10))],
    [
      'they lie two fifths of a day apart',
      Array.from({ length: 101 }, (_, index) => at(index * 9.6 + (index % 7) / 10)),
    ],
    ['they lie six hours apart', Array.from({ length: 101 }, (_, index) => at(index * 6 + (index % 7) / 10))],
    ['one stands for most of the rows', [...busy(101, 30, 6, 20), at(100, 1000)]],
    ['none is a time', Array.from({ length: 60 }, () => ({ at: new Date(Number.NaN), weight: 1 }))],
    ['there are none', []],
  ];
  for (const [title, times] of untold) {
    it(`are not told where ${title}`, () => assert.equal(quietHours(times, now), null));
  }

  const weights = fc.integer({ min: 1, max: 9 });
  const anyTimes = fc.array(fc.tuple(fc.integer({ min: 0, max: 59 * 24 * 60 }), weights), {
    minLength: 60,
    maxLength: 150,
  });
  const timesOf = (found: [number, number][]): WriteTime[] =>
    found.map(([minutes, weight]) => at(minutes / 60, weight));

  it('law: the hours of the day add up to all', () => {
    fc.assert(
      fc.property(anyTimes, (found) => {
        const sum = sharesByHour(timesOf(found)).reduce((total, share) => total + share, 0);
        assert.ok(Math.abs(sum - 1) < 1e-9);
      }),
    );
  });

  it('law: their share is what was written in them, and no hours of the same length have less', () => {
    fc.assert(
      fc.property(anyTimes, (found) => {
        const times = timesOf(found);
        const quiet = quietHours(times, now);
        if (quiet === null) return;
        const shares = sharesByHour(times);
        const windows = shares.map((_, from) =>
          [0, 1, 2, 3].reduce((sum, index) => sum + shares[(from + index) % 24]!, 0),
        );
        assert.equal((quiet.to - quiet.from + 24) % 24, 4);
        assert.ok(Math.abs(quiet.share - windows[quiet.from]!) < 1e-9);
        assert.ok(Math.abs(quiet.share - Math.min(...windows)) < 1e-9);
      }),
    );
  });

  it('law: where all is written some hours later, they are as quiet', () => {
    fc.assert(
      fc.property(anyTimes, fc.integer({ min: 0, max: 23 }), (found, later) => {
        const times = timesOf(found);
        const shifted = times.map(({ at: time, weight }) => ({ at: new Date(+time + later * hour), weight }));
        const [one, other] = [quietHours(times, now), quietHours(shifted, new Date(+now + later * hour))];
        assert.equal(one === null, other === null);
        assert.equal(one?.standsOut, other?.standsOut);
        if (one && other) assert.ok(Math.abs(one.share - other.share) < 1e-9);
      }),
    );
  });
});

describe('the times in the statistics of a column', () => {
  it('stand for their share of the rows', () => {
    const times = writeTimes([
      {
        column: 'made',
        whole: false,
        rows: 1000,
        nulls: 0.1,
        bounds: [1, 2, 3, 4],
        common: [{ at: 9, share: 0.5 }],
      },
      { column: 'made', whole: false, rows: 10, nulls: 0, bounds: [5], common: [] },
    ]);
    assert.deepEqual(
      times.map(({ at: time, weight }) => [time.getTime(), Math.round(weight)]),
      [
        [9, 500],
        [1, 100],
        [2, 100],
        [3, 100],
        [4, 100],
        [5, 10],
      ],
    );
  });

  const defaults: [string, boolean][] = [
    ['now()', true],
    ['CURRENT_TIMESTAMP', true],
    ['CURRENT_TIMESTAMP(3)', true],
    ['LOCALTIMESTAMP', true],
    ['clock_timestamp()', true],
    ['(now())::timestamp without time zone', true],
    ['(CURRENT_TIMESTAMP)::timestamp(3) without time zone', true],
    ["timezone('utc'::text, now())", true],
    ["(now() AT TIME ZONE 'utc'::text)", true],
    ["(now() + '30 days'::interval)", false],
    ["date_trunc('day'::text, now())", false],
    ['CURRENT_DATE', false],
    ["'2026-01-01 00:00:00'::timestamp without time zone", false],
    ['shop.now()', false],
  ];
  for (const [expression, expected] of defaults) {
    it(`${expression} is ${expected ? 'the' : 'no'} time of the write`, () =>
      assert.equal(isTimeOfWrite(expression), expected));
  }
});

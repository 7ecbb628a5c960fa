import assert from 'node:assert/strict';
import { lockName } from '../../src/safety/forecast/describe-forecast';
import { bytes, count, duration, moment } from '../../src/workbench/format';

describe('words for numbers', () => {
  it('counts with separators', () => assert.deepEqual([0, 999, 50_000].map(count), ['0', '999', '50,000']));

  it('gives bytes in the unit people read', () =>
    assert.deepEqual([0, 512, 2048, 9.2 * 1024 ** 2, 5 * 1024 ** 5].map(bytes), [
      '0 B',
      '512 B',
      '2 kB',
      '9.2 MB',
      '5,120 TB',
    ]));

  it('gives times in the unit people read', () =>
    assert.deepEqual([0.4, 38, 2400, 240_000, 3 * 3_600_000, 3 * 86_400_000].map(duration), [
      '0 ms',
      '38 ms',
      '2.4 s',
      '4 min',
      '3 h',
      '3 days',
    ]));

  it('gives moments in UTC, and unreadable ones as they are', () =>
    assert.deepEqual(['2026-11-21T11:30:05.123Z', 'yesterday'].map(moment), [
      '21 Nov 2026, 11:30 UTC',
      'yesterday',
    ]));

  it('spells lock modes as the documentation does', () =>
    assert.deepEqual((['AccessExclusiveLock', 'ShareUpdateExclusiveLock'] as const).map(lockName), [
      'ACCESS EXCLUSIVE',
      'SHARE UPDATE EXCLUSIVE',
    ]));
});

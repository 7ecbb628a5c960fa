import assert from 'node:assert/strict';
import type { Difference } from '../../../src/catalog/compare';
import { verdicts, type MigrationRehearsal, type Verdict } from '../../../src/rehearse/rehearsal';
import { ago } from '../../../src/workbench/format';
import { testOutcome, type TestOutcome } from '../../../src/workbench/rehearsal-tests/test-outcome';

const differences: Difference[] = [
  { object: 'table public.users', property: 'column a type', before: 'text', after: null, kind: 'structure' },
  { object: 'function public.f()', property: 'body', before: 'one\ntwo', after: 'one\n2', kind: 'text' },
  { object: 'index public.i', property: 'exists', before: null, after: 'yes', kind: 'structure' },
];

function outcome(verdict: Verdict, changes: Partial<MigrationRehearsal> = {}): TestOutcome {
  return testOutcome({
    version: '1',
    name: 'a',
    path: '/w/1_a.up.sql',
    up: 'ok',
    down: 'ok',
    reUp: 'ok',
    verdict,
    differences: [],
    error: null,
    dataLost: [],
    notes: ['A note.'],
    milliseconds: 1,
    ...changes,
  });
}

describe('a rehearsal as a test', () => {
  it('passes where the rollback is proven, is skipped where its author ruled it out, an error where the up fails', () => {
    const states = Object.fromEntries(verdicts.map((verdict) => [verdict, outcome(verdict).state]));
    const { exact, 'order-only': order, 'text-only': text, irreversible, 'up-fails': up, ...others } = states;
    assert.deepEqual([exact, order, text], ['passed', 'passed', 'passed']);
    assert.deepEqual([irreversible, up], ['skipped', 'errored']);
    assert.deepEqual([...new Set(Object.values(others))], ['failed']);
    for (const verdict of verdicts) assert.ok(outcome(verdict).output.includes('A note.'), verdict);
  });

  it('compares the schema before and after, and says what differs and why', () => {
    const { compared, message } = outcome('differs', { differences, error: 'boom' });
    assert.deepEqual(compared, {
      before:
        'table public.users\n  column a type: text\n\nfunction public.f()\n  body:\n    one\n    two\n\nindex public.i\n  is not there\n',
      after:
        'table public.users\n\nfunction public.f()\n  body:\n    one\n    2\n\nindex public.i\n  is there\n',
    });
    assert.match(
      message,
      /\nboom\nDiffers: table public\.users, function public\.f\(\), index public\.i\nA note\.$/,
    );
    assert.equal(outcome('down-fails', { error: 'boom' }).compared, null);
    assert.deepEqual(outcome('text-only', { differences: differences.slice(1, 2) }).output.slice(1), [
      'A note.',
      'function public.f(), body',
    ]);
  });
});

describe('how long ago', () => {
  it('is said in the largest unit', () => {
    const minute = 60_000;
    assert.deepEqual(
      [
        0,
        minute - 1,
        minute,
        2.9 * minute,
        60 * minute,
        150 * minute,
        24 * 60 * minute,
        72 * 60 * minute,
      ].map(ago),
      [
        ...['just now', 'just now', '1 minute ago', '2 minutes ago', '1 hour ago'],
        ...['2 hours ago', '1 day ago', '3 days ago'],
      ],
    );
  });
});

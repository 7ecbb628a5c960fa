import assert from 'node:assert/strict';
import type { Difference } from '../../../src/catalog/compare';
import { verdicts, type MigrationRehearsal, type Verdict } from '../../../src/rehearse/rehearsal';
import { nextStep } from '../../../src/rehearse/verdict-sentence';
import { ago } from '../../../src/workbench/format';
import {
  outputLines,
  testOutcome,
  type TestOutcome,
} from '../../../src/workbench/rehearsal-tests/test-outcome';

const differences: Difference[] = [
  { object: 'table public.users', property: 'column a type', before: 'text', after: null, kind: 'structure' },
  { object: 'function public.f()', property: 'body', before: 'one\ntwo', after: 'one\n2', kind: 'text' },
  { object: 'index public.i', property: 'exists', before: null, after: 'yes', kind: 'structure' },
];

function outcome(verdict: Verdict, changes: Partial<MigrationRehearsal> = {}): TestOutcome {
  return testOutcome(rehearsed(verdict, changes));
}

function rehearsed(verdict: Verdict, changes: Partial<MigrationRehearsal> = {}): MigrationRehearsal {
  return {
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
  };
}

describe('a rehearsal as a test', () => {
  it('passes where the rollback is proven, is skipped where its author ruled it out, an error where the up fails', () => {
    const states = Object.fromEntries(verdicts.map((verdict) => [verdict, outcome(verdict).state]));
    const { exact, 'order-only': order, 'text-only': text, irreversible, 'up-fails': up, ...others } = states;
    assert.deepEqual([exact, order, text], ['passed', 'passed', 'passed']);
    assert.deepEqual([irreversible, up], ['skipped', 'errored']);
    assert.deepEqual([...new Set(Object.values(others))], ['failed']);
  });

  it('says in its first line what is wrong and with what, and last what to do', () => {
    const missing = outcome('differs', { differences: differences.slice(0, 1), error: 'boom' });
    assert.deepEqual(missing.message.split('\n'), [
      'The down does not bring column a type of table public.users back.',
      ...['boom', 'A note.', 'Correct the down, and rehearse it again.'],
    ]);
    const fails = outcome('down-fails', { error: 'boom', notes: [] });
    assert.match(fails.message, /^The down fails: boom\n/);
    const noted = outcome('re-up-fails', { error: 'boom', notes: ['The next up fails: boom'] });
    assert.equal(noted.message.match(/boom/g)!.length, 1);
    for (const verdict of verdicts) {
      const { state, message } = outcome(verdict);
      const isBad = state === 'failed' || state === 'errored';
      assert.equal(message !== '' && nextStep({ verdict }) !== null, isBad, verdict);
    }
  });

  it('has its differences in the output in red and green, and its notes', async () => {
    const [title, ...lines] = await outputLines(rehearsed('differs', { differences }));
    assert.equal(title, '1 a: Differs after down (1 ms)');
    assert.ok(lines.includes('  \u001b[31m  - column a type: text\u001b[0m'), lines.join('\n'));
    assert.ok(lines.includes('  \u001b[32m  + is there\u001b[0m'));
    for (const verdict of verdicts)
      assert.ok((await outputLines(rehearsed(verdict))).includes('  A note.'), verdict);
  });

  it('compares the schema before and after, in lines that fit beside each other', () => {
    assert.deepEqual(outcome('differs', { differences }).compared, {
      before:
        'Before the up:\ntable public.users\n  column a type: text\n\nfunction public.f()\n  body:\n    one\n    two\n\nindex public.i\n  is not there\n',
      after:
        'After the down:\ntable public.users\n  column a type: not there\n\nfunction public.f()\n  body:\n    one\n    2\n\nindex public.i\n  is there\n',
    });
    assert.equal(outcome('down-fails', { error: 'boom' }).compared, null);
    assert.match(outcome('re-up-differs', { differences }).compared!.after, /^After the second up:\n/);
    const long = `CREATE INDEX ${'some_index_'.repeat(4)} ON public.users USING btree (lower(email)) WHERE a > 1`;
    const index = { ...differences[0]!, property: 'index some', before: long };
    const { before } = outcome('differs', { differences: [index] }).compared!;
    const [side, table, property, ...values] = before.trimEnd().split('\n');
    assert.deepEqual([side, table, property], ['Before the up:', 'table public.users', '  index some:']);
    assert.equal(values.map((line) => line.trim()).join(' '), long);
    for (const line of values.slice(1)) assert.ok(line.length <= 50, line);
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

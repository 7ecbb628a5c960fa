import assert from 'node:assert/strict';
import { Rounds } from '../../../src/workbench/rehearsal-tests/rounds';

/** Rounds that end when they are told to. */
function recorded(): {
  rounds: Rounds;
  begun: string[];
  errors: unknown[];
  end: (error?: Error) => Promise<void>;
} {
  const begun: string[] = [];
  const errors: unknown[] = [];
  let settle: ((error?: Error) => void) | null = null;
  const rounds = new Rounds(
    (error) => errors.push(error),
    (files, signal) => {
      begun.push(files.join(' '));
      signal.addEventListener('abort', () => begun.push('stopped'));
      return new Promise((resolve, reject) => (settle = (error) => (error ? reject(error) : resolve())));
    },
  );
  const end = async (error?: Error): Promise<void> => {
    settle!(error);
    await new Promise(setImmediate);
  };
  return { rounds, begun, errors, end };
}

describe('rehearsals as files are saved', () => {
  it('go one after the other, with what was saved meanwhile; a file saved again ends its round', async () => {
    const { rounds, begun, end } = recorded();
    for (const file of ['a', 'b', 'c', 'b']) rounds.add(file);
    assert.deepEqual(begun, ['a']);
    await end();
    assert.deepEqual(begun, ['a', 'b c']);
    rounds.add('c');
    assert.deepEqual(begun, ['a', 'b c', 'stopped']);
    await end();
    assert.deepEqual(begun, ['a', 'b c', 'stopped', 'c']);
  });

  it('go on after one that failed, and no more once stopped', async () => {
    const { rounds, begun, errors, end } = recorded();
    rounds.add('a');
    rounds.add('b');
    await end(new Error('it failed'));
    assert.deepEqual([begun, errors.length], [['a', 'b'], 1]);
    rounds.add('c');
    rounds.stop();
    await end();
    rounds.add('d');
    assert.deepEqual(begun, ['a', 'b', 'stopped']);
  });
});

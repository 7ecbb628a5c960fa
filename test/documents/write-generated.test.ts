import assert from 'node:assert/strict';
import { emitRegion } from '../../src/documents/regions';
import { generatedHash, planWrites, type PlannedWrite } from '../../src/documents/write-generated';

async function plan(text: string, onDisk: string | null, previous: string | null): Promise<PlannedWrite> {
  const [write] = await planWrites(
    [{ path: '/a.md', text }],
    new Map([['/a.md', onDisk]]),
    new Map(previous === null ? [] : [['/a.md', generatedHash(previous)]]),
  );
  return write!;
}

describe('writing generated files', () => {
  it('creates, leaves identical output alone, replaces what nobody edited', async () => {
    assert.equal((await plan('new', null, null)).action, 'create');
    assert.equal((await plan('same\n', 'same\r\n', null)).action, 'unchanged');
    assert.equal((await plan('new', 'old', 'old')).action, 'replace');
  });

  it('leaves an edited file alone while there is nothing new to write', async () => {
    assert.deepEqual(await plan('old', 'mine', 'old'), { action: 'unchanged', path: '/a.md', edited: true });
  });

  it('never overwrites an edited file: it offers a diff and a merge', async () => {
    const before = `words\n${emitRegion('a', 'one')}\n`;
    const write = await plan(`words\n${emitRegion('a', 'two')}\n`, before.replace('words', 'mine'), before);
    assert.equal(write.action, 'conflict');
    assert.ok(write.action === 'conflict');
    assert.match(write.diff, /-mine\n[^]*\+words\n/);
    assert.match(write.merged, /^mine\n/);
    assert.match(write.merged, /\ntwo\n/);
  });

  it('takes a file it never wrote for edited', async () => {
    assert.equal((await plan('new', 'theirs', null)).action, 'conflict');
  });

  it('does not count the front matter as an edit', async () => {
    assert.equal((await plan('---\na: 1\n---\nbody\n', '---\na: 2\n---\nbody\n', null)).action, 'unchanged');
  });
});

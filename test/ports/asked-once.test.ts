import assert from 'node:assert/strict';
import path from 'node:path';
import { filesAskedOnce, madeOf } from '../../src/ports/asked-once';
import { memoryFiles } from '../support/memory-files';

describe('files asked once', () => {
  const file = path.resolve('/w/a.sql');

  it('give the answer they gave, until one looks anew', async () => {
    const files = memoryFiles({ [file]: 'one' });
    const once = filesAskedOnce(files);
    assert.equal(await once.readIfExists(file), 'one');
    await files.write(file, 'two');
    assert.equal(await once.readIfExists(file), 'one');
    assert.equal(await filesAskedOnce(files).readIfExists(file), 'two');
  });

  it('make of a text what is made of it once, for each that makes something', () => {
    const files = memoryFiles({});
    const made: string[] = [];
    const length = (text: string): number => {
      made.push(text);
      return text.length;
    };
    const twice = (text: string): string => text + text;
    const once = filesAskedOnce(files);
    for (const text of ['one', 'three', 'one']) assert.equal(madeOf(once, text, length), text.length);
    assert.equal(madeOf(once, 'one', twice), 'oneone');
    assert.deepEqual(made, ['one', 'three']);
    madeOf(files, 'one', length);
    madeOf(files, 'one', length);
    assert.equal(made.length, 4);
  });
});

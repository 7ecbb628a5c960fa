import assert from 'node:assert/strict';
import fc from 'fast-check';
import { wrapText } from '../../src/workbench/wrap-text';

describe('wrapping a question', () => {
  it('breaks at spaces and keeps its own line breaks', () => {
    assert.deepEqual(wrapText('one two three\nfour', 7), ['one two', 'three', 'four']);
  });

  it('loses no word', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }),
        fc.integer({ min: 1, max: 30 }),
        (words, width) => {
          assert.equal(wrapText(words.join(' '), width).join(' '), words.join(' '));
        },
      ),
    );
  });
});

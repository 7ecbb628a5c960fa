import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import ts from 'typescript';
import { scriptComment, scriptString } from '../../src/templates/script-text';

const pieces = [
  '`',
  '${',
  '}',
  '\\',
  '\\`',
  '\n',
  '\r',
  '\r\n',
  '\u2028',
  '\u2029',
  '*/',
  '//',
  "'",
  '𝒙',
  '\0',
  '1',
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'grapheme', maxLength: 3 })), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

describe('text inside TypeScript and JavaScript', () => {
  it('a string is read as exactly that text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        assert.equal(runInNewContext(`'use strict'; ${scriptString(text)}`), text);
        assert.equal(runInNewContext(`'use strict'; ${scriptString(`${text}0`)}`), `${text}0`);
      }),
      { numRuns: 500 },
    );
  });

  it('a comment holds no statement', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const source = ts.createSourceFile('x.ts', `${scriptComment(text)}\nlast;`, ts.ScriptTarget.ES2022);
        assert.equal(source.statements.length, 1, JSON.stringify(text));
      }),
      { numRuns: 500 },
    );
  });
});

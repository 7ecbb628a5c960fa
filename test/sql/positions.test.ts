import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TextPositions } from '../../src/sql/positions';

const piece = fc.constantFrom(
  'a',
  'é',
  'ß',
  '漢',
  '🎉',
  '𝒳',
  '\n',
  '\r\n',
  '\r',
  '\uFEFF',
  ' ',
  "'",
  ';',
  'select',
);
const texts = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(''));

describe('sql/positions', () => {
  it('converts bytes and code points of every character back to its UTF-16 offset', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const positions = new TextPositions(text);
        let unit = 0;
        let count = 0;
        for (const character of text) {
          assert.equal(positions.fromBytes(Buffer.byteLength(text.slice(0, unit), 'utf8')), unit);
          assert.equal(positions.fromCodePoints(count), unit);
          unit += character.length;
          count += 1;
        }
        assert.equal(positions.fromBytes(Buffer.byteLength(text, 'utf8')), text.length);
        assert.equal(positions.fromCodePoints(count), text.length);
      }),
    );
  });

  it('never points into the middle of a character', () => {
    fc.assert(
      fc.property(texts, fc.nat(200), (text, byte) => {
        const offset = new TextPositions(text).fromBytes(byte);
        assert.ok(!/[\uDC00-\uDFFF]/.test(text[offset] ?? ''));
      }),
    );
  });

  it('gives the line and column an editor shows, and finds its way back', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const positions = new TextPositions(text);
        for (let offset = 0; offset <= text.length; offset++) {
          const { line, column } = positions.at(offset);
          const before = text.slice(0, offset);
          // A place between CR and LF belongs to the line they end.
          const ended = before.endsWith('\r') && text[offset] === '\n' ? before.slice(0, -1) : before;
          const lines = ended.split(/\r\n|\n|\r/);
          assert.equal(line, lines.length);
          assert.equal(column, offset - (ended.length - lines.at(-1)!.length) + 1);
          assert.equal(positions.offsetOf(line, column), offset);
        }
      }),
    );
  });

  it('moves offsets outside the text to its ends', () => {
    const positions = new TextPositions('ab\nc');
    assert.deepEqual(positions.at(-5), { offset: 0, line: 1, column: 1 });
    assert.deepEqual(positions.at(99), { offset: 4, line: 2, column: 2 });
    assert.equal(positions.fromBytes(99), 4);
    assert.equal(new TextPositions('é').fromCodePoints(99), 1);
  });
});

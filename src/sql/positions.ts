import type { Position } from './statement';

/**
 * Places of one text in its three units: UTF-8 bytes (the parser's tree), code points (errors of
 * the parser and of the server) and UTF-16 units (JavaScript, VS Code). Tables are built on first use.
 */
export class TextPositions {
  private lines: number[] | null = null;
  private bytes: Uint32Array | null = null;
  private codePoints: Uint32Array | null = null;
  private ascii: boolean | null = null;

  constructor(readonly text: string) {}

  /** Line and column, from 1, of a UTF-16 offset; offsets outside the text are moved to its ends. */
  at(offset: number): Position {
    const place = Math.min(Math.max(offset, 0), this.text.length);
    this.lines ??= lineStarts(this.text);
    let low = 0;
    let high = this.lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lines[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    return { offset: place, line: low + 1, column: place - this.lines[low]! + 1 };
  }

  /** The UTF-16 offset of a line and column (from 1); a column past the line's end gives the line's end. */
  offsetOf(line: number, column: number): number {
    this.lines ??= lineStarts(this.text);
    const index = Math.min(Math.max(line, 1), this.lines.length) - 1;
    const end = this.lines[index + 1] ?? this.text.length;
    return Math.min(this.lines[index]! + Math.max(column, 1) - 1, end);
  }

  /** UTF-16 offset of a UTF-8 byte offset; a byte inside a character gives the character's start. */
  fromBytes(byte: number): number {
    if (this.isAscii) return clamp(byte, this.text.length);
    this.bytes ??= byteTable(this.text);
    return this.bytes[clamp(byte, this.bytes.length - 1)]!;
  }

  /** UTF-16 offset of the code point counted from 0. */
  fromCodePoints(codePoint: number): number {
    if (this.isAscii) return clamp(codePoint, this.text.length);
    this.codePoints ??= codePointTable(this.text);
    return this.codePoints[clamp(codePoint, this.codePoints.length - 1)]!;
  }

  /** True when the three units are the same. */
  get isAscii(): boolean {
    return (this.ascii ??= /^[\0-\x7f]*$/.test(this.text));
  }
}

function clamp(value: number, maximum: number): number {
  return Math.min(Math.max(value, 0), maximum);
}

/** Lines end with LF, CRLF or a lone CR, as in VS Code. */
function lineStarts(text: string): number[] {
  const starts = [0];
  const pattern = /\r\n|\n|\r/g;
  while (pattern.exec(text)) starts.push(pattern.lastIndex);
  return starts;
}

function byteTable(text: string): Uint32Array {
  const table = new Uint32Array(Buffer.byteLength(text, 'utf8') + 1);
  let byte = 0;
  let unit = 0;
  for (const character of text) {
    const size = byteLength(character.codePointAt(0)!);
    table.fill(unit, byte, byte + size);
    byte += size;
    unit += character.length;
  }
  table[byte] = unit;
  return table;
}

function byteLength(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

function codePointTable(text: string): Uint32Array {
  const table = new Uint32Array(text.length + 1);
  let count = 0;
  let unit = 0;
  for (const character of text) {
    table[count++] = unit;
    unit += character.length;
  }
  table[count] = unit;
  return table.slice(0, count + 1);
}

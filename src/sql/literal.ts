import type { Lexeme } from './lexer';
import { MappedText, type Replacement } from './mapped-text';

/** The value of a string constant, and where each of its characters stands in the text. */
export interface Literal {
  value: string;
  /** The offset in the text of an offset in `value`. */
  startOf(offset: number): number;
  endOf(offset: number): number;
  /** Whether the value stands in the text as it is, character for character. */
  verbatim: boolean;
}

/**
 * Reads a closed string constant: dollar-quoted, quoted, or with E escapes
 * (https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS). Null for U& constants.
 */
export function readLiteral(text: string, lexeme: Lexeme): Literal | null {
  if (!lexeme.closed) return null;
  if (lexeme.kind === 'dollar-string') {
    const tag = text.indexOf('$', lexeme.start + 1) + 1 - lexeme.start;
    return literal(text, lexeme.start + tag, lexeme.end - tag, []);
  }
  if (lexeme.kind !== 'string') return null;
  const before = text.slice(Math.max(0, lexeme.start - 2), lexeme.start);
  if (/u&$/i.test(before)) return null;
  const escapes = /(?:^|[^A-Za-z0-9_$\u0080-\uffff])e$/i.test(before);
  return literal(text, lexeme.start + 1, lexeme.end - 1, replacements(text, lexeme, escapes));
}

function literal(text: string, from: number, to: number, replaced: readonly Replacement[]): Literal {
  const mapped = new MappedText(
    text.slice(from, to),
    replaced.map((each) => ({ ...each, start: each.start - from, end: each.end - from })),
  );
  return {
    value: mapped.text,
    startOf: (offset) => mapped.startOf(offset) + from,
    endOf: (offset) => mapped.endOf(offset) + from,
    verbatim: replaced.length === 0,
  };
}

function replacements(text: string, lexeme: Lexeme, escapes: boolean): Replacement[] {
  const pattern = escapes
    ? /''|'\s*'|\\(?:x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[0-7]{1,3}|[^])/g
    : /''/g;
  const found: Replacement[] = [];
  pattern.lastIndex = lexeme.start + 1;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const end = pattern.lastIndex;
    if (end > lexeme.end - 1) break;
    const sign = match[0];
    // Two constants with only a line break between them are one.
    const value = sign === "''" ? "'" : sign.startsWith("'") ? '' : unescaped(sign.slice(1));
    found.push({ start: match.index, end, text: value });
  }
  return found;
}

function unescaped(escape: string): string {
  const simple = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }[escape];
  if (simple !== undefined) return simple;
  const code = /^[xuU]/.test(escape)
    ? parseInt(escape.slice(1), 16)
    : /^[0-7]/.test(escape)
      ? parseInt(escape, 8) & 0xff
      : NaN;
  return Number.isNaN(code) || code > 0x10ffff ? escape : String.fromCodePoint(code);
}

/** What one stretch of SQL text is. `code` is everything that is not quoted and not a comment. */
export type LexemeKind = 'code' | 'comment' | 'string' | 'identifier' | 'dollar-string';

/** A stretch of text, in UTF-16 offsets, `end` exclusive. */
export interface Lexeme {
  kind: LexemeKind;
  start: number;
  end: number;
  /** False when the text ended before the quote or comment did. */
  closed: boolean;
}

/**
 * Cuts text, from `from` on, into code, comments and quoted stretches by PostgreSQL's lexical rules
 * (https://www.postgresql.org/docs/current/sql-syntax-lexical.html). It never fails. Code is cut behind semicolons,
 * and before lines of psql, too where that is asked for: whoever stops at one then has not read further.
 */
export function* lexemes(text: string, from = 0, cut?: 'semicolons'): Generator<Lexeme, void, undefined> {
  const opener = cut
    ? /;|\n(?=\\)|--|\/\*|'|"|\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/g
    : /--|\/\*|'|"|\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/g;
  let codeStart = from;
  opener.lastIndex = from;
  for (let match = opener.exec(text); match; match = opener.exec(text)) {
    const start = match.index;
    const sign = match[0];
    if (sign.startsWith('$') && isIdentifierCharacter(text[start - 1])) {
      // `a$b$c` is one identifier: its dollar signs open nothing.
      opener.lastIndex = start + 1;
      continue;
    }
    if (sign === ';' || sign === '\n') {
      yield { kind: 'code', start: codeStart, end: start + 1, closed: true };
      codeStart = start + 1;
      continue;
    }
    if (start > codeStart) yield { kind: 'code', start: codeStart, end: start, closed: true };
    const lexeme = quoted(text, start, sign);
    yield lexeme;
    codeStart = lexeme.end;
    opener.lastIndex = lexeme.end;
  }
  if (codeStart < text.length) yield { kind: 'code', start: codeStart, end: text.length, closed: true };
}

function quoted(text: string, start: number, sign: string): Lexeme {
  if (sign === '--') {
    const length = text.slice(start).search(/[\r\n]/);
    return { kind: 'comment', start, end: length < 0 ? text.length : start + length, closed: true };
  }
  if (sign === '/*') return blockComment(text, start);
  if (sign === '"') return closeAt(text, 'identifier', start, /""|"/g, start + 1);
  if (sign === "'") return stringLiteral(text, start);
  const end = text.indexOf(sign, start + sign.length);
  return end < 0
    ? { kind: 'dollar-string', start, end: text.length, closed: false }
    : { kind: 'dollar-string', start, end: end + sign.length, closed: true };
}

/** Block comments nest in PostgreSQL. */
function blockComment(text: string, start: number): Lexeme {
  const pattern = /\/\*|\*\//g;
  pattern.lastIndex = start + 2;
  let depth = 1;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return { kind: 'comment', start, end: pattern.lastIndex, closed: true };
  }
  return { kind: 'comment', start, end: text.length, closed: false };
}

function stringLiteral(text: string, start: number): Lexeme {
  const escapes = /[eE]/.test(text[start - 1] ?? '') && !isIdentifierCharacter(text[start - 2]);
  let from = start + 1;
  for (;;) {
    const part = closeAt(text, 'string', start, escapes ? /\\[^]?|''|'/g : /''|'/g, from);
    if (!part.closed) return part;
    // Literals on two lines are one literal, and keep the first one's escape rules.
    const continued = escapes ? /^[ \t\f\v]*[\r\n]\s*'/.exec(text.slice(part.end, part.end + 400)) : null;
    if (!continued) return part;
    from = part.end + continued[0].length;
  }
}

/** Ends at the first match that is a single quote sign: doubled and escaped ones are longer. */
function closeAt(text: string, kind: LexemeKind, start: number, pattern: RegExp, from: number): Lexeme {
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    if (match[0].length > 1 || match[0] === '\\') continue;
    return { kind, start, end: pattern.lastIndex, closed: true };
  }
  return { kind, start, end: text.length, closed: false };
}

function isIdentifierCharacter(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z0-9_$\u0080-\uffff]/.test(character);
}

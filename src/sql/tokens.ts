import { lexemes } from './lexer';

/** One token of SQL text, in UTF-16 offsets. Comments and blanks are no tokens. */
export interface Token {
  /** As written; a word or a sign. Quoted stretches are one token. */
  text: string;
  kind: 'word' | 'sign' | 'quoted';
  start: number;
  end: number;
}

/** The tokens from `from` on. */
export function* tokens(text: string, from = 0): Generator<Token, void, undefined> {
  for (const lexeme of lexemes(text, from)) {
    if (lexeme.kind === 'comment') continue;
    if (lexeme.kind !== 'code') {
      yield {
        text: text.slice(lexeme.start, lexeme.end),
        kind: 'quoted',
        start: lexeme.start,
        end: lexeme.end,
      };
      continue;
    }
    const pattern = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*|\d[\w.]*|[^\s]/g;
    const code = text.slice(lexeme.start, lexeme.end);
    for (const match of code.matchAll(pattern)) {
      const start = lexeme.start + match.index;
      const kind = /^[A-Za-z_\u0080-\uffff]/.test(match[0]) ? 'word' : 'sign';
      yield { text: match[0], kind, start, end: start + match[0].length };
    }
  }
}

/** The places of the names of a dotted name that starts at `offset`. */
export function dottedNameAt(text: string, offset: number): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  let expectName = true;
  for (const token of tokens(text, offset)) {
    if (expectName) {
      if (token.kind === 'sign' && token.text !== '*') break;
      parts.push({ start: token.start, end: token.end });
    } else if (token.text !== '.') break;
    expectName = !expectName;
  }
  return parts;
}

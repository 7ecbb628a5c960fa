import { lexemes } from '../sql/lexer';

/** Languages in which white space and case outside of quotes mean nothing. */
const freeLanguages = new Set(['sql', 'plpgsql']);

/** True when two bodies differ at most in white space, comments and the case of unquoted words. */
export function saysTheSame(one: string, other: string, language: string | null): boolean {
  if (one === other) return true;
  return freeLanguages.has(language ?? '') && canonicalBody(one) === canonicalBody(other);
}

function canonicalBody(body: string): string {
  const words: string[] = [];
  for (const lexeme of lexemes(body)) {
    const part = body.slice(lexeme.start, lexeme.end);
    if (lexeme.kind === 'comment') continue;
    if (lexeme.kind === 'code') words.push(...(part.toLowerCase().match(/[\p{L}\p{N}_$]+|\S/gu) ?? []));
    else words.push(part);
  }
  return JSON.stringify(words);
}

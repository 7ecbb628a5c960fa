import { lexemes } from './lexer';

/**
 * The text behind the first occurrence of some words, which stand one after the other outside quotes and comments:
 * `textAfter('... set default 1', ['set', 'default'])` is ` 1`. Null where they do not occur.
 */
export function textAfter(text: string, words: readonly string[]): string | null {
  const match = wordsPattern(words).exec(codeOnly(text));
  return match ? text.slice(match.index + match[0].length) : null;
}

/** The text before them; the whole text where they do not occur. */
export function textBefore(text: string, words: readonly string[]): string {
  const match = wordsPattern(words).exec(codeOnly(text));
  return match ? text.slice(0, match.index) : text;
}

/** What stands in the first pair of parentheses, without them; null where there is none. */
export function inParentheses(text: string): string | null {
  const code = codeOnly(text);
  const start = code.indexOf('(');
  let depth = 0;
  for (let at = start; at >= 0 && at < code.length; at += 1) {
    if (code[at] === '(') depth += 1;
    if (code[at] === ')') depth -= 1;
    if (depth === 0) return text.slice(start + 1, at);
  }
  return null;
}

/** Whether it holds a comment. */
export function hasComment(text: string): boolean {
  return [...lexemes(text)].some((lexeme) => lexeme.kind === 'comment');
}

function wordsPattern(words: readonly string[]): RegExp {
  return new RegExp(`(?<![\\w$])${words.join('\\s+')}(?![\\w$])`, 'i');
}

/** The text with what is quoted or commented out blanked, at the same offsets. */
function codeOnly(text: string): string {
  return [...lexemes(text)]
    .map(({ kind, start, end }) => {
      const part = text.slice(start, end);
      if (kind === 'code') return part;
      return (kind === 'comment' ? ' ' : '\u0001').repeat(part.length);
    })
    .join('');
}

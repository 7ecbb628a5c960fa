import { tokens } from '../../sql/tokens';

/** The statement's text with something put in behind the first such word outside quotes and comments. */
export function afterWord(text: string, word: string, addition: string): string {
  const place = wordPlace(text, word);
  return place === null ? text : text.slice(0, place.end) + addition + text.slice(place.end);
}

/** Where the first such word outside quotes and comments stands; null where it does not. */
export function wordPlace(text: string, word: string, from = 0): { start: number; end: number } | null {
  for (const token of tokens(text, from)) {
    if (token.kind === 'word' && token.text.toLowerCase() === word)
      return { start: token.start, end: token.end };
  }
  return null;
}

/** A statement with its semicolon and, where nothing else stands on them, its lines. */
export function wholeLines(sql: string, from: number, to: number): { start: number; end: number } {
  const semicolon = /^\s*;/.exec(sql.slice(to));
  let end = to + (semicolon?.[0].length ?? 0);
  let lineStart = from;
  while (lineStart > 0 && (sql[lineStart - 1] === ' ' || sql[lineStart - 1] === '\t')) lineStart -= 1;
  const after = /^[ \t]*(?:\r?\n|$)/.exec(sql.slice(end));
  const aloneBefore = lineStart === 0 || sql[lineStart - 1] === '\n';
  if (!after || !aloneBefore) return { start: from, end };
  end += after[0].length;
  return { start: lineStart, end };
}

/** The lines of comments right above a statement, which speak of it; null for none. Marks, ours and those of tools, are none. */
export function commentsAbove(
  sql: string,
  previousEnd: number,
  start: number,
): { start: number; text: string } | null {
  const found =
    /(?:^|\n)((?:[ \t]*--(?![ \t]*(?:switchback:|[+!>]|(?:changeset|rollback|liquibase)\b))[^\n]*\n)+)[ \t]*$/.exec(
      sql.slice(previousEnd, start),
    );
  if (!found) return null;
  const text = found[1]!;
  const from = previousEnd + found.index + (found[0].startsWith('\n') ? 1 : 0);
  // A comment behind the previous statement, on its line, is about that one.
  if (from !== 0 && sql[from - 1] !== '\n') return null;
  return { start: from, text };
}

import { lexemes } from './lexer';
import type { TextPositions } from './positions';
import type { SqlComment } from './statement';

/** The comments of a script: found in `text`, which has the length of `original`, whose words they have. */
export function commentsOf(original: string, text: string, positions: TextPositions): SqlComment[] {
  const comments: SqlComment[] = [];
  for (const lexeme of lexemes(text)) {
    if (lexeme.kind !== 'comment') continue;
    comments.push({
      text: original.slice(lexeme.start, lexeme.end),
      start: positions.at(lexeme.start),
      end: positions.at(lexeme.end),
    });
  }
  return comments;
}

/** The stretch from `start` to `end` without the blanks and comments at both ends. */
export function trimmed(
  text: string,
  comments: readonly SqlComment[],
  start: number,
  end: number,
): { start: number; end: number } {
  let from = start;
  let to = end;
  for (;;) {
    while (from < to && /\s/.test(text[from]!)) from++;
    const comment = commentAt(comments, 'start', from);
    if (!comment || comment.end.offset > to) break;
    from = comment.end.offset;
  }
  for (;;) {
    while (to > from && /[\s;]/.test(text[to - 1]!)) to--;
    const comment = commentAt(comments, 'end', to);
    if (!comment || comment.start.offset < from) break;
    to = comment.start.offset;
  }
  return { start: from, end: to };
}

function commentAt(
  comments: readonly SqlComment[],
  side: 'start' | 'end',
  offset: number,
): SqlComment | undefined {
  let low = 0;
  let high = comments.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const place = comments[middle]![side].offset;
    if (place === offset) return comments[middle];
    if (place < offset) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

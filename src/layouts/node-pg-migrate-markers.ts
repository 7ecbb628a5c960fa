import type { Direction } from './layout';

/** Where a comment of the tool is; the blank lines before it are part of it, as for the tool. */
export interface Marker {
  start: number;
  /** Exclusive. */
  end: number;
}

const words: Record<Direction, RegExp> = { up: /up\s+migration/gi, down: /down\s+migration/gi };

/**
 * The first place that the tool's `^\s*--[\s-]*up\s+migration` matches (flags i and m), or the one of `down`. Put as one
 * expression it would read long stretches of blanks again from each of their lines.
 */
export function markerOf(text: string, direction: Direction): Marker | null {
  for (const match of text.matchAll(words[direction])) {
    const start = commentBefore(text, match.index);
    if (start !== null) return { start, end: match.index + match[0].length };
  }
  return null;
}

/** The first line of blanks and dashes before a place that two dashes follow; null where something else is there. */
function commentBefore(text: string, place: number): number | null {
  let first = place;
  while (first > 0 && /[\s-]/.test(text[first - 1]!)) first -= 1;
  for (const { index, 1: blanks } of text.slice(first, place).matchAll(/(?<!\s)(\s*)--/g)) {
    if (first + index === 0) return 0;
    const lineEnd = blanks!.search(/[\n\r\u2028\u2029]/);
    if (lineEnd >= 0) return first + index + lineEnd + 1;
  }
  return null;
}

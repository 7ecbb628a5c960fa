import { TextPositions } from './positions';

/** Where the parser stumbled, as a UTF-16 offset; null where it does not say. */
export function cursorOf(error: unknown, text: string): number | null {
  const cursor = (error as { sqlDetails?: { cursorPosition?: number } }).sqlDetails?.cursorPosition ?? -1;
  return cursor < 0 ? null : new TextPositions(text).fromCodePoints(cursor);
}

/** The token the parser stumbled over, in UTF-16 offsets of the text it was given. */
export function errorPlace(text: string, error: unknown): { start: number; end: number } {
  const start = cursorOf(error, text);
  if (start === null) return { start: 0, end: text.length };
  const token = /^(?:[\p{L}_][\p{L}\p{N}_$]*|\d+|\S)/u.exec(text.slice(start));
  return { start, end: start + (token?.[0].length ?? 0) };
}

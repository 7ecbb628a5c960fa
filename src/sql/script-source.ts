import type { Gap } from './fill-placeholders';
import type { MappedText } from './mapped-text';
import { TextPositions } from './positions';

/** A statement as the parser gives it, its place in bytes. */
export interface Raw {
  stmt: Record<string, unknown>;
  stmt_location?: number;
  stmt_len?: number;
}

/** A text that was parsed, and where its places are in the script. */
export interface Source {
  text: string;
  positions: TextPositions;
  startOf(offset: number): number;
  endOf(offset: number): number;
  /** The end of what was parsed, in the script. */
  end: number;
  placeholders: string[];
  /** Its places are the script's already. */
  identical: boolean;
}

/** A stretch of the script as it stands, from `base` to `end`. */
export function sourceOf(text: string, positions: TextPositions, base: number, end: number): Source {
  const at = (offset: number): number => offset + base;
  const identical = base === 0 && positions.isAscii;
  return { text, positions, startOf: at, endOf: at, end, placeholders: [], identical };
}

/** A stretch of the script that was parsed with stand-ins for its gaps. */
export function filledSource(
  filled: MappedText,
  { start, end }: { start: number; end: number },
  gaps: readonly Gap[],
): Source {
  const { text } = filled;
  return {
    text,
    positions: new TextPositions(text),
    startOf: (offset) => filled.startOf(offset) + start,
    endOf: (offset) => filled.endOf(offset) + start,
    end,
    identical: false,
    placeholders: [...new Set(gaps.filter((gap) => gap.value === undefined).map((gap) => gap.text))],
  };
}

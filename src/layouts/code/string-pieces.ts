import { blank, gap, type EmbeddedSql } from './embedded-sql';
import { stringText } from './string-text';

/** A stretch of a string in a program. */
export interface StringPiece {
  /** Text with escape sequences, text of which only backslashes and quotes are escaped, text as it is; or a value put in. */
  kind: 'escaped' | 'quoted' | 'raw' | 'value';
  start: number;
  /** Exclusive. */
  end: number;
}

/**
 * The SQL that pieces of strings say together, in their order in the program. `read` gives what a tool makes of their
 * text, just as long. Null where there is no text among them.
 */
export function sqlOfPieces(
  source: string,
  pieces: readonly StringPiece[],
  read: (sql: string) => string = (sql) => sql,
): EmbeddedSql | null {
  const first = pieces[0];
  const last = pieces.at(-1);
  if (!first || !last || pieces.every(({ kind }) => kind === 'value')) return null;
  const parts: string[] = [];
  let place = first.start;
  for (const piece of pieces) {
    // What another name for it said before is not told twice.
    if (piece.start < place) continue;
    parts.push(blank(source.slice(place, piece.start)), textOf(piece, source.slice(piece.start, piece.end)));
    place = piece.end;
  }
  // The sign that closes the string is where the statement ends.
  return { start: first.start, end: last.end + 1, text: `${read(parts.join(''))};` };
}

function textOf({ kind }: StringPiece, written: string): string {
  switch (kind) {
    case 'escaped':
      return stringText(written);
    case 'quoted':
      return quotedText(written);
    case 'raw':
      return written;
    case 'value':
      return standIn(written);
  }
}

/** As `stringText`, of a string in which only backslashes and single quotes are escaped. */
function quotedText(written: string): string {
  let isOpen = false;
  return written.replace(/\\([\\'])/g, (_, escaped: string) => {
    if (escaped !== "'") return `${escaped} `;
    isOpen = !isOpen;
    // The blank goes outside of what the quotes hold.
    return isOpen ? " '" : "' ";
  });
}

/** What stands for a value in SQL, as long as it is written: where there is room, what the parser knows as such. */
export function standIn(written: string): string {
  return written.length < 4 && /^.+$/.test(written) ? 'x'.repeat(written.length) : gap(written);
}

/**
 * Pieces of one string and of what is added to it. A value takes the quotes and signs around it too, so that there is
 * room for what stands for it.
 */
export function besides(left: StringPiece[], right: StringPiece[]): StringPiece[] {
  const last = left.at(-1);
  const first = right[0];
  if (last && first && first.start >= last.end && first.kind !== last.kind) {
    if (first.kind === 'value') first.start = last.end;
    else if (last.kind === 'value') last.end = first.start;
  }
  return [...left, ...right];
}

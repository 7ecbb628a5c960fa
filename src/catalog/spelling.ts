import type { Difference } from './compare';

/**
 * Whether two servers of different versions may have spelled the same definition: they put parentheses, blanks and the names
 * of tables before columns in other places.
 */
export function isSpelling({ property, before, after }: Difference): boolean {
  if (
    before === null ||
    after === null ||
    !/(?:^|\s)(?:definition|default|using|with check|generated)$/.test(property)
  )
    return false;
  return plain(before) === plain(after);
}

/** Inside quotes everything counts. */
function plain(text: string): string {
  return text
    .split(/('(?:[^']|'')*')/)
    .map((piece, index) =>
      index % 2 === 1
        ? piece
        : piece.replaceAll(/(?:"(?:[^"]|"")*"|\b[a-z_][\w$]*)\s*\.\s*/gi, '').replaceAll(/[\s()]+/g, ''),
    )
    .join('')
    .toLowerCase();
}

import { formatIdentifier } from '../../sql/identifier';

/** `schema.table.column`, each quoted where needed. */
export function nameOf({ relation }: { relation: string }, column: string): string {
  return `${relation}.${formatIdentifier(column)}`;
}

/** The three names of `schema.table."Column"`; null for anything else. */
export function partsOf(written: string): string[] | null {
  const part = /\s*(?:"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*))\s*(\.|$)/uy;
  const parts: string[] = [];
  for (let end = false; !end;) {
    const match = part.exec(written);
    if (!match) return null;
    parts.push(match[1] !== undefined ? match[1].replaceAll('""', '"') : match[2]!.toLowerCase());
    end = match[3] === '';
  }
  return parts.length === 3 ? parts : null;
}

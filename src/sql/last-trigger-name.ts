import { fittingName } from './free-name';

/**
 * A trigger name that sorts after `existing`, all others of the table: triggers of one kind fire in the byte order of
 * their names, and the dual write has to see what the others did. null when no such name can be made.
 * https://www.postgresql.org/docs/current/sql-createtrigger.html
 */
export function lastTriggerName(
  stem: string,
  existing: readonly string[],
  partitioned: boolean,
): string | null {
  // Partitions may have triggers of their own, whose names are not known here: their names rarely start with "~".
  const prefixes = partitioned ? ['~', '\u{10FFFD}'] : ['zzz_', '~', '\u{10FFFD}'];
  const candidates = prefixes.map((prefix) => fittingName(`${prefix}${stem}`, ''));
  return candidates.find((name) => existing.every((other) => compareBytes(other, name) < 0)) ?? null;
}

function compareBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left, 'utf8'), Buffer.from(right, 'utf8'));
}

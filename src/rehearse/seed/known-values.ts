import type { SeedColumn, SeedType } from './seed-facts';

/** Values that a type was seen to take, by its name and how many were wanted: they need not be asked for again. */
export type KnownValues = Map<string, readonly string[]>;

/** Types that come with the server (their oids are below 10000) are the same in every database. */
const firstOtherOid = 10_000;

/** The key of a column's values; null where they depend on more than its type. */
export function knownKey(
  column: SeedColumn,
  type: SeedType | undefined,
  checks: readonly string[],
  rows: number,
): string | null {
  const same = type?.kind === 'b' && Number(type.oid) < firstOtherOid && checks.length === 0;
  return same ? `${rows} ${column.typeName}` : null;
}

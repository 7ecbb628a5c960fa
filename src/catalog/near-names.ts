/** At most three of `candidates` that `wanted` may be a misspelling of, nearest first. */
export function nearNames(wanted: string, candidates: readonly string[]): string[] {
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  return [...new Set(candidates)]
    .map((name) => ({ name, distance: closeness(wanted, name) }))
    .filter(({ distance }) => distance <= limit)
    .sort((one, other) => one.distance - other.distance || one.name.localeCompare(other.name, 'en'))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** A name that contains the other, or differs only in case, is nearer than any misspelling. */
function closeness(wanted: string, name: string): number {
  const one = wanted.toLowerCase();
  const other = name.toLowerCase();
  if (one === other) return 0;
  if (one.length > 2 && (other.includes(one) || one.includes(other)) && other.length > 2) return 1;
  return editDistance(one, other);
}

/** Insertions, deletions and replacements from one text to the other (Levenshtein). */
export function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, replaced));
    }
    row = next;
  }
  return row[other.length]!;
}

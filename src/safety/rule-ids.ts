import { fileRuleIds } from './file-rule-ids';
import { rules } from './rules/index';

/** Every id that a finding can have, a suppression can name and a configuration can give a level. */
export function knownRuleIds(): string[] {
  return [...rules.map((rule) => rule.id), ...fileRuleIds].sort();
}

/** The known id that looks most like a wrong one; null where none does. */
export function nearestRuleId(wrong: string): string | null {
  const most = Math.max(2, Math.floor(wrong.length / 3));
  let nearest: { id: string; distance: number } | null = null;
  for (const id of knownRuleIds()) {
    const distance = editDistance(wrong.toLowerCase(), id, most);
    if (distance <= most && distance < (nearest?.distance ?? Number.POSITIVE_INFINITY))
      nearest = { id, distance };
  }
  return nearest?.id ?? null;
}

/** Letters to put in, take out or change to get from one word to the other; more than `most` counts as one more. */
function editDistance(from: string, to: string, most: number): number {
  if (Math.abs(from.length - to.length) > most) return most + 1;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}

import { MappedText, type Replacement } from './mapped-text';
import type { Placeholder } from './placeholder';

/** What may stand for a placeholder while a text is parsed, in the order they are tried. */
export type StandIn = 'name' | 'number' | 'string' | 'nothing';

/** A stretch to fill in: `standIns` says with what, `value` is its text where that is known. */
export interface Gap extends Pick<Placeholder, 'start' | 'end' | 'text'> {
  standIns: readonly StandIn[];
  value?: string;
}

/** Stand-ins are tried this often for one statement. */
const maximumTries = 40;

/** The stand-ins that can make sense for a placeholder, judged by how it is written. */
export function gapOf(placeholder: Placeholder): Gap {
  const { start, end, text, kind } = placeholder;
  const standIns: readonly StandIn[] =
    kind === 'control'
      ? ['nothing']
      : text.startsWith(":'") || text.startsWith('%(')
        ? ['string', 'number', 'name']
        : text.startsWith(':"')
          ? ['name']
          : ['name', 'number', 'string', 'nothing'];
  return { start, end, text, standIns };
}

/**
 * Fills the gaps of a text so that `parse` accepts it. Returns what it gave, with the filled text; null when nothing
 * fits. `parse` throws for a text it refuses, with the place as a UTF-16 offset where `placeOf` knows it.
 */
export function fillGaps<Parsed>(
  text: string,
  gaps: readonly Gap[],
  parse: (filled: string) => Parsed,
  placeOf: (error: unknown, filled: string) => number | null = () => null,
): { parsed: Parsed; filled: MappedText } | null {
  const chosen = gaps.map(() => 0);
  const tried = new Set<string>();
  let budget = maximumTries;
  const attempt = (): { parsed: Parsed; filled: MappedText } | { place: number | null } => {
    tried.add(chosen.join());
    budget -= 1;
    const filled = new MappedText(text, replacementsOf(text, gaps, chosen));
    try {
      return { parsed: parse(filled.text), filled };
    } catch (error) {
      const place = placeOf(error, filled.text);
      return { place: place === null ? null : filled.startOf(place) };
    }
  };
  // Where the parser stumbles, the gap there or the one before is filled with something else.
  const retry = (): { parsed: Parsed; filled: MappedText } | null => {
    for (let result = attempt(); ; result = attempt()) {
      if ('parsed' in result) return result;
      const gap = result.place === null ? -1 : gapNear(gaps, chosen, result.place);
      if (gap < 0 || budget <= 0) return null;
      chosen[gap]! += 1;
      if (tried.has(chosen.join())) return null;
    }
  };
  const first = retry();
  if (first) return first;
  for (const standIn of ['number', 'string', 'nothing', 'name'] as const) {
    gaps.forEach((gap, index) => (chosen[index] = Math.max(0, gap.standIns.indexOf(standIn))));
    if (tried.has(chosen.join()) || budget <= 0) continue;
    const result = attempt();
    if ('parsed' in result) return result;
  }
  return null;
}

/** The last gap at or before the place that has another stand-in left. */
function gapNear(gaps: readonly Gap[], chosen: readonly number[], place: number): number {
  for (let index = gaps.length - 1; index >= 0; index--) {
    const gap = gaps[index]!;
    if (gap.start <= place && gap.value === undefined && chosen[index]! + 1 < gap.standIns.length)
      return index;
  }
  return -1;
}

/** Names grow together with what they touch: `idx_${table}` is one name. */
function replacementsOf(text: string, gaps: readonly Gap[], chosen: readonly number[]): Replacement[] {
  const replacements: Replacement[] = [];
  let named = -1;
  gaps.forEach((gap, index) => {
    if (gap.value !== undefined) return void replacements.push({ ...gap, text: gap.value });
    switch (gap.standIns[chosen[index]!]) {
      case 'name': {
        const last = replacements.at(-1);
        const start = nameStart(text, gap.start, last?.end ?? 0);
        const end = nameEnd(text, gap.end, gaps[index + 1]?.start ?? text.length);
        if (
          last &&
          named === index - 1 &&
          last.end === start &&
          start <= gap.start &&
          touches(text, last, gap)
        ) {
          const joined = { start: last.start, end, text: quoted(text.slice(last.start, end)) };
          replacements[replacements.length - 1] = joined;
        } else replacements.push({ start, end, text: quoted(text.slice(start, end)) });
        named = index;
        return;
      }
      case 'number':
        return void replacements.push({ ...gap, text: ' 1 ' });
      case 'string':
        return void replacements.push({ ...gap, text: ` '${gap.text.replaceAll("'", "''")}' ` });
      case 'nothing':
      case undefined:
        return void replacements.push({ ...gap, text: ' ' });
    }
  });
  return replacements.map(({ start, end, text: written }) => ({ start, end, text: written }));
}

function touches(text: string, last: Replacement, gap: Gap): boolean {
  return /^[\w$\u0080-\uffff]*$/.test(text.slice(last.end, gap.start));
}

function nameStart(text: string, start: number, limit: number): number {
  let from = start;
  while (from > limit && /[\w$\u0080-\uffff]/.test(text[from - 1]!)) from--;
  return from;
}

function nameEnd(text: string, end: number, limit: number): number {
  let to = end;
  while (to < limit && /[\w$\u0080-\uffff]/.test(text[to]!)) to++;
  return to;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Replaces gaps with blanks of the same length, keeping line breaks. */
export function blank(text: string, stretches: readonly { start: number; end: number }[]): string {
  const parts: string[] = [];
  let taken = 0;
  for (const { start, end } of stretches) {
    parts.push(text.slice(taken, start), text.slice(start, end).replace(/[^\r\n]/g, ' '));
    taken = end;
  }
  return parts.join('') + text.slice(taken);
}

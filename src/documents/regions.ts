import { contentHash } from '../layouts/content-hash';
import { withLineEndsOf, withLineFeeds } from './line-ends';

/** A generated part of a document, between `<!-- switchback:begin ID HASH -->` and its end. */
export interface Region {
  id: string;
  /** The hash in the marker: of the text as it was generated. */
  hash: string;
  content: string;
  /** True when the text is no longer the generated one: a person edited it. */
  edited: boolean;
  /** UTF-16 offsets of the whole region, markers included, in the text with LF. `end` is exclusive. */
  start: number;
  end: number;
}

const idPattern = /^[A-Za-z0-9][A-Za-z0-9._:-]*$/;

/** A region with its markers. `id` is one word of letters, digits, dots, dashes, colons. Ends without a line break. */
export function emitRegion(id: string, content: string): string {
  if (!idPattern.test(id)) throw new RangeError(`region id ${JSON.stringify(id)}`);
  const text = withLineFeeds(content).replace(/\n+$/, '');
  const hash = regionHash(text);
  // The end names the hash too, so that no text inside can end the region early.
  return `<!-- switchback:begin ${id} ${hash} -->\n${text}\n<!-- switchback:end ${id} ${hash} -->`;
}

/** The regions of a document in order. A begin without its end is no region. */
export function parseRegions(document: string): Region[] {
  const text = withLineFeeds(document);
  const regions: Region[] = [];
  const begin = /^<!-- switchback:begin (\S+) ([0-9a-f]{16}) -->\n/gm;
  for (let match = begin.exec(text); match; match = begin.exec(text)) {
    const [opening, id, hash] = match as unknown as [string, string, string];
    const contentStart = match.index + opening.length;
    const closing = `<!-- switchback:end ${id} ${hash} -->`;
    const end = endOf(text, closing, contentStart);
    if (end === null) continue;
    const content = text.slice(contentStart, Math.max(contentStart, end - 1));
    regions.push({
      id,
      hash,
      content,
      edited: regionHash(content) !== hash,
      start: match.index,
      end: end + closing.length,
    });
    begin.lastIndex = end + closing.length;
  }
  return regions;
}

export interface MergedRegions {
  /** The document with its prose and edited regions kept, all other regions as generated. */
  text: string;
  /** Regions a person edited and that would be generated differently now. */
  conflicts: { id: string; current: string; generated: string }[];
  /** Generated regions that the document has no more. */
  dropped: string[];
}

/** Brings newly generated regions into a document that a person has edited. */
export function mergeRegions(document: string, generated: string): MergedRegions {
  const current = parseRegions(document);
  const fresh = new Map(parseRegions(generated).map((region) => [region.id, region]));
  const merged: MergedRegions = { text: withLineFeeds(document), conflicts: [], dropped: [] };
  for (const region of [...current].reverse()) {
    const next = fresh.get(region.id);
    if (!next || next.hash === region.hash) continue;
    if (region.edited)
      merged.conflicts.unshift({ id: region.id, current: region.content, generated: next.content });
    else
      merged.text =
        merged.text.slice(0, region.start) +
        emitRegion(next.id, next.content) +
        merged.text.slice(region.end);
  }
  const present = new Set(current.map((region) => region.id));
  merged.dropped = [...fresh.keys()].filter((id) => !present.has(id));
  return merged;
}

/** A region that is brought up to date while the plan runs: its name begins with `live.`. */
export function isLive(region: Pick<Region, 'id'>): boolean {
  return region.id.startsWith('live.');
}

/** The document with one region as generated now; unchanged where a person edited it or took it out. */
export function refreshRegion(document: string, generated: string): string {
  const next = parseRegions(generated)[0];
  const current = parseRegions(document).find((region) => region.id === next?.id);
  if (!next || !current || current.edited || current.hash === next.hash) return document;
  const text = withLineFeeds(document);
  const changed = text.slice(0, current.start) + emitRegion(next.id, next.content) + text.slice(current.end);
  return withLineEndsOf(document, changed);
}

function endOf(text: string, closing: string, from: number): number | null {
  for (let at = text.indexOf(closing, from); at >= 0; at = text.indexOf(closing, at + 1)) {
    const afterBreak = at === from || text[at - 1] === '\n';
    const rest = text[at + closing.length];
    if (afterBreak && (rest === undefined || rest === '\n')) return at;
  }
  return null;
}

function regionHash(content: string): string {
  return contentHash(content).slice(0, 16);
}

import { frontMatterSource, isAround, keyOf, pathOfNode, rangeOf } from '../../documents/front-matter-source';
import type { DataPath } from '../../documents/json-schema';

/** Where somebody is writing in the front matter. */
export interface WritingPlace {
  /** Of the map a key is asked for, of the value, or of the item of a list. */
  path: DataPath;
  /** `item`: of a list, a value or the first key of a map. */
  asks: 'key' | 'value' | 'item';
  /** Keys the map has already. */
  taken: string[];
  /** What the front matter says, to tell alternatives apart. */
  data: unknown;
  /** The word that is being written, by offsets of the document. */
  start: number;
  end: number;
}

/** A key or a value somebody points at. */
export interface PointedPlace {
  path: DataPath;
  start: number;
  end: number;
}

/** Nobody calls a key so: it stands for what is being written. */
const mark = '__switchback_here__';

/** Where an offset of a document is in its front matter, also while a line is not finished; null outside. */
export async function writingPlace(text: string, offset: number): Promise<WritingPlace | null> {
  const source = frontMatterSource(text);
  if (!source || offset < source.start || offset > source.end) return null;
  const word = wordAround(source.yaml, offset - source.start);
  const { parseDocument, visit, isMap } = await import('yaml');
  const marked = source.yaml.slice(0, word.start) + markFor(source.yaml, word) + source.yaml.slice(word.end);
  const document = parseDocument(marked, { logLevel: 'silent' });
  let found: { place: unknown; ancestors: readonly unknown[]; node: unknown } | null = null;
  visit(document, {
    Scalar(place, node, ancestors) {
      if (node.value !== mark) return undefined;
      found = { place, ancestors: [...ancestors], node };
      return visit.BREAK;
    },
  });
  if (found === null) return null;
  const { place, ancestors, node } = found as {
    place: unknown;
    ancestors: Parameters<typeof pathOfNode>[0];
    node: unknown;
  };
  const asksKey = place === 'key';
  const path = await pathOfNode(asksKey ? ancestors.slice(0, -1) : ancestors, node);
  const map = asksKey ? ancestors.at(-2) : null;
  return {
    path,
    asks: asksKey ? 'key' : place === 'value' ? 'value' : 'item',
    taken: isMap(map) ? map.items.map(keyOf).filter((key) => key !== mark) : [],
    data: dataOf(document),
    start: source.start + word.start,
    end: source.start + word.end,
  };
}

/** The key or plain value at an offset of a document; null where there is none. */
export async function pointedPlace(
  text: string,
  offset: number,
): Promise<(PointedPlace & { data: unknown }) | null> {
  const source = frontMatterSource(text);
  if (!source || offset < source.start || offset > source.end) return null;
  const { parseDocument, visit } = await import('yaml');
  const document = parseDocument(source.yaml, { logLevel: 'silent' });
  const hits: { node: unknown; ancestors: Parameters<typeof pathOfNode>[0] }[] = [];
  visit(document, {
    Scalar(_place, node, ancestors) {
      if (!isAround(node, offset - source.start)) return undefined;
      hits.push({ node, ancestors: [...ancestors] });
      return visit.BREAK;
    },
  });
  const [hit] = hits;
  if (!hit) return null;
  const range = rangeOf(hit.node)!;
  return {
    path: await pathOfNode(hit.ancestors, hit.node),
    data: dataOf(document),
    start: source.start + range[0],
    end: source.start + range[1],
  };
}

interface Word {
  start: number;
  end: number;
  /** What stands before it on its line. */
  lead: string;
}

function wordAround(yaml: string, offset: number): Word {
  const lineStart = yaml.lastIndexOf('\n', offset - 1) + 1;
  const before = yaml.slice(lineStart, offset);
  const start = offset - /[\w.-]*$/.exec(before)![0].length;
  const end = offset + /^[\w.-]*/.exec(yaml.slice(offset))![0].length;
  return { start, end, lead: yaml.slice(lineStart, start) };
}

/** Where a key belongs it needs its colon, or what follows would not be read. */
function markFor(yaml: string, { end, lead }: Word): string {
  const rest = yaml.slice(end);
  const hasColon = /^[ \t]*:(?:\s|$)/.test(rest);
  if (hasColon) return mark;
  if (/^\s*$/.test(lead)) return `${mark}: `;
  if (!/^\s*(?:-\s+)+$/.test(lead)) return mark;
  const below = /^[^\n]*\n([ ]*)\S/.exec(rest)?.[1] ?? '';
  return below.length >= lead.length ? `${mark}: ` : mark;
}

function dataOf(document: { toJS(): unknown }): unknown {
  try {
    return document.toJS();
  } catch {
    // An alias without its anchor: what it stands for is not known.
    return null;
  }
}

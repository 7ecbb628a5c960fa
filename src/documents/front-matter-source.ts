import type { Document, Node, Pair, ParsedNode } from 'yaml';
import type { DataPath } from './json-schema';

/** The YAML between the fences as it stands in a document, with any line ends. */
export interface FrontMatterSource {
  yaml: string;
  /** Offset of the YAML in the document. */
  start: number;
  /** Offset of the closing fence. */
  end: number;
}

/** Part of a document, by offsets. */
export interface TextSpan {
  start: number;
  end: number;
}

/** Where the front matter is; null without fences. Nothing of the text is changed, so that offsets hold. */
export function frontMatterSource(text: string): FrontMatterSource | null {
  const opening = /^---[ \t]*\r?\n/.exec(text);
  if (!opening) return null;
  const start = opening[0].length;
  const closing = /^---[ \t]*\r?$/m.exec(text.slice(start));
  if (!closing) return null;
  const end = start + closing.index;
  return { yaml: text.slice(start, end), start, end };
}

/** Whether it is a plan of Switchback: a document without this key is somebody's own. */
export function isPlanSource({ yaml }: FrontMatterSource): boolean {
  return /^switchback[ \t]*:/m.test(yaml);
}

/** Whether a node lies around an offset of the YAML. */
export function isAround(node: unknown, offset: number): node is Node {
  const range = rangeOf(node);
  return range !== null && range[0] <= offset && offset <= range[1];
}

/** From where to where a node is written, in the YAML. */
export function rangeOf(node: unknown): [number, number] | null {
  const range = (node as Partial<ParsedNode> | null | undefined)?.range;
  return range ? [range[0], range[1]] : null;
}

/** The path of what a walk over the YAML is at, from its ancestors. */
export async function pathOfNode(
  ancestors: readonly (Document | Node | Pair)[],
  node: unknown,
): Promise<(string | number)[]> {
  const { isPair, isSeq } = await import('yaml');
  return ancestors.flatMap((ancestor, place): (string | number)[] => {
    if (isPair(ancestor)) return [keyOf(ancestor)];
    if (isSeq(ancestor)) return [ancestor.items.indexOf(ancestors[place + 1] ?? node)];
    return [];
  });
}

/** The key of a pair as text. */
export function keyOf({ key }: Pair): string {
  const value = key !== null && typeof key === 'object' && 'value' in key ? key.value : key;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/**
 * Where to point for a value, by offsets of the YAML: at a plain value, else at the key that has it, else at the nearest
 * parent that is there.
 */
export async function spanOf(document: Document, path: DataPath): Promise<TextSpan> {
  const { isMap, isScalar } = await import('yaml');
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    const isWhole = length === path.length;
    if (isWhole && isScalar(node) && node.range && node.range[1] > node.range[0])
      return { start: node.range[0], end: node.range[1] };
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(parent) ? parent.items.find((item) => keyOf(item) === path[length - 1]) : undefined;
    const range = rangeOf(pair?.key) ?? rangeOf(node);
    if (range) return firstLine(document, { start: range[0], end: range[1] });
  }
  return { start: 0, end: 0 };
}

function firstLine(document: Document, { start, end }: TextSpan): TextSpan {
  const { range } = document as Document.Parsed;
  return { start, end: Math.min(end, range[1]) };
}

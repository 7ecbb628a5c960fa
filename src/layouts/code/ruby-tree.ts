import type { ParseResult } from '@ruby/prism/src/deserialize';
import { loadPrism } from './load-prism';

type RubyTree = ParseResult['value'];
interface Place {
  startOffset: number;
  length: number;
}

/** A node of a parsed program by what is common to all; the parts that one kind has are in `own`. */
export interface RubyNode {
  type: string;
  start: number;
  /** Exclusive. */
  end: number;
  children: RubyNode[];
  own: {
    /** Of a call, a definition, a constant that is written or read. */
    name?: string;
    receiver?: RubyNode;
    arguments: RubyNode[];
    /** Of a call with a block, what the block does. */
    block?: RubyNode;
    value?: RubyNode;
    body?: RubyNode;
    parts: RubyNode[];
    /** Of a string: how it begins, and where its text is. */
    opening?: string;
    content?: { start: number; end: number };
  };
}

/** Parses a program in Ruby; what it cannot read is passed over. Places are UTF-16 offsets. */
export async function readRuby(source: string): Promise<RubyNode> {
  const parse = await loadPrism();
  return nodeOf(parse(source).value, source, utf16Offsets(source));
}

function nodeOf(tree: RubyTree, source: string, at: (byte: number) => number): RubyNode {
  const fields = tree.toJSON() as Record<string, unknown> & { type: string; location: Place };
  const made = new Map<unknown, RubyNode>();
  const child = (value: unknown): RubyNode | undefined => made.get(value);
  const children = (tree.compactChildNodes() as RubyTree[]).map((node) => {
    const one = nodeOf(node, source, at);
    made.set(node, one);
    return one;
  });
  const span = (place: unknown): { start: number; end: number } | undefined => {
    const known = place as Place | null | undefined;
    return known ? { start: at(known.startOffset), end: at(known.startOffset + known.length) } : undefined;
  };
  const opening = span(fields['openingLoc']);
  const content = span(fields['contentLoc']);
  const { start, end } = span(fields.location)!;
  return {
    type: fields.type,
    start,
    end,
    children,
    own: {
      ...(typeof fields['name'] === 'string' ? { name: fields['name'] } : {}),
      ...optional('receiver', child(fields['receiver'])),
      arguments: child(fields['arguments'])?.children ?? [],
      ...optional('block', child(fields['block'])),
      ...optional('value', child(fields['value'])),
      ...optional('body', child(fields['body'])),
      parts: Array.isArray(fields['parts']) ? fields['parts'].flatMap((part) => child(part) ?? []) : [],
      ...(opening ? { opening: source.slice(opening.start, opening.end) } : {}),
      ...(content ? { content } : {}),
    },
  };
}

function optional<Key extends string>(key: Key, node: RubyNode | undefined): { [name in Key]?: RubyNode } {
  return node ? ({ [key]: node } as { [name in Key]?: RubyNode }) : {};
}

/** Turns offsets in the bytes of UTF-8 to those of the text. */
function utf16Offsets(source: string): (byte: number) => number {
  if (/^[\0-\x7f]*$/.test(source)) return (byte) => byte;
  const offsets: number[] = [];
  let index = 0;
  for (const letter of source) {
    const code = letter.codePointAt(0)!;
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let each = 0; each < bytes; each += 1) offsets.push(index);
    index += letter.length;
  }
  return (byte) => offsets[byte] ?? source.length;
}

import type { Document, ParsedNode, YAMLMap } from 'yaml';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { withLineEndsOf, withLineFeeds } from './line-ends';

export interface FrontMatter {
  data: unknown;
  /** The document below it, with LF. */
  body: string;
  /** The line a value is written on, from 1, in the whole file; of the nearest parent that is there. */
  lineOf(path: readonly (string | number)[]): number;
}

const fence = /^---[ \t]*\n/;

/** Text between the fences, and what follows; null without front matter. */
export function splitFrontMatter(text: string): { yaml: string; body: string } | null {
  const plain = withLineFeeds(text);
  const opening = fence.exec(plain);
  if (!opening) return null;
  const rest = plain.slice(opening[0].length);
  const closing = /^---[ \t]*(?:\n|$)/m.exec(rest);
  if (!closing) return null;
  return { yaml: rest.slice(0, closing.index), body: rest.slice(closing.index + closing[0].length) };
}

/** Reads the YAML at the top of a document. Throws `invalid-file` with the line of the mistake. */
export async function readFrontMatter(text: string, file: string): Promise<FrontMatter> {
  const parts = splitFrontMatter(text);
  if (!parts) {
    throw new SwitchbackError(
      'invalid-file',
      t(
        '{0} does not begin with front matter between two lines of "---". Restore them from version control.',
        file,
      ),
      { details: { file, line: 1 } },
    );
  }
  const { parseDocument, LineCounter } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(parts.yaml, { lineCounter: lines });
  const mistake = document.errors[0];
  if (mistake) {
    const line = (mistake.linePos?.[0].line ?? 1) + 1;
    throw new SwitchbackError(
      'invalid-file',
      t(
        '{0}, line {1}: the front matter is not YAML: {2}. Correct it.',
        file,
        line,
        mistake.message.split('\n')[0]!.replace(/ at line.*$/, ''),
      ),
      { cause: mistake, details: { file, line } },
    );
  }
  return {
    data: document.toJS() as unknown,
    body: parts.body,
    lineOf: (path) => lineOf(document, path, (offset) => lines.linePos(offset).line + 1),
  };
}

/**
 * The document with new values in its front matter. Only what differs is touched: unknown keys, comments and the
 * writing of equal values stay, and so does the body. A document without front matter gets one.
 */
export async function writeFrontMatter(text: string, data: Record<string, unknown>): Promise<string> {
  const { parseDocument, isMap } = await import('yaml');
  const parts = splitFrontMatter(text);
  const document = parseDocument(parts?.yaml ?? '');
  if (document.contents === null || !isMap(document.contents))
    document.contents = document.createNode({}) as never;
  mergeMap(document, document.contents, data, isMap as (node: unknown) => node is YAMLMap);
  const yaml = document.toString({ lineWidth: 0, flowCollectionPadding: true });
  return withLineEndsOf(text, `---\n${yaml}---\n${parts?.body ?? withLineFeeds(text)}`);
}

/** `undefined` removes a key. Maps are merged key by key, all else is replaced when it differs. */
function mergeMap(
  document: Document.Parsed<ParsedNode> | Document,
  map: YAMLMap,
  data: Record<string, unknown>,
  isMap: (node: unknown) => node is YAMLMap,
): void {
  for (const [key, value] of Object.entries(data)) {
    const current = map.get(key, true);
    if (value === undefined) map.delete(key);
    else if (isMap(current) && isRecord(value)) {
      const names = new Set(Object.keys(value));
      const known = current.items.map((item) => keyText(item.key));
      // Inside our own keys, what we no longer write goes.
      for (const name of known) if (!names.has(name)) current.delete(name);
      mergeMap(document, current, value, isMap);
    } else if (!map.has(key) || !sameData(toData(current, document), value)) {
      map.set(key, document.createNode(value));
    }
  }
}

function keyText(key: unknown): string {
  const value = isRecord(key) && 'value' in key ? key.value : key;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function toData(node: unknown, document: Document | Document.Parsed<ParsedNode>): unknown {
  return isRecord(node) && 'toJS' in node
    ? (node as unknown as { toJS(d: unknown): unknown }).toJS(document)
    : node;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function sameData(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => sameData(item, right[index]));
  }
  if (isRecord(left) && isRecord(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => key in right && sameData(left[key], right[key]))
    );
  }
  return left === right;
}

function lineOf(
  document: Document.Parsed<ParsedNode>,
  path: readonly (string | number)[],
  lineAt: (offset: number) => number,
): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as
      { range?: [number, number, number] } | undefined;
    if (node?.range) return lineAt(node.range[0]);
  }
  return 2;
}

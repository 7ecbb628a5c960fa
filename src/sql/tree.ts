import type { Node } from '@pgsql/types';

/** The type of a tree node: `AlterTableStmt`, `ColumnRef`... */
export type NodeKind = Node extends infer Each ? (Each extends unknown ? keyof Each : never) : never;

/** The fields of a node of that kind. */
export type Fields<Kind extends NodeKind> = Extract<Node, Record<Kind, unknown>>[Kind];

/** The fields of `node` when it is of that kind, else null. */
export function asKind<Kind extends NodeKind>(
  node: object | undefined | null,
  kind: Kind,
): Fields<Kind> | null {
  const fields = (node as Record<string, unknown> | undefined | null)?.[kind];
  return fields === undefined || fields === null ? null : (fields as Fields<Kind>);
}

/** The single key of a node; an empty string for something that is no node. */
export function kindOf(node: object | undefined | null): string {
  if (typeof node !== 'object' || node === null) return '';
  for (const key in node) return key;
  return '';
}

/** The text of a String node, or of the last part of a list of them. */
export function stringOf(node: Node | undefined | null): string {
  const list = asKind(node, 'List')?.items;
  return asKind(list ? list[list.length - 1] : node, 'String')?.sval ?? '';
}

/** The texts of a list of String nodes: the parts of a dotted name. */
export function strings(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).map(stringOf);
}

/**
 * Calls `visit` for `node` and every node below it, parents first, with the node's kind and fields.
 * `visit` returns false to leave out what lies below. Deep trees do not use up the stack. Fields of a
 * fixed type (`relation` of a CREATE TABLE) are no nodes of their own in the tree and are not visited.
 */
export function walkTree(
  node: unknown,
  visit: (kind: string, fields: Record<string, unknown>) => boolean | void,
): void {
  const stack: unknown[] = [node];
  while (stack.length > 0) {
    const current = stack.pop();
    if (typeof current !== 'object' || current === null) continue;
    if (Array.isArray(current)) {
      for (let index = current.length - 1; index >= 0; index--) stack.push(current[index]);
      continue;
    }
    const fields = current as Record<string, unknown>;
    const keys = Object.keys(fields);
    const kind = keys.length === 1 && /^[A-Z]/.test(keys[0]!) ? keys[0]! : '';
    if (kind !== '') {
      const inner = fields[kind];
      if (typeof inner !== 'object' || inner === null) continue;
      if (visit(kind, inner as Record<string, unknown>) === false) continue;
      pushValues(stack, inner as Record<string, unknown>);
    } else {
      pushValues(stack, fields);
    }
  }
}

function pushValues(stack: unknown[], fields: Record<string, unknown>): void {
  const keys = Object.keys(fields);
  for (let index = keys.length - 1; index >= 0; index--) {
    const value = fields[keys[index]!];
    if (typeof value === 'object' && value !== null) stack.push(value);
  }
}

/** Fields that hold a place in the text: byte offsets in the parser's answer. */
const placeFields = [
  'location',
  'list_start',
  'list_end',
  'name_location',
  'rexpr_list_start',
  'rexpr_list_end',
];

/** Replaces every place in the tree by `convert(place)`, in the tree itself. Negative places mean none. */
export function convertPlaces(node: unknown, convert: (byte: number) => number): void {
  const stack: unknown[] = [node];
  while (stack.length > 0) {
    const current = stack.pop();
    if (typeof current !== 'object' || current === null) continue;
    if (Array.isArray(current)) {
      for (const item of current) stack.push(item);
      continue;
    }
    const fields = current as Record<string, unknown>;
    for (const key in fields) {
      const value = fields[key];
      if (typeof value === 'object') stack.push(value);
      else if (typeof value === 'number' && value >= 0 && placeFields.includes(key))
        fields[key] = convert(value);
    }
  }
}

/** Kinds of objects as the catalog names them; a longer one before what it begins with. */
export const objectKinds = [
  'materialized view',
  'foreign table',
  'foreign server',
  'foreign data wrapper',
  'event trigger',
  'default privileges of',
  'window function',
  'table',
  'view',
  'sequence',
  'type',
  'domain',
  'function',
  'procedure',
  'aggregate',
  'schema',
  'extension',
  'collation',
  'operator',
  'cast',
  'statistics',
  'publication',
] as const;
export type ObjectKind = (typeof objectKinds)[number];

/** `table public.users` in two: what it is, and its name as SQL writes it. */
export interface ObjectName {
  kind: ObjectKind;
  name: string;
}

/** null for a kind that is not known here. */
export function readObjectName(object: string): ObjectName | null {
  const kind = objectKinds.find((item) => object.startsWith(`${item} `));
  return kind === undefined ? null : { kind, name: object.slice(kind.length + 1) };
}

/** The schema of a qualified name, as SQL writes it. */
export function schemaOf(name: string): string {
  const match = /^((?:"(?:[^"]|"")*"|[^".(])+)\./.exec(name);
  return match?.[1] ?? 'public';
}

/** The name without its schema, as SQL writes it. */
export function withoutSchema(name: string): string {
  return name.slice(schemaOf(name).length + 1);
}

/** A part's kind and name: `column email`, `privileges of public`. */
export function readPart(part: string): { kind: string; name: string } {
  const match = /^(privileges of|\S+) ([\s\S]*)$/.exec(part);
  return match ? { kind: match[1]!, name: match[2]! } : { kind: part, name: '' };
}

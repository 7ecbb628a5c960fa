/** Kinds of objects as the catalog names them; a longer one before what it begins with. */
export const objectKinds = [
  'materialized view',
  'foreign table',
  'foreign server',
  'foreign data wrapper',
  'security labels of',
  'event trigger',
  'default privileges of',
  'text search configuration',
  'text search dictionary',
  'text search parser',
  'text search template',
  'operator class',
  'operator family',
  'access method',
  'user mapping for',
  'transform for',
  'conversion',
  'language',
  'subscription',
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

/** How DROP, ALTER and COMMENT ON call a kind. */
export function sqlWord(kind: ObjectKind): string {
  if (kind === 'window function') return 'FUNCTION';
  return kind === 'foreign server' ? 'SERVER' : kind.toUpperCase();
}

/** The name of an object as the catalog has it, as those statements want it. */
export function statementName({ kind, name }: ObjectName): string {
  if (kind === 'aggregate' && name.endsWith('()')) return `${name.slice(0, -2)}(*)`;
  if (kind !== 'operator') return name;
  const { operator, left, right } = readOperator(name);
  return `${operator} (${left ?? 'NONE'}, ${right ?? 'NONE'})`;
}

/** `app.##(integer,integer)` in its pieces; a side without an operand is null. */
export function readOperator(name: string): {
  operator: string;
  left: string | null;
  right: string | null;
} {
  const [, operator, left, right] = /^([\s\S]*)\(([^,()]*),([^()]*)\)$/.exec(name)!;
  const operand = (type: string): string | null => (type === 'NONE' ? null : type);
  return { operator: operator!, left: operand(left!), right: operand(right!) };
}

import { look } from './copied-map';
import { clipIdentifier, maximumIdentifierBytes } from '../sql/identifier';
import type { KnownConstraint, KnownSchema } from './known-schema';

const labels: Record<KnownConstraint['kind'], string> = {
  check: 'check',
  foreign: 'fkey',
  primary: 'pkey',
  unique: 'key',
  exclusion: 'excl',
  'not-null': 'not_null',
};

/** The name PostgreSQL gives a constraint without one, for the columns it is about (ChooseConstraintName). */
export function defaultConstraintName(
  table: string,
  kind: KnownConstraint['kind'],
  columns: readonly string[],
): string {
  return objectName(table, addition(kind, columns), labels[kind]);
}

/** The same, with the number PostgreSQL puts behind a name that is taken. */
export function freeConstraintName(
  schema: KnownSchema,
  key: string,
  kind: KnownConstraint['kind'],
  columns: readonly string[],
): string {
  return freeName(schema, key, addition(kind, columns), labels[kind]);
}

/** The name PostgreSQL gives an index without one; `expr` stands for an expression (ChooseIndexName). */
export function freeIndexName(schema: KnownSchema, key: string, columns: readonly string[]): string {
  return freeName(schema, key, columns.map((column) => column || 'expr').join('_'), 'idx');
}

function freeName(schema: KnownSchema, key: string, about: string | null, label: string): string {
  const relation = schema.relations.get(key);
  const table = relation?.name ?? lastPart(key);
  const taken = new Set<string>();
  for (const [, each] of look(schema.relations)) {
    if (relation && each.schema !== relation.schema) continue;
    for (const { name } of each.constraints) taken.add(name);
    for (const { name } of each.indexes) taken.add(name);
  }
  for (let count = 0; ; count += 1) {
    const name = objectName(table, about, `${label}${count === 0 ? '' : count}`);
    if (!taken.has(name)) return name;
  }
}

/** A CHECK is named after its column only when it has exactly one, a primary key never. */
function addition(kind: KnownConstraint['kind'], columns: readonly string[]): string | null {
  if (kind === 'primary' || (kind === 'check' && columns.length !== 1)) return null;
  return columns.join('_');
}

/** makeObjectName in indexcmds.c, for example of `t`, `a` and `seq`: the longer of both names gives way until all of it fits. */
export function objectName(first: string, second: string | null, label: string): string {
  const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');
  const available = maximumIdentifierBytes - (second === null ? 0 : 1) - bytes(label) - 1;
  let [left, right] = [bytes(first), bytes(second ?? '')];
  while (left + right > available) {
    if (left > right) left -= 1;
    else right -= 1;
  }
  const parts = [clipIdentifier(first, left)];
  if (second !== null) parts.push(clipIdentifier(second, right));
  return [...parts, label].join('_');
}

function lastPart(key: string): string {
  const match = /(?:^|\.)(?:"((?:[^"]|"")+)"|([^."]+))$/.exec(key);
  return match?.[1]?.replaceAll('""', '"') ?? match?.[2] ?? key;
}

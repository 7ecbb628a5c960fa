import type { RangeVar } from '@pgsql/types';
import { asKind, walkTree } from '../sql/tree';
import { relationKey, type KnownSchema } from './known-schema';

/** Keys of the relations a query reads, WITH names left out, each once. Views count as themselves. */
export function relationsRead(schema: KnownSchema, query: unknown): string[] {
  const ctes = new Set<string>();
  const found = new Set<string>();
  walkTree(query, (kind, fields) => {
    if (kind === 'CommonTableExpr') ctes.add(fields['ctename'] as string);
  });
  walkTree(query, (kind, fields) => {
    if (kind !== 'RangeVar') return;
    const range = asKind({ RangeVar: fields }, 'RangeVar')!;
    if (isSystem(schema, range)) return;
    if (range.schemaname || !ctes.has(range.relname ?? '')) found.add(relationKey(schema, range));
  });
  return [...found];
}

/** Those that a query reads only with ONLY: without their children. */
export function relationsReadAlone(schema: KnownSchema, query: unknown): Set<string> {
  const alone = new Set<string>();
  const whole = new Set<string>();
  walkTree(query, (kind, fields) => {
    if (kind !== 'RangeVar') return;
    const range = asKind({ RangeVar: fields }, 'RangeVar')!;
    (range.inh ? whole : alone).add(relationKey(schema, range));
  });
  for (const key of whole) alone.delete(key);
  return alone;
}

/** PostgreSQL's own catalogs: everybody reads them all the time. */
function isSystem(schema: KnownSchema, range: RangeVar): boolean {
  if (range.schemaname) return range.schemaname === 'pg_catalog' || range.schemaname === 'information_schema';
  return /^pg_/.test(range.relname ?? '') && !schema.relations.has(relationKey(schema, range));
}

/** The same, with the relations that known views read, at any depth; the views are named too. */
export function relationsReadThroughViews(schema: KnownSchema, query: unknown): string[] {
  return throughViews(schema, relationsRead(schema, query));
}

/** Relations with those that views among them read. */
export function throughViews(schema: KnownSchema, keys: readonly string[]): string[] {
  const found = new Set<string>();
  const open = [...keys];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (found.has(key)) continue;
    found.add(key);
    const relation = schema.relations.get(key);
    if (relation?.kind === 'view') open.push(...relation.reads);
  }
  return [...found];
}

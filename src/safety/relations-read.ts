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
    if (range.schemaname || !ctes.has(range.relname ?? '')) found.add(relationKey(schema, range));
  });
  return [...found];
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

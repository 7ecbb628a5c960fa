import { nameParts } from '../known-schema-drop';
import { dottedKey, relationKey, type KnownSchema } from '../known-schema';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';

/** Keys of the relations a statement names anywhere, each once; names of its own WITH queries may be among them. */
export function relationsNamed(schema: KnownSchema, statement: Statement): string[] {
  const found = new Set<string>();
  const open: unknown[] = [statement.node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const fields = next as Record<string, unknown>;
    // A relation is a node of its own in lists, and plain fields in statements.
    if (typeof fields['relname'] === 'string' && 'relpersistence' in fields)
      found.add(relationKey(schema, fields));
    for (const key in fields) if (typeof fields[key] === 'object') open.push(fields[key]);
  }
  const drop = asKind(statement.node, 'DropStmt');
  for (const object of drop?.objects ?? []) found.add(dottedKey(schema, nameParts(object), schema.relations));
  return [...found];
}

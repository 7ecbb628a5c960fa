import { relationKey, type KnownSchema } from '../../safety/known-schema';
import { parseQualifiedName, type QualifiedName } from '../../sql/identifier';

/** A table that others can see and that is no view; one that nothing is known of counts as one. */
export function existingTable(
  relation: Parameters<typeof relationKey>[1],
  schema: KnownSchema,
): QualifiedName | null {
  if (!relation) return null;
  const key = relationKey(schema, relation);
  const known = schema.relations.get(key);
  if (known && (known.fresh || known.persistence === 'temporary')) return null;
  if (known && known.kind !== 'table' && known.kind !== 'partitioned') return null;
  return parseQualifiedName(key);
}

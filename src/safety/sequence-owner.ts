import type { Node } from '@pgsql/types';
import { asKind, strings } from '../sql/tree';
import { dottedKey, type KnownRelation, type KnownSchema } from './known-schema';

/** What OWNED BY says: null for NONE, undefined where it is not said. */
export function ownerNamed(
  schema: KnownSchema,
  options: readonly Node[] | undefined,
): KnownRelation['ownedBy'] | undefined {
  const option = (options ?? [])
    .map((node) => asKind(node, 'DefElem'))
    .find((each) => each?.defname === 'owned_by');
  if (!option) return undefined;
  const parts = strings(asKind(option.arg, 'List')?.items);
  if (parts.length < 2) return null;
  return { table: dottedKey(schema, parts.slice(0, -1), schema.relations), column: parts.at(-1)! };
}

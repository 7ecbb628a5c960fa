import type { CatalogObject } from '../catalog/catalog';
import { quoteIdentifier } from '../sql/identifier';

/** The columns of a relation, or the attributes of a type, in their order: each by the name that SQL writes, with its properties. */
export function orderedColumns({
  columnOrder,
  parts,
}: CatalogObject): { name: string; properties: Record<string, string> }[] {
  return columnOrder.map((column) => {
    const name = parts[`column ${column}`] ? column : quoteIdentifier(column);
    return { name, properties: parts[`column ${name}`] ?? {} };
  });
}

import type { Catalog, CatalogObject } from '../../catalog/catalog';
import { readObjectName, readPart } from '../../reverse/object-name';
import { inOrder, mentions } from '../../reverse/reverse-step';
import { schemaScript } from '../../reverse/schema-script';

/** What takes back statements that lead towards `to`: the way from `from` with what they name as it is in `to`. */
export function wayBackOf(statements: readonly string[], from: Catalog, to: Catalog): string[] {
  const objects = { ...from.objects };
  for (const key of new Set([...Object.keys(from.objects), ...Object.keys(to.objects)])) {
    const [before, after] = [from.objects[key], to.objects[key]];
    if (before === after) continue;
    const name = readObjectName(key)?.name.replace(/\(.*$/s, '');
    if (name === undefined || !statements.some((sql) => mentions(sql, name))) continue;
    if (before && after && key.startsWith('table '))
      objects[key] = withParts(statements, name, before, after);
    else if (after) objects[key] = after;
    else delete objects[key];
  }
  return inOrder(schemaScript({ ...from, objects }, from, 'none').steps);
}

/** The table with those triggers, rules and policies as they will be that the statements name. */
function withParts(
  statements: readonly string[],
  table: string,
  before: CatalogObject,
  after: CatalogObject,
): CatalogObject {
  const parts = { ...before.parts };
  for (const part of new Set([...Object.keys(before.parts), ...Object.keys(after.parts)])) {
    const { kind, name } = readPart(part);
    if (!['trigger', 'rule', 'policy'].includes(kind)) continue;
    if (!statements.some((sql) => mentions(sql, name) && mentions(sql, table))) continue;
    const will = after.parts[part];
    if (will) parts[part] = will;
    else delete parts[part];
  }
  return { ...before, parts };
}

import type { Catalog, CatalogObject } from '../../../catalog/catalog';
import type { SchemaChange } from '../changes-between';

/** Two schemas on their way to each other: what is settled is the same in both, so that no statement is made for it. */
export interface Draft {
  from: Catalog;
  to: Catalog;
  changes: SchemaChange[];
  /** What differs and has no recipe, in sentences: what, why, what to do. */
  differences: string[];
  /** What no statement of the changes makes as it is to be: `table app.t`, `table app.t column c`. */
  untouched: Set<string>;
}

/** A draft whose catalogs can be changed without the ones they come from. */
export function draftOf(from: Catalog, to: Catalog): Draft {
  return {
    from: { ...from, objects: { ...from.objects } },
    to: { ...to, objects: { ...to.objects } },
    changes: [],
    differences: [],
    untouched: new Set(),
  };
}

/** Sets properties of an object, or of one of its parts; undefined takes one away. */
export function setProperties(
  catalog: Catalog,
  key: string,
  part: string | null,
  set: Record<string, string | undefined>,
): void {
  const object = catalog.objects[key]!;
  const present = part === null ? object.properties : object.parts[part]!;
  const properties = Object.fromEntries(
    Object.entries({ ...present, ...set }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  catalog.objects[key] =
    part === null ? { ...object, properties } : { ...object, parts: { ...object.parts, [part]: properties } };
}

/** Takes a part of an object away, where it is there. */
export function withoutPart(catalog: Catalog, key: string, part: string): void {
  const object = catalog.objects[key];
  if (!object) return;
  const { [part]: _, ...parts } = object.parts;
  catalog.objects[key] = { ...object, parts };
}

/** Tables that are there before and after. */
export function tablesInBoth({
  from,
  to,
}: Draft): { key: string; name: string; before: CatalogObject; after: CatalogObject }[] {
  return Object.entries(from.objects).flatMap(([key, before]) => {
    const after = to.objects[key];
    return key.startsWith('table ') && after
      ? [{ key, name: key.slice('table '.length), before, after }]
      : [];
  });
}

/**
 * A database's schema as plain data, the same text for the same schema whatever the history: objects by
 * name, each with named properties and parts (columns, constraints, triggers...). Absent means unset.
 */
export interface Catalog {
  /** Major version of the server that spelled the definitions. */
  major: number;
  /** Keys like `table public.users`, `function public.total(integer)`, `extension citext`. */
  objects: Record<string, CatalogObject>;
}

export interface CatalogObject {
  properties: Record<string, string>;
  /** Keys like `column email`, `constraint users_pkey`, `privileges of public`. */
  parts: Record<string, Record<string, string>>;
  /** Column names in their order; empty where there are none. */
  columnOrder: string[];
}

/** One property of an object, or of one of its parts; null when the object, part or property is not there. */
export function propertyOf(catalog: Catalog, object: string, property: string, part?: string): string | null {
  const found = catalog.objects[object];
  const properties = part === undefined ? found?.properties : found?.parts[part];
  return properties?.[property] ?? null;
}

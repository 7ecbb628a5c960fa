import type { QueryOptions, Session } from '../database/session';
import type { Catalog, CatalogObject } from './catalog';
import { withQualifiedOutput } from './qualified-output';
import { isNotOfExtension, isUserSchema, relationObject } from './reader/catalog-query';
import { databaseObjectQueries } from './reader/database-objects';
import { relationQueries } from './reader/relations';
import { routineQueries } from './reader/routines';
import { tablePartQueries } from './reader/table-parts';
import { typeQueries } from './reader/types';

interface Row {
  object: string;
  part: string | null;
  property: string;
  value: string;
}

/**
 * Reads the schema of a database: everything the user's DDL can make, without what belongs to the
 * system, to extensions and to the schema `switchback`. Works inside a transaction too.
 */
export async function readCatalog(session: Session, options: QueryOptions = {}): Promise<Catalog> {
  return await withQualifiedOutput(session, async () => {
    const objects = new Map<string, CatalogObject>();
    for (const query of [
      ...relationQueries,
      ...tablePartQueries,
      ...routineQueries,
      ...typeQueries,
      ...databaseObjectQueries,
    ]) {
      const { rows } = await session.query<Row>(query(session.facts.major), [], options);
      for (const row of rows) add(objects, row);
    }
    const { rows } = await session.query<{ object: string; columns: string[] }>(columnOrders, [], options);
    for (const row of rows) objectNamed(objects, row.object).columnOrder = row.columns;
    return { major: session.facts.major, objects: sorted(objects) };
  });
}

const columnOrders = `
  select ${relationObject} as object, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace and ${isUserSchema('n.nspname')}
         and c.relkind in ('r', 'p', 'v', 'm', 'f', 'c') and ${isNotOfExtension('pg_class', 'c.oid')}
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   group by 1`;

function add(objects: Map<string, CatalogObject>, row: Row): void {
  const object = objectNamed(objects, row.object);
  const properties = row.part === null ? object.properties : (object.parts[row.part] ??= {});
  properties[row.property] = row.value;
}

function objectNamed(objects: Map<string, CatalogObject>, name: string): CatalogObject {
  let object = objects.get(name);
  if (!object) {
    object = { properties: {}, parts: {}, columnOrder: [] };
    objects.set(name, object);
  }
  return object;
}

/** In the order of names everywhere, so that equal schemas are equal JSON. */
function sorted(objects: Map<string, CatalogObject>): Catalog['objects'] {
  const result: Catalog['objects'] = {};
  for (const name of [...objects.keys()].sort()) {
    const object = objects.get(name)!;
    const parts = Object.fromEntries(
      Object.keys(object.parts)
        .sort()
        .map((part) => [part, byName(object.parts[part]!)]),
    );
    result[name] = { properties: byName(object.properties), parts, columnOrder: object.columnOrder };
  }
  return result;
}

function byName(properties: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).sort(([one], [other]) => (one < other ? -1 : 1)));
}

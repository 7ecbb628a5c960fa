import { createHash } from 'node:crypto';
import type { QueryOptions, Session } from '../database/session';
import type { Catalog, CatalogObject } from './catalog';
import { withQualifiedOutput } from './qualified-output';
import { catalogMarks, relationHeads } from './reader/catalog-marks';
import { chosenRelations, userRelations, type CatalogQuery } from './reader/catalog-query';
import { conversionQueries } from './reader/conversions';
import { databaseObjectQueries } from './reader/database-objects';
import { foreignDataQueries } from './reader/foreign-data';
import { operatorQueries } from './reader/operators';
import { relationParts } from './reader/relation-parts';
import { schemaQueries } from './reader/relations';
import { replicationQueries } from './reader/replication';
import { routineQueries } from './reader/routines';
import { textSearchQueries } from './reader/text-search';
import { typeQueries } from './reader/types';

/** A relation, and what its columns are called. */
export interface RelationHead {
  /** `table public.users` */
  object: string;
  oid: string;
  kind: string;
  /** By number; null where dropped. */
  columns: (string | null)[];
  /** How it is spelled may depend on the columns of others. */
  readsOthers: boolean;
  /** For each of `relationParts` 1, or 0 where it certainly has none. */
  mayHave: string;
}

const others: readonly CatalogQuery[] = [
  ...schemaQueries,
  ...routineQueries,
  ...typeQueries,
  ...databaseObjectQueries,
  ...operatorQueries,
  ...conversionQueries,
  ...textSearchQueries,
  ...foreignDataQueries,
  ...replicationQueries,
];

/**
 * Reads the schema of a database: everything the user's DDL can make, without what belongs to the
 * system, to extensions and to the schema `switchback`. Works inside a transaction too.
 */
export async function readCatalog(session: Session, options: QueryOptions = {}): Promise<Catalog> {
  return await withQualifiedOutput(session, async () => {
    return readWhole(session, await readHeads(session, null, options), options);
  });
}

/** Another one where another version of this program reads a schema of this server otherwise. */
export function readerDigest(major: number): string {
  const queries = [relationHeads(userRelations, major), catalogMarks(major), ...wholeQueries(major)];
  return createHash('sha256').update(queries.join('\n')).digest('hex').slice(0, 16);
}

function wholeQueries(major: number): string[] {
  return [
    ...relationParts.map(({ query }) => query(userRelations, major)),
    ...others.map((query) => query(major)),
  ];
}

/** The whole schema beside the heads of its relations. Names are qualified inside `withQualifiedOutput` only. */
export async function readWhole(
  session: Session,
  heads: readonly RelationHead[],
  options: QueryOptions,
): Promise<Catalog> {
  const { major } = session.facts;
  const found = await readObjects(session, wholeQueries(major), [], {
    ...options,
    keptAs: 'switchback_catalog',
  });
  return { major, objects: sortedObjects(found, heads) };
}

/** The heads of these relations by oid, or of all, in the order of names. Names are qualified inside `withQualifiedOutput` only. */
export async function readHeads(
  session: Session,
  oids: readonly string[] | null,
  options: QueryOptions,
): Promise<RelationHead[]> {
  const { rows } =
    oids === null
      ? await session.query<RelationHead>(relationHeads(userRelations, session.facts.major), [], options)
      : await session.query<RelationHead>(relationHeads(chosenRelations, session.facts.major), [oids], {
          ...options,
          keptAs: 'switchback_heads',
        });
  return rows.sort((one, other) => (one.object < other.object ? -1 : 1));
}

/** What the catalog says of these relations alone, by name. */
export async function readRelations(
  session: Session,
  heads: readonly RelationHead[],
  options: QueryOptions,
): Promise<Map<string, CatalogObject>> {
  if (heads.length === 0) return new Map();
  // To start a query costs the server more than to find nothing by it.
  const asked = relationParts.map((_, index) => heads.some(({ mayHave }) => mayHave[index] === '1'));
  const queries = relationParts
    .filter((_, index) => asked[index])
    .map(({ query }) => query(chosenRelations, session.facts.major));
  const oids = heads.map(({ oid }) => oid);
  const keptAs = `switchback_relations_${asked.map(Number).join('')}`;
  const found = await readObjects(session, queries, [oids], { ...options, keptAs });
  return new Map(Object.entries(sortedObjects(found, heads)));
}

interface Row {
  object: string;
  part: string | null;
  property: string;
  value: string;
}

/** One question for all: a session in another process answers it in one go. */
async function readObjects(
  session: Session,
  queries: readonly string[],
  parameters: readonly unknown[],
  options: QueryOptions,
): Promise<Map<string, CatalogObject>> {
  const asked = queries.map(
    (query, index) => `select object, part, property, value from (${query}) as q${index}`,
  );
  const { rows } = await session.query<Row>(asked.join('\nunion all\n'), parameters, options);
  const objects = new Map<string, CatalogObject>();
  for (const row of rows) add(objects, row);
  return objects;
}

function add(objects: Map<string, CatalogObject>, row: Row): void {
  let object = objects.get(row.object);
  if (!object) objects.set(row.object, (object = { properties: {}, parts: {}, columnOrder: [] }));
  const properties = row.part === null ? object.properties : (object.parts[row.part] ??= {});
  properties[row.property] = row.value;
}

/** In the order of names everywhere, so that equal schemas are equal JSON. */
function sortedObjects(
  objects: ReadonlyMap<string, CatalogObject>,
  heads: readonly RelationHead[],
): Catalog['objects'] {
  const columns = new Map(heads.map((head) => [head.object, head.columns]));
  const result: Catalog['objects'] = {};
  for (const name of [...objects.keys()].sort())
    result[name] = sortedObject(objects.get(name)!, columns.get(name) ?? []);
  return result;
}

function sortedObject(object: CatalogObject, columns: readonly (string | null)[]): CatalogObject {
  const parts = Object.fromEntries(
    Object.keys(object.parts)
      .sort()
      .map((part) => [part, byName(object.parts[part]!)]),
  );
  const columnOrder = columns.filter((column) => column !== null);
  return { properties: byName(object.properties), parts, columnOrder };
}

function byName(properties: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).sort(([one], [other]) => (one < other ? -1 : 1)));
}

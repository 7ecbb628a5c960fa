import type { QueryOptions, Session } from '../database/session';
import type { Catalog, CatalogObject } from './catalog';
import { withQualifiedOutput } from './qualified-output';
import { relationMarks } from './reader/catalog-marks';
import type { CatalogQuery } from './reader/catalog-query';
import { conversionQueries } from './reader/conversions';
import { databaseObjectQueries } from './reader/database-objects';
import { foreignDataQueries } from './reader/foreign-data';
import { operatorQueries } from './reader/operators';
import { relationQueries, schemaQueries } from './reader/relations';
import { replicationQueries } from './reader/replication';
import { routineQueries } from './reader/routines';
import { tablePartQueries } from './reader/table-parts';
import { textSearchQueries } from './reader/text-search';
import { typeQueries } from './reader/types';

/** What the catalog says of one relation, in short: see `relationMarks`. */
export interface RelationMark {
  /** `table public.users` */
  object: string;
  oid: string;
  kind: string;
  bytes: number;
  mark: string;
  /** By number; null where dropped. */
  columns: (string | null)[];
  /** How it is spelled may depend on the columns of others. */
  readsOthers: boolean;
}

/** Tell of one relation each: where it is not asked for, its rows are not made. */
const perRelation: readonly CatalogQuery[] = [...relationQueries, ...tablePartQueries];
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
    return readWhole(session, await readRelationMarks(session, options), options);
  });
}

/** The whole schema beside the marks of its relations. Names are qualified inside `withQualifiedOutput` only. */
export async function readWhole(
  session: Session,
  marks: readonly RelationMark[],
  options: QueryOptions,
): Promise<Catalog> {
  const found = await readObjects(session, [...perRelation, ...others], null, options);
  return { major: session.facts.major, objects: sortedObjects(found, marks) };
}

/** The present marks of all relations. Names are qualified inside `withQualifiedOutput` only. */
export async function readRelationMarks(session: Session, options: QueryOptions): Promise<RelationMark[]> {
  const kept = { ...options, keptAs: 'switchback_relation_marks' };
  return (await session.query<RelationMark>(relationMarks(session.facts.major), [], kept)).rows;
}

/** What the catalog says of these relations alone, by name. */
export async function readRelations(
  session: Session,
  marks: readonly RelationMark[],
  options: QueryOptions,
): Promise<Map<string, CatalogObject>> {
  if (marks.length === 0) return new Map();
  const names = marks.map(({ object }) => object);
  const found = await readObjects(session, perRelation, names, options);
  return new Map(Object.entries(sortedObjects(found, marks)));
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
  queries: readonly CatalogQuery[],
  names: readonly string[] | null,
  options: QueryOptions,
): Promise<Map<string, CatalogObject>> {
  const chosen = names === null ? '' : 'where object = any($1::text[])';
  const asked = queries.map(
    (query, index) =>
      `select object, part, property, value from (${query(session.facts.major)}) as q${index} ${chosen}`,
  );
  const { rows } = await session.query<Row>(asked.join('\nunion all\n'), names === null ? [] : [names], {
    ...options,
    keptAs: names === null ? 'switchback_catalog' : 'switchback_relations',
  });
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
  marks: readonly RelationMark[],
): Catalog['objects'] {
  const columns = new Map(marks.map((mark) => [mark.object, mark.columns]));
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

import type { QueryOptions, Session } from '../database/session';
import type { Catalog, CatalogObject } from './catalog';
import { withQualifiedOutput } from './qualified-output';
import { readMarks, type CatalogMarks } from './catalog-marks';
import { readHeads, readRelations, readWhole, type RelationHead } from './read-catalog';

/** What the catalog says of one relation, in short. */
export interface RelationMark extends RelationHead {
  /** Of its own file. */
  bytes: number;
  /** Another one after any change of what the catalog says of it. */
  mark: string;
}

/** The schema of a database at one moment, and what is needed to read only what changed the next time. */
export interface FollowedCatalog {
  catalog: Catalog;
  relations: readonly RelationMark[];
  /** null: read in a transaction that had written, against which nothing can be told. */
  otherMark: string | null;
}

/**
 * Reads the schema as `readCatalog` does, of which it reads again only the relations that changed since `last`, a read of the
 * same database. Names stand in the definitions of others: after a change of any name, or of what is no relation, all is read.
 */
export async function followCatalog(
  session: Session,
  last: FollowedCatalog | null,
  options: QueryOptions = {},
): Promise<FollowedCatalog> {
  return await withQualifiedOutput(session, async () => {
    const marks = await readMarks(session, options);
    const relations = await marked(session, marks, last, options);
    const same =
      last !== null &&
      last.otherMark === marks.other &&
      onlyRelationsChanged(last.relations, relations) &&
      !(marks.bodiesReadRelations && isAnother(last.relations, relations));
    const catalog = same
      ? await readChanged(session, last, relations, options)
      : await readWhole(session, relations, options);
    return { catalog, relations, otherMark: marks.written ? null : marks.other };
  });
}

/** The relations there are, in the order of names. Of what kept its mark, and all namesakes of its schema, nothing is asked again. */
async function marked(
  session: Session,
  marks: CatalogMarks,
  last: FollowedCatalog | null,
  options: QueryOptions,
): Promise<RelationMark[]> {
  const known = new Map(
    last?.otherMark === marks.other ? last.relations.map((relation) => [relation.oid, relation]) : [],
  );
  const isNew = [...marks.relations].flatMap(([oid, { mark }]) =>
    known.get(oid)?.mark === mark ? [] : [oid],
  );
  const heads: readonly RelationHead[] =
    isNew.length > 0 ? await readHeads(session, known.size > 0 ? isNew : null, options) : [];
  const found = new Map(heads.map((head) => [head.oid, head]));
  return [...marks.relations]
    .flatMap(([oid, state]) => {
      const head = found.get(oid) ?? known.get(oid);
      return head ? [{ ...head, ...state }] : [];
    })
    .sort((one, other) => (one.object < other.object ? -1 : 1));
}

async function readChanged(
  session: Session,
  last: FollowedCatalog,
  relations: readonly RelationMark[],
  options: QueryOptions,
): Promise<Catalog> {
  const before = new Map(last.relations.map((relation) => [relation.oid, relation.mark]));
  const changed = relations.filter(({ oid, mark }) => before.get(oid) !== mark);
  if (changed.length === 0 && relations.length === last.relations.length) return last.catalog;
  const again = relations.filter((relation) => relation.readsOthers || changed.includes(relation));
  const read: Map<string, CatalogObject | null> = await readRelations(session, again, options);
  const left = new Set(relations.map(({ object }) => object));
  for (const { object } of last.relations) if (!left.has(object)) read.set(object, null);
  for (const { object } of again) if (!read.has(object)) read.set(object, null);
  return { major: last.catalog.major, objects: withChanges(last.catalog.objects, read) };
}

/** What did not change stays the same object: comparing it costs nothing. */
function withChanges(
  objects: Catalog['objects'],
  changes: ReadonlyMap<string, CatalogObject | null>,
): Catalog['objects'] {
  const result: Catalog['objects'] = {};
  for (const name of [...new Set([...Object.keys(objects), ...changes.keys()])].sort()) {
    const object = changes.has(name) ? changes.get(name) : objects[name];
    if (object) result[name] = object;
  }
  return result;
}

function isAnother(last: readonly RelationMark[], now: readonly RelationMark[]): boolean {
  const marks = (relations: readonly RelationMark[]): string =>
    relations.map(({ oid, mark }) => `${oid} ${mark}`).join();
  return marks(last) !== marks(now);
}

/**
 * False where a relation or a column that was there and is there is called otherwise, and where a composite type changed: it is
 * a type as much as a relation.
 */
function onlyRelationsChanged(last: readonly RelationMark[], now: readonly RelationMark[]): boolean {
  const before = new Map(last.map((relation) => [relation.oid, relation]));
  return now.every((relation) => {
    const old = before.get(relation.oid);
    if (!old) return relation.kind !== 'c';
    if (old.object !== relation.object || (relation.kind === 'c' && old.mark !== relation.mark)) return false;
    return old.columns.every((name, index) => {
      const present = relation.columns[index] ?? null;
      return name === null || present === null || name === present;
    });
  });
}

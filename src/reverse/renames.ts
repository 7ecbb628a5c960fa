import type { Catalog, CatalogObject } from '../catalog/catalog';
import type { FollowedCatalog } from '../catalog/follow-catalog';
import { formatIdentifier } from '../sql/identifier';
import { readObjectName, schemaOf, sqlWord, withoutSchema, type ObjectKind } from './object-name';
import { ranks, type ReverseStep } from './reverse-step';

/**
 * How what is the same but for its name gets the old one back: relations and columns by their numbers in the catalog, schemas
 * by what is in them, types and routines where just one that went is like one that came.
 */
export function renameSteps(from: FollowedCatalog, to: FollowedCatalog): ReverseStep[] {
  const schemas = renamedSchemas(from, to);
  if (schemas.length > 0)
    return schemas.map(([present, past]) => ({
      rank: ranks.rename,
      sql: `ALTER SCHEMA ${present} RENAME TO ${past}`,
    }));
  return [...relationSteps(from, to), ...likeSteps(from.catalog, to.catalog)];
}

function renamedSchemas(from: FollowedCatalog, to: FollowedCatalog): [string, string][] {
  const only = (one: Catalog, other: Catalog): string[] =>
    Object.keys(one.objects)
      .filter((object) => object.startsWith('schema ') && !other.objects[object])
      .map((object) => object.slice('schema '.length));
  const gone = only(to.catalog, from.catalog);
  return only(from.catalog, to.catalog).flatMap((present): [string, string][] => {
    const content = contentOf(from.catalog, present);
    const past = gone.find((name) => {
      const was = contentOf(to.catalog, name);
      return was.length > 0 && was.some((item) => content.includes(item)) && isMoved(from, to, present, name);
    });
    return past === undefined ? [] : [[present, past]];
  });
}

/** What a schema holds, without its own name. */
function contentOf(catalog: Catalog, schema: string): string[] {
  return Object.keys(catalog.objects).flatMap((object) => {
    const found = readObjectName(object);
    if (!found || found.kind === 'schema' || !found.name.startsWith(`${schema}.`)) return [];
    return [`${found.kind} ${found.name.slice(schema.length + 1)}`];
  });
}

/** Relations keep their numbers in a schema that is renamed; those of a new one have others. */
function isMoved(from: FollowedCatalog, to: FollowedCatalog, present: string, past: string): boolean {
  const was = new Map(to.relations.map(({ oid, object }) => [oid, object]));
  const inPresent = from.relations.filter(({ object }) => schemaOfObject(object) === present);
  if (inPresent.length === 0) return true;
  return inPresent.some(({ oid }) => schemaOfObject(was.get(oid) ?? '') === past);
}

function schemaOfObject(object: string): string | null {
  const found = readObjectName(object);
  return found && schemaOf(found.name);
}

function relationSteps(from: FollowedCatalog, to: FollowedCatalog): ReverseStep[] {
  const wanted = new Map(to.relations.map((relation) => [relation.oid, relation]));
  const steps: ReverseStep[] = [];
  const rename = (sql: string): void => void steps.push({ rank: ranks.rename, sql });
  for (const relation of from.relations) {
    const target = wanted.get(relation.oid);
    const [present, past] = [readObjectName(relation.object), target && readObjectName(target.object)];
    if (!target || !present || !past) continue;
    nameSteps(present.kind, present.name, past.name).forEach(rename);
    const isType = present.kind === 'type';
    const [word, member] = isType
      ? ['ALTER TYPE', 'ATTRIBUTE']
      : [`ALTER ${sqlWord(present.kind)}`, 'COLUMN'];
    relation.columns.forEach((column, index) => {
      const old = target.columns[index] ?? null;
      if (column !== null && old !== null && column !== old && present.kind !== 'sequence')
        rename(
          `${word} ${past.name} RENAME ${member} ${formatIdentifier(column)} TO ${formatIdentifier(old)}`,
        );
    });
  }
  return steps;
}

function nameSteps(kind: ObjectKind, present: string, past: string): string[] {
  if (present === past) return [];
  const word = `ALTER ${sqlWord(kind)}`;
  const statements: string[] = [];
  let name = present;
  if (schemaOf(name) !== schemaOf(past)) {
    statements.push(`${word} ${name} SET SCHEMA ${schemaOf(past)}`);
    name = `${schemaOf(past)}.${withoutSchema(name)}`;
  }
  const bare = (qualified: string): string => withoutArguments(withoutSchema(qualified));
  if (bare(name) !== bare(past)) statements.push(`${word} ${name} RENAME TO ${bare(past)}`);
  return statements;
}

function withoutArguments(name: string): string {
  return /^(?:"(?:[^"]|"")*"|[^"(]*)/.exec(name)![0];
}

const comparable: readonly ObjectKind[] = ['type', 'domain', 'function', 'procedure', 'window function'];

/** Of kinds without a number in what is read: one that went and one that came which are alike in all but the name. */
function likeSteps(from: Catalog, to: Catalog): ReverseStep[] {
  const came = onlyIn(from, to);
  const went = onlyIn(to, from);
  return came.flatMap(({ kind, name, looks }) => {
    const matches = went.filter((other) => other.kind === kind && other.looks === looks);
    const rivals = came.filter((other) => other.kind === kind && other.looks === looks);
    if (matches.length !== 1 || rivals.length !== 1) return [];
    return nameSteps(kind, name, matches[0]!.name).map((sql) => ({ rank: ranks.rename, sql }));
  });
}

interface Candidate {
  kind: ObjectKind;
  name: string;
  looks: string;
}

function onlyIn(one: Catalog, other: Catalog): Candidate[] {
  return Object.entries(one.objects).flatMap(([object, found]): Candidate[] => {
    if (other.objects[object]) return [];
    const read = readObjectName(object);
    if (!read || !comparable.includes(read.kind) || found.properties['kind'] === 'composite') return [];
    return [{ ...read, looks: looksOf(read.name, found) }];
  });
}

function looksOf(name: string, { properties, parts, columnOrder }: CatalogObject): string {
  const at = withoutSchema(name);
  const signature = at.slice(withoutArguments(at).length);
  return JSON.stringify([signature, properties, parts, columnOrder]);
}

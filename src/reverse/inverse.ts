import type { Catalog, CatalogObject } from '../catalog/catalog';
import type { FollowedCatalog } from '../catalog/follow-catalog';
import { commentSteps } from './comments';
import { readObjectName, schemaOf, withoutSchema, type ObjectName } from './object-name';
import { changeObject, createObject, differs, dropObject } from './other-objects';
import { privilegeSteps } from './privileges';
import { ranks, inOrder, type ReverseNotes, type ReverseStep } from './reverse-step';
import { changeTable, createTable, dropTable } from './tables';
import { changeComposite, changeDomain, remakeEnum } from './types';

/**
 * The statements, in order, that lead from one schema back to another. What was renamed is told by its number in the
 * catalog and is renamed back; the rest is what differs, object by object.
 */
export function leadBack(from: FollowedCatalog, to: FollowedCatalog, notes: ReverseNotes): string[] {
  const renames = renameSteps(from, to);
  if (renames.length > 0) return inOrder(renames);
  return inOrder(stepsBetween(from.catalog, to.catalog, notes));
}

/** How objects and columns that are the same but for their name get the old one back. */
function renameSteps(from: FollowedCatalog, to: FollowedCatalog): ReverseStep[] {
  const wanted = new Map(to.relations.map((relation) => [relation.oid, relation]));
  const steps: ReverseStep[] = [];
  const rename = (sql: string): void => void steps.push({ rank: ranks.rename, sql });
  for (const relation of from.relations) {
    const target = wanted.get(relation.oid);
    const [present, past] = [readObjectName(relation.object), target && readObjectName(target.object)];
    if (!target || !present || !past || present.kind === 'type') continue;
    const word = `ALTER ${present.kind.toUpperCase()}`;
    let name = present.name;
    if (schemaOf(name) !== schemaOf(past.name)) {
      rename(`${word} ${name} SET SCHEMA ${schemaOf(past.name)}`);
      name = `${schemaOf(past.name)}.${withoutSchema(name)}`;
    }
    if (withoutSchema(name) !== withoutSchema(past.name))
      rename(`${word} ${name} RENAME TO ${withoutSchema(past.name)}`);
    relation.columns.forEach((column, index) => {
      const old = target.columns[index] ?? null;
      if (column !== null && old !== null && column !== old && present.kind !== 'sequence')
        rename(`${word} ${past.name} RENAME COLUMN ${quoted(column)} TO ${quoted(old)}`);
    });
  }
  return steps;
}

function quoted(column: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(column) ? column : `"${column.replaceAll('"', '""')}"`;
}

/** What leads from one schema to another, object by object, in no order. They may be of different databases. */
export function stepsBetween(from: Catalog, to: Catalog, notes: ReverseNotes): ReverseStep[] {
  const names = [...new Set([...Object.keys(from.objects), ...Object.keys(to.objects)])].sort();
  return names.flatMap((key) => {
    const [present, past] = [from.objects[key], to.objects[key]];
    if (present === past) return [];
    const object = readObjectName(key);
    if (!object) return [];
    if (!past) return goesWithOther(from, to, present!) ? [] : dropAny(object, notes);
    const steps = present
      ? changeAny(from, to, object, present, past, notes)
      : createAny(from, to, object, past, notes);
    return [
      ...steps,
      ...ownerSteps(object, present?.properties['owner'], past.properties['owner']),
      ...privilegeSteps(object.kind, object.name, remade(present, steps), past),
      ...commentSteps(object.kind, object.name, remade(present, steps), past),
    ];
  });
}

/** What was dropped and made again has neither comments nor privileges of before. */
function remade(present: CatalogObject | undefined, steps: readonly ReverseStep[]): CatalogObject | null {
  const again = steps.some(
    ({ rank, sql }) =>
      rank >= ranks.createSchema &&
      /^CREATE (?!OR REPLACE|INDEX|UNIQUE INDEX|TRIGGER|RULE|POLICY|CONSTRAINT)/.test(sql),
  );
  return present && !again ? present : null;
}

/** A sequence that belongs to a column goes with it. */
function goesWithOther(from: Catalog, to: Catalog, { properties }: CatalogObject): boolean {
  const owner = properties['owned by'];
  if (owner === undefined) return false;
  const table = Object.keys(from.objects).find(
    (object) => object.startsWith('table ') && owner.startsWith(`${object.slice(6)}.`),
  );
  if (table === undefined) return false;
  const column = owner.slice(table.length - 5);
  return to.objects[table]?.parts[`column ${column}`] === undefined;
}

/** The sequence of an identity column is made with it. */
function comesWithOther(to: Catalog, { properties }: CatalogObject): boolean {
  const owner = properties['owned by'];
  if (owner === undefined) return false;
  return Object.entries(to.objects).some(
    ([object, { parts }]) =>
      object.startsWith('table ') &&
      owner.startsWith(`${object.slice(6)}.`) &&
      parts[`column ${owner.slice(object.length - 5)}`]?.['identity'] !== undefined,
  );
}

function dropAny(object: ObjectName, notes: ReverseNotes): ReverseStep[] {
  return object.kind === 'table' ? dropTable(object.name, notes) : dropObject(object, notes);
}

function createAny(
  from: Catalog,
  to: Catalog,
  object: ObjectName,
  past: CatalogObject,
  notes: ReverseNotes,
): ReverseStep[] {
  if (object.kind === 'table') {
    const withParent = from.objects[`table ${past.properties['parents']}`] === undefined;
    return createTable(to, object.name, past, notes, withParent);
  }
  if (object.kind === 'sequence' && comesWithOther(to, past)) return [];
  return createObject(object, past, notes);
}

function changeAny(
  from: Catalog,
  to: Catalog,
  object: ObjectName,
  present: CatalogObject,
  past: CatalogObject,
  notes: ReverseNotes,
): ReverseStep[] {
  if (!differs(present, past) && object.kind !== 'table') return [];
  if (object.kind === 'table') return changeTable(to, object.name, present, past, notes);
  if (object.kind === 'sequence' && comesWithOther(to, past) && !comesWithOther(from, present)) return [];
  if (object.kind === 'domain') return changeDomain(object.name, present, past);
  if (object.kind === 'type' && past.properties['kind'] === 'enum')
    return remakeEnum(to, object.name, past, notes);
  if (object.kind === 'type' && past.properties['kind'] === 'composite')
    return changeComposite(object.name, present, past);
  return changeObject(object, present, past, notes);
}

function ownerSteps(
  { kind, name }: ObjectName,
  from: string | undefined,
  to: string | undefined,
): ReverseStep[] {
  if (from === undefined || to === undefined || from === to) return [];
  const word = kind === 'window function' ? 'FUNCTION' : kind.toUpperCase();
  return [{ rank: ranks.settings, sql: `ALTER ${word} ${name} OWNER TO ${to}` }];
}

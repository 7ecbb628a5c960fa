import type { Catalog, CatalogObject } from '../catalog/catalog';
import type { FollowedCatalog } from '../catalog/follow-catalog';
import { t } from '../messages/translate';
import { commentSteps } from './comments';
import { readObjectName, sqlWord, statementName, type ObjectName } from './object-name';
import { changeObject, createObject, differs, dropObject } from './other-objects';
import { defaultPrivilegeSteps } from './default-privileges';
import { changeForeignTable, createForeignTable } from './foreign-objects';
import { privilegeSteps } from './privileges';
import { renameSteps } from './renames';
import { inOrder, mentions, ranks, type ReverseNotes, type ReverseStep } from './reverse-step';
import { changeTable, createTable, dropTable } from './tables';
import { changeComposite, changeDomain, changeEnum } from './types';

/**
 * The statements, in order, that lead from one schema back to another. What was renamed is told by its number in the
 * catalog and is renamed back; the rest is what differs, object by object.
 */
export function leadBack(from: FollowedCatalog, to: FollowedCatalog, notes: ReverseNotes): string[] {
  const renames = renameSteps(from, to);
  if (renames.length > 0) return inOrder(renames);
  return inOrder(stepsBetween(from.catalog, to.catalog, notes));
}

/** What leads from one schema to another, object by object, in no order. They may be of different databases. */
export function stepsBetween(from: Catalog, to: Catalog, notes: ReverseNotes): ReverseStep[] {
  const steps = stepsWith(from, to, new Set(), notes);
  const inTheWay = usersInTheWay(from, to, steps);
  return inTheWay.size === 0 ? steps : stepsWith(from, to, inTheWay, notes);
}

/** `anew` are to be dropped and made again, whatever differs of them. */
function stepsWith(
  from: Catalog,
  to: Catalog,
  anew: ReadonlySet<string>,
  notes: ReverseNotes,
): ReverseStep[] {
  const names = [...new Set([...Object.keys(from.objects), ...Object.keys(to.objects)])].sort();
  return names.flatMap((key) => {
    const [present, past] = [anew.has(key) ? undefined : from.objects[key], to.objects[key]];
    if (present === past) return [];
    const object = readObjectName(key);
    if (!object) {
      notes.note(t('{0} is not taken back: do that by hand.', key));
      return [];
    }
    if (object.kind === 'default privileges of')
      return defaultPrivilegeSteps(object.name, present ?? null, past ?? null);
    if (!past) return goesWithOther(from, to, present!) ? [] : dropAny(object, present!, notes);
    const again = anew.has(key) ? dropAny(object, from.objects[key]!, notes) : [];
    const steps = present
      ? changeAny(from, to, object, present, past, notes)
      : createAny(from, to, object, past, notes);
    return [
      ...again,
      ...(present ? steps.map((step) => ({ mentions: mentionedBy(present), ...step })) : steps),
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
  const part = `column ${owner.slice(table.length - 5)}`;
  const past = to.objects[table]?.parts[part];
  const isIdentity = from.objects[table]?.parts[part]?.['identity'] !== undefined;
  return past === undefined || (isIdentity && past['identity'] === undefined);
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

function dropAny(object: ObjectName, present: CatalogObject, notes: ReverseNotes): ReverseStep[] {
  const steps = object.kind === 'table' ? dropTable(object.name, notes) : dropObject(object, notes);
  return steps.map((step) => ({ ...step, mentions: mentionedBy(present) }));
}

/** All that its definition names. */
function mentionedBy({ properties, parts }: CatalogObject): string {
  return [properties, ...Object.values(parts)].flatMap((each) => Object.values(each)).join('\n');
}

/** What is there before and after, and uses what steps drop or change, has to go meanwhile: views, routines with a type. */
function usersInTheWay(from: Catalog, to: Catalog, steps: readonly ReverseStep[]): ReadonlySet<string> {
  const found = new Set<string>();
  const gone = new Set(steps.map(({ sql }) => sql));
  const disturbed = steps.flatMap(({ disturbs }) => (disturbs ? [disturbs] : []));
  const candidates = Object.entries(from.objects).flatMap(([key, object]) => {
    const read = to.objects[key] && usingKinds.test(key) ? readObjectName(key) : null;
    return read ? [{ key, ...read, object }] : [];
  });
  for (let next = disturbed.shift(); next; next = disturbed.shift()) {
    for (const { key, kind, name, object } of candidates) {
      if (found.has(key) || !uses(object, name, next)) continue;
      found.add(key);
      if (kind === 'view' || kind === 'materialized view') disturbed.push({ relation: name });
    }
  }
  for (const { key, kind, name } of candidates)
    if (gone.has(`DROP ${sqlWord(kind)} ${statementName({ kind, name })}`)) found.delete(key);
  return found;
}

const usingKinds = /^(?:materialized view|view|function|procedure|aggregate|operator|cast) /;

function uses(
  { properties }: CatalogObject,
  name: string,
  disturbed: NonNullable<ReverseStep['disturbs']>,
): boolean {
  const { definition } = properties;
  if ('type' in disturbed) {
    const signature = [name, properties['arguments'], properties['result'], properties['state type']];
    return definition === undefined && mentions(signature.join(' '), disturbed.type);
  }
  const { relation, column } = disturbed;
  if (definition === undefined || name === relation || !mentions(definition, relation)) return false;
  return column === undefined || definition.includes(column);
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
  if (object.kind === 'foreign table') return createForeignTable(to, object.name, past);
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
  const foreign =
    object.kind === 'foreign table' ? changeForeignTable(to, object.name, present, past, notes) : null;
  if (foreign) return foreign;
  if (object.kind === 'foreign table')
    return [...dropObject(object, notes), ...createForeignTable(to, object.name, past)];
  const isOther = (property: string): boolean => present.properties[property] !== past.properties[property];
  if (object.kind === 'domain' && !isOther('base type') && !isOther('collation'))
    return changeDomain(object.name, present, past);
  if (object.kind === 'type' && past.properties['kind'] === 'enum' && !isOther('kind'))
    return changeEnum(to, object.name, present, past, notes);
  if (object.kind === 'type' && past.properties['kind'] === 'composite' && !isOther('kind'))
    return changeComposite(object.name, present, past);
  return changeObject(object, present, past, notes);
}

function ownerSteps(object: ObjectName, from: string | undefined, to: string | undefined): ReverseStep[] {
  if (from === undefined || to === undefined || from === to || object.kind === 'extension') return [];
  return [
    { rank: ranks.settings, sql: `ALTER ${sqlWord(object.kind)} ${statementName(object)} OWNER TO ${to}` },
  ];
}

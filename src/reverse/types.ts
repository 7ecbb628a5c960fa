import type { Catalog, CatalogObject } from '../catalog/catalog';
import { t } from '../messages/translate';
import { readObjectName, readPart, schemaOf, withoutSchema } from './object-name';
import { orderedColumns } from './ordered-columns';
import { ranks, type ReverseNotes, type ReverseStep } from './reverse-step';

/** Makes an enum, a composite type, a range type or a domain. */
export function createType(name: string, type: CatalogObject): ReverseStep[] {
  const { properties } = type;
  if (properties['base type'] !== undefined) return [{ rank: ranks.createType, sql: domain(name, type) }];
  switch (properties['kind']) {
    case 'enum':
      return [{ rank: ranks.createType, sql: `CREATE TYPE ${name} AS ENUM (${properties['labels'] ?? ''})` }];
    case 'range':
      return [
        { rank: ranks.createType, sql: `CREATE TYPE ${name} AS RANGE (SUBTYPE = ${properties['subtype']})` },
      ];
    default:
      return [{ rank: ranks.createType, sql: `CREATE TYPE ${name} AS (${attributes(type)})` }];
  }
}

function attributes(type: CatalogObject): string {
  return orderedColumns(type)
    .map(({ name, properties }) => `${name} ${properties['type']}${collate(properties)}`)
    .join(', ');
}

function collate({ collation }: Record<string, string>): string {
  return collation ? ` COLLATE ${collation}` : '';
}

function domain(name: string, { properties, parts }: CatalogObject): string {
  const words = [`CREATE DOMAIN ${name} AS ${properties['base type']}`];
  if (properties['collation']) words.push(`COLLATE ${properties['collation']}`);
  if (properties['default'] !== undefined) words.push(`DEFAULT ${properties['default']}`);
  if (properties['not null']) words.push('NOT NULL');
  for (const [part, { definition }] of Object.entries(parts))
    if (part.startsWith('constraint ')) words.push(`CONSTRAINT ${readPart(part).name} ${definition}`);
  return words.join(' ');
}

/** From one state of a domain to another. */
export function changeDomain(name: string, from: CatalogObject, to: CatalogObject): ReverseStep[] {
  const alter = (action: string): ReverseStep => ({
    rank: ranks.alterTable,
    sql: `ALTER DOMAIN ${name} ${action}`,
  });
  const steps: ReverseStep[] = [];
  const [was, is] = [from.properties, to.properties];
  if (was['default'] !== is['default'])
    steps.push(alter(is['default'] === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${is['default']}`));
  if (was['not null'] !== is['not null']) steps.push(alter(`${is['not null'] ? 'SET' : 'DROP'} NOT NULL`));
  const constraints = Object.keys({ ...from.parts, ...to.parts }).filter((part) =>
    part.startsWith('constraint '),
  );
  for (const part of constraints) {
    const [old, now] = [from.parts[part], to.parts[part]];
    const own = readPart(part).name;
    if (old && now && old['definition'] === now['definition'] && old['validated'] === now['validated'])
      continue;
    if (old && now && old['definition'] === now['definition'] && now['validated'] === undefined) {
      steps.push(alter(`VALIDATE CONSTRAINT ${own}`));
      continue;
    }
    if (old) steps.push(alter(`DROP CONSTRAINT ${own}`));
    if (now)
      steps.push(
        alter(`ADD CONSTRAINT ${own} ${now['definition']}${now['validated'] === 'no' ? ' NOT VALID' : ''}`),
      );
  }
  return steps;
}

/** From one list of attributes of a composite type to another. */
export function changeComposite(name: string, from: CatalogObject, to: CatalogObject): ReverseStep[] {
  const alter = (action: string): ReverseStep => ({
    rank: ranks.alterTable,
    sql: `ALTER TYPE ${name} ${action}`,
  });
  const parts = Object.keys({ ...from.parts, ...to.parts }).filter((part) => part.startsWith('column '));
  return parts.flatMap((part) => {
    const [old, now] = [from.parts[part]?.['type'], to.parts[part]?.['type']];
    const own = readPart(part).name;
    if (old === now) return [];
    if (now === undefined) return [alter(`DROP ATTRIBUTE ${own}`)];
    return [alter(old === undefined ? `ADD ATTRIBUTE ${own} ${now}` : `ALTER ATTRIBUTE ${own} TYPE ${now}`)];
  });
}

/** From one list of labels to another: by renaming where only names differ, by a new type where labels came or went. */
export function changeEnum(
  catalog: Catalog,
  name: string,
  from: CatalogObject,
  to: CatalogObject,
  notes: ReverseNotes,
): ReverseStep[] {
  const [present, past] = [labelsOf(from), labelsOf(to)];
  const changed = present.flatMap((label, index) => (label === past[index] ? [] : [index]));
  const isRenamed =
    present.length === past.length &&
    changed.every((index) => !past.includes(present[index]!) && !present.includes(past[index]!));
  if (!isRenamed) return remakeEnum(catalog, name, to, notes);
  return changed.map((index) => ({
    rank: ranks.alterTable,
    sql: `ALTER TYPE ${name} RENAME VALUE ${present[index]} TO ${past[index]}`,
  }));
}

/** The labels of an enum, as SQL writes them. */
export function labelsOf({ properties }: CatalogObject): string[] {
  return (properties['labels'] ?? '').match(/E?'(?:[^']|'')*'/g) ?? [];
}

/**
 * Labels of an enum cannot be dropped: the type is made anew under its name, and every column that has it is given the new
 * one. https://www.postgresql.org/docs/current/datatype-enum.html
 */
function remakeEnum(catalog: Catalog, name: string, to: CatalogObject, notes: ReverseNotes): ReverseStep[] {
  const old = `${schemaOf(name)}.${withoutSchema(name).replace(/"?$/, (end) => `_before_rollback${end}`)}`;
  const step = (sql: string): ReverseStep => ({ rank: ranks.alterTable, sql });
  const steps: ReverseStep[] = [
    { rank: ranks.createExtension, sql: `ALTER TYPE ${name} RENAME TO ${withoutSchema(old)}` },
    {
      rank: ranks.createType,
      sql: `CREATE TYPE ${name} AS ENUM (${to.properties['labels'] ?? ''})`,
      disturbs: { type: name },
    },
  ];
  for (const use of columnsOf(catalog, name)) {
    const alter = (action: string): void =>
      void steps.push({
        ...step(`ALTER TABLE ${use.table} ALTER COLUMN ${use.column} ${action}`),
        disturbs: { relation: use.table, column: use.column },
      });
    if (use.value !== undefined) alter('DROP DEFAULT');
    const type = `${name}${use.array ? '[]' : ''}`;
    alter(`TYPE ${type} USING ${use.column}::text${use.array ? '[]' : ''}::${type}`);
    if (use.value !== undefined) alter(`SET DEFAULT ${use.value}`);
  }
  notes.note(t('Rows that hold a label {0} had not before stop it.', name));
  return [...steps, { rank: ranks.addConstraint, sql: `DROP TYPE ${old}` }];
}

interface EnumUse {
  table: string;
  column: string;
  array: boolean;
  value: string | undefined;
}

function columnsOf(catalog: Catalog, type: string): EnumUse[] {
  return Object.entries(catalog.objects).flatMap(([object, { properties, parts }]) => {
    const found = readObjectName(object);
    if (found?.kind !== 'table' || properties['partition bound'] !== undefined) return [];
    return Object.entries(parts).flatMap(([part, column]) => {
      const array = column['type'] === `${type}[]`;
      if (!part.startsWith('column ') || (column['type'] !== type && !array)) return [];
      if (column['inherited'] === 'yes') return [];
      return [{ table: found.name, column: readPart(part).name, array, value: column['default'] }];
    });
  });
}

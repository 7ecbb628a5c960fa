import type { Catalog, CatalogObject } from '../../catalog/catalog';
import { readObjectName, schemaOf, withoutSchema } from '../../reverse/object-name';

/** Something that went and something alike that came: perhaps the same under another name. Names are as SQL writes them. */
export interface PossibleRename {
  kind: 'column' | 'table' | 'schema';
  /** The table as it is called before. */
  table: string;
  /** The column, the table, or the schema it is in. */
  from: string;
  to: string;
}

/** How a rename is told apart, and said on a command line: `app.orders.note=remark`, `app.orders=purchases`. */
export function renameId({ kind, table, from, to }: PossibleRename): string {
  if (kind === 'schema') return `${table}=${to}.${withoutSchema(table)}`;
  return kind === 'table' ? `${table}=${to}` : `${table}.${from}=${to}`;
}

/** The statement that renames it at once. */
export function renameSql({ kind, table, from, to }: PossibleRename): string {
  if (kind === 'schema') return `ALTER TABLE ${table} SET SCHEMA ${to}`;
  return kind === 'table'
    ? `ALTER TABLE ${table} RENAME TO ${to}`
    : `ALTER TABLE ${table} RENAME COLUMN ${from} TO ${to}`;
}

/**
 * Tables with the same columns, of which one went and one came, and columns of one type in a table. Only a person knows: what
 * is taken for a drop and an add loses what is in it.
 */
export function possibleRenames(from: Catalog, to: Catalog): PossibleRename[] {
  const [gone, come] = [tablesOnlyIn(from, to), tablesOnlyIn(to, from)];
  const tables = gone.flatMap((one) =>
    come
      .filter((other) => columnsOf(one.object) === columnsOf(other.object))
      .flatMap((other) => pair(one.name, other.name)),
  );
  const columns = Object.entries(from.objects).flatMap(([key, object]) => {
    const name = tableName(key);
    const after = to.objects[key];
    return name !== null && after ? renamedColumns(name, object, after) : [];
  });
  return [...tables, ...columns];
}

interface NamedTable {
  name: string;
  object: CatalogObject;
}

function tablesOnlyIn(one: Catalog, other: Catalog): NamedTable[] {
  return Object.entries(one.objects).flatMap(([key, object]) => {
    const name = tableName(key);
    return name === null || other.objects[key] ? [] : [{ name, object }];
  });
}

function tableName(key: string): string | null {
  const object = readObjectName(key);
  return object?.kind === 'table' ? object.name : null;
}

/** A table changes its name or its schema, not both at once. */
function pair(one: string, other: string): PossibleRename[] {
  if (schemaOf(one) === schemaOf(other))
    return [{ kind: 'table', table: one, from: withoutSchema(one), to: withoutSchema(other) }];
  if (withoutSchema(one) !== withoutSchema(other)) return [];
  return [{ kind: 'schema', table: one, from: schemaOf(one), to: schemaOf(other) }];
}

/** Names and types, in one text. */
function columnsOf({ parts, columnOrder }: CatalogObject): string {
  return columnOrder
    .map((name) => `${name} ${(parts[`column ${name}`] ?? {})['type'] ?? ''}`)
    .sort()
    .join('\n');
}

function renamedColumns(table: string, before: CatalogObject, after: CatalogObject): PossibleRename[] {
  const columns = ({ parts }: CatalogObject): [string, Record<string, string>][] =>
    Object.entries(parts).flatMap(([part, properties]) =>
      part.startsWith('column ') ? [[part.slice('column '.length), properties]] : [],
    );
  const gone = columns(before).filter(([name]) => !after.parts[`column ${name}`]);
  const come = columns(after).filter(([name]) => !before.parts[`column ${name}`]);
  return gone.flatMap(([from, old]) =>
    come
      .filter(([, fresh]) => fresh['type'] === old['type'])
      .map(([to]): PossibleRename => ({ kind: 'column', table, from, to })),
  );
}

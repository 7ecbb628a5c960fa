import type { Catalog, CatalogObject } from '../catalog/catalog';
import { t } from '../messages/translate';
import { clipIdentifier, formatIdentifier } from '../sql/identifier';
import { schemaOf, withoutSchema } from './object-name';
import { orderedColumns } from './ordered-columns';
import type { ReverseNotes } from './reverse-step';

/** What a migration takes away that was there before it. */
export interface LostData {
  /** Tables, qualified, as SQL writes them. */
  tables: string[];
  /** Of tables that stay; `column` as SQL writes it. */
  columns: { table: string; column: string }[];
}

/** Statements that keep what would be lost, and those that put it back, each without its semicolon. */
export interface Backup {
  keep: string[];
  restore: string[];
  /** What is put back. */
  kept: LostData;
}

export const backupSchema = 'switchback_backup';

/**
 * Copies what a migration drops into tables of the schema `switchback_backup`: whole tables, and columns with the primary key
 * of their table. What cannot be kept is noted. `before` is the schema before the migration.
 */
export function backupOf(lost: LostData, before: Catalog, version: string, notes: ReverseNotes): Backup {
  const backup: Backup = { keep: [], restore: [], kept: { tables: [], columns: [] } };
  for (const table of referencedFirst(lost.tables, before)) keepTable(backup, table, before, version, notes);
  const byTable = new Map<string, string[]>();
  for (const { table, column } of lost.columns) byTable.set(table, [...(byTable.get(table) ?? []), column]);
  for (const [table, columns] of byTable) keepColumns(backup, table, columns, before, version, notes);
  if (backup.keep.length === 0) return backup;
  const dropSchema = `DO $$ BEGIN DROP SCHEMA ${backupSchema}; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END $$`;
  return {
    keep: [`CREATE SCHEMA IF NOT EXISTS ${backupSchema}`, ...backup.keep],
    restore: [...backup.restore, dropSchema],
    kept: backup.kept,
  };
}

function keepTable(
  backup: Backup,
  table: string,
  before: Catalog,
  version: string,
  notes: ReverseNotes,
): void {
  const object = before.objects[`table ${table}`];
  if (!object) return;
  // The rows of a partition go with those of its parent where that goes, too.
  const columns = writable(object);
  if (columns.length === 0) return;
  const copy = backupName(table, version);
  const list = columns.join(', ');
  const overriding = columns.some((column) => object.parts[`column ${column}`]?.['identity'] === 'always')
    ? ' OVERRIDING SYSTEM VALUE'
    : '';
  backup.keep.push(`CREATE TABLE ${copy} AS SELECT ${list} FROM ${table}`);
  backup.restore.push(
    `INSERT INTO ${table} (${list})${overriding} SELECT ${list} FROM ${copy}`,
    `DROP TABLE ${copy}`,
  );
  backup.kept.tables.push(table);
  notes.note(
    t('Rows of {0} come back as they were when the migration ran; its triggers run for them.', table),
  );
}

function keepColumns(
  backup: Backup,
  table: string,
  columns: readonly string[],
  before: Catalog,
  version: string,
  notes: ReverseNotes,
): void {
  const object = before.objects[`table ${table}`];
  if (!object) return;
  const key = keyOf(object);
  const kept = columns.filter((column) => writable(object).includes(column) && !key.includes(column));
  if (kept.length === 0) return;
  if (key.length === 0 || key.some((column) => columns.includes(column))) {
    notes.note(
      t(
        'The values of {0} of {1} are not kept: the table has no primary key that stays to find its rows by.',
        kept.join(', '),
        table,
      ),
    );
    return;
  }
  const copy = backupName(table, version);
  const sets = kept.map((column) => `${column} = kept.${column}`).join(', ');
  const same = key.map((column) => `present.${column} = kept.${column}`).join(' AND ');
  backup.keep.push(`CREATE TABLE ${copy} AS SELECT ${[...key, ...kept].join(', ')} FROM ${table}`);
  backup.restore.push(
    `UPDATE ${table} AS present SET ${sets} FROM ${copy} AS kept WHERE ${same}`,
    `DROP TABLE ${copy}`,
  );
  backup.kept.columns.push(...kept.map((column) => ({ table, column })));
  notes.note(
    t('Rows of {0} that came after the migration have no kept values of {1}.', table, kept.join(', ')),
  );
}

/** The columns that can be written, as SQL writes them. */
function writable(table: CatalogObject): string[] {
  return orderedColumns(table)
    .filter(({ properties }) => properties['generated'] === undefined)
    .map(({ name }) => name);
}

function keyOf({ parts }: CatalogObject): string[] {
  for (const { definition } of Object.values(parts)) {
    const list = /^PRIMARY KEY \(([^()]*)\)/.exec(definition ?? '')?.[1];
    if (list !== undefined) return list.split(', ');
  }
  return [];
}

function backupName(table: string, version: string): string {
  const bare = (name: string): string => name.replace(/^"|"$/g, '').replaceAll('""', '"');
  const schema = bare(schemaOf(table));
  const tail = `_${version}`;
  const name = `${schema === 'public' ? '' : `${schema}_`}${bare(withoutSchema(table))}`;
  return `${backupSchema}.${formatIdentifier(clipIdentifier(name, 63 - Buffer.byteLength(tail)) + tail)}`;
}

/** Partitions are left to their parent; a table comes after those it refers to. */
function referencedFirst(tables: readonly string[], { objects }: Catalog): string[] {
  const result: string[] = [];
  const visit = (table: string, path: readonly string[]): void => {
    if (result.includes(table) || path.includes(table)) return;
    const object = objects[`table ${table}`];
    const isPartition = object?.properties['partition bound'] !== undefined;
    if (isPartition && tables.includes(object.properties['parents'] ?? '')) return;
    for (const { definition } of Object.values(object?.parts ?? {})) {
      const other = /^FOREIGN KEY .* REFERENCES (.+?)\(/.exec(definition ?? '')?.[1];
      if (other && tables.includes(other)) visit(other, [...path, table]);
    }
    result.push(table);
  };
  for (const table of tables) visit(table, []);
  return result;
}

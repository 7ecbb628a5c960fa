import type { Catalog, CatalogObject } from '../catalog/catalog';
import { t } from '../messages/translate';
import {
  changeColumn,
  columnDefinition,
  columnSettings,
  dropColumn,
  optionActions,
  restoreColumn,
} from './columns';
import { readPart } from './object-name';
import { orderedColumns } from './ordered-columns';
import { ranks, type ReverseNotes, type ReverseStep } from './reverse-step';
import { changePart, createPart, dropPart, isCheckedOnRows } from './table-parts';
import { renamedParts } from './renamed-parts';
import { rowsLostNote } from './lost-notes';

/**
 * A table that went comes back as it was, without its rows. `catalog` is where it is; `withParent` where the table that it is
 * a partition of is made with it.
 */
export function createTable(
  catalog: Catalog,
  name: string,
  table: CatalogObject,
  notes: ReverseNotes,
  withParent = false,
): ReverseStep[] {
  notes.note(rowsLostNote(name));
  const steps: ReverseStep[] = [{ rank: ranks.createTable, sql: tableDefinition(catalog, name, table) }];
  for (const [part, properties] of Object.entries(table.parts)) {
    const { kind, name: own } = readPart(part);
    if (kind === 'constraint') steps.push(...validated(catalog, name, table, part));
    if (kind === 'column') steps.push(...columnSettings(name, own, {}, properties));
    else if (!isPartition(table) || !comesWithParent(properties) || (withParent && kind === 'index'))
      steps.push(...createPart(name, part, properties));
  }
  return [...steps, ...tableSettings(name, {}, table.properties)];
}

/**
 * A check of a parent that is not valid there is so for the children that are there as it is made; one that was made later has
 * it as a valid one.
 */
function validated(
  catalog: Catalog,
  name: string,
  { parts, properties }: CatalogObject,
  part: string,
): ReverseStep[] {
  const own = parts[part]!;
  const isLater = listOf(properties['parents']).some(
    (parent) => catalog.objects[`table ${parent}`]?.parts[part]?.['validated'] === 'no',
  );
  if (own['inherited'] === undefined || own['validated'] === 'no' || !isLater) return [];
  const sql = `ALTER TABLE ${name} VALIDATE CONSTRAINT ${readPart(part).name}`;
  return [{ rank: ranks.settings, sql }];
}

/** A partition that is attached again is given its parent's indexes and constraints, or has them already. */
function comesWithAttaching(from: CatalogObject, to: CatalogObject, part: string): boolean {
  const past = to.parts[part];
  return !isPartition(from) && isPartition(to) && past !== undefined && comesWithParent(past);
}

function isPartition({ properties }: CatalogObject): boolean {
  return properties['partition bound'] !== undefined;
}

/** PARTITION OF makes the indexes and constraints of the parent for itself. */
function comesWithParent(properties: Record<string, string>): boolean {
  return properties['inherited'] !== undefined || properties['attached to'] !== undefined;
}

function tableDefinition(catalog: Catalog, name: string, table: CatalogObject): string {
  const { properties } = table;
  const words = [`CREATE ${properties['persistence'] === 'unlogged' ? 'UNLOGGED ' : ''}TABLE ${name}`];
  if (isPartition(table))
    words.push(`PARTITION OF ${properties['parents']} ${properties['partition bound']}`);
  else {
    const own = orderedColumns(table)
      .filter(({ properties: column }) => column['inherited'] !== 'yes')
      .map(({ name: column, properties: of }) => `    ${columnDefinition(catalog, name, column, of)}`);
    words.push(own.length === 0 ? '()' : `(\n${own.join(',\n')}\n)`);
    if (properties['parents']) words.push(`INHERITS (${properties['parents']})`);
  }
  if (properties['partition key']) words.push(`PARTITION BY ${properties['partition key']}`);
  if (properties['access method']) words.push(`USING ${properties['access method']}`);
  if (properties['tablespace']) words.push(`TABLESPACE ${properties['tablespace']}`);
  return words.join(' ');
}

/** A table that came goes, and what is its own with it. */
export function dropTable(name: string, notes: ReverseNotes): ReverseStep[] {
  notes.note(t('The rows of {0} are gone after it.', name));
  return [{ rank: ranks.dropTable, sql: `DROP TABLE ${name}`, disturbs: { relation: name } }];
}

/** From one state of a table to another. */
export function changeTable(
  catalog: Catalog,
  name: string,
  from: CatalogObject,
  to: CatalogObject,
  notes: ReverseNotes,
): ReverseStep[] {
  if (from.properties['partition key'] !== to.properties['partition key'])
    return [...dropTable(name, notes), ...createTable(catalog, name, to, notes)];
  const steps = partitionSteps(name, from.properties, to.properties, notes);
  const renamed = renamedParts(name, from, to);
  steps.push(...renamed.steps);
  for (const part of new Set([...Object.keys(from.parts), ...Object.keys(to.parts)]))
    if (!renamed.parts.has(part) && !comesWithAttaching(from, to, part))
      steps.push(...changeAnyPart(catalog, name, part, from.parts[part], to.parts[part], notes));
  return [...steps, ...tableSettings(name, from.properties, to.properties)];
}

function changeAnyPart(
  catalog: Catalog,
  table: string,
  part: string,
  from: Record<string, string> | undefined,
  to: Record<string, string> | undefined,
  notes: ReverseNotes,
): ReverseStep[] {
  const { kind, name } = readPart(part);
  if (kind !== 'column') {
    if (!from) {
      if (isCheckedOnRows(kind, to!))
        notes.note(t('Rows written meanwhile that do not fit {0} of {1} stop it.', name, table));
      return createPart(table, part, to!);
    }
    return to ? changePart(table, part, from, to) : dropPart(table, part, from);
  }
  if (!from) return to!['inherited'] === 'yes' ? [] : restoreColumn(catalog, table, name, to!, notes);
  if (!to) return from['inherited'] === 'yes' ? [] : dropColumn(table, name, notes);
  return changeColumn(catalog, table, name, from, to, notes);
}

function partitionSteps(
  name: string,
  from: Record<string, string>,
  to: Record<string, string>,
  notes: ReverseNotes,
): ReverseStep[] {
  const steps: ReverseStep[] = [];
  const alter = (table: string, action: string): void =>
    void steps.push({ rank: ranks.alterTable, sql: `ALTER TABLE ${table} ${action}` });
  if (from['partition bound'] !== to['partition bound']) {
    if (from['partition bound']) alter(from['parents']!, `DETACH PARTITION ${name}`);
    if (to['partition bound']) alter(to['parents']!, `ATTACH PARTITION ${name} ${to['partition bound']}`);
    return steps;
  }
  if (from['parents'] === to['parents']) return steps;
  for (const parent of listOf(from['parents']))
    if (!listOf(to['parents']).includes(parent)) alter(name, `NO INHERIT ${parent}`);
  for (const parent of listOf(to['parents']))
    if (!listOf(from['parents']).includes(parent)) {
      alter(name, `INHERIT ${parent}`);
      notes.note(t('The columns that {0} has from {1} count as its own afterwards, too.', name, parent));
    }
  return steps;
}

function listOf(text: string | undefined): string[] {
  return (text ?? '').split(', ').filter((item) => item !== '');
}

/** What ALTER TABLE sets beside the columns and the parts. */
function tableSettings(
  name: string,
  from: Record<string, string>,
  to: Record<string, string>,
): ReverseStep[] {
  const steps: ReverseStep[] = [];
  const alter = (action: string): void =>
    void steps.push({ rank: ranks.settings, sql: `ALTER TABLE ${name} ${action}` });
  const isNew = from['exists'] === undefined;
  if (!isNew && from['persistence'] !== to['persistence'])
    alter(to['persistence'] === 'unlogged' ? 'SET UNLOGGED' : 'SET LOGGED');
  for (const action of optionActions(from['storage parameters'], to['storage parameters'])) alter(action);
  for (const action of optionActions(toast(from), toast(to))) alter(action);
  if (from['row security'] !== to['row security'])
    alter(`${to['row security'] ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY`);
  if (from['forced row security'] !== to['forced row security'])
    alter(`${to['forced row security'] ? 'FORCE' : 'NO FORCE'} ROW LEVEL SECURITY`);
  if (from['replica identity'] !== to['replica identity'])
    alter(`REPLICA IDENTITY ${replicaIdentity(to['replica identity'])}`);
  if (from['of type'] !== to['of type'])
    alter(to['of type'] === undefined ? 'NOT OF' : `OF ${to['of type']}`);
  if (!isNew && from['tablespace'] !== to['tablespace'])
    alter(`SET TABLESPACE ${to['tablespace'] ?? 'pg_default'}`);
  return steps;
}

function toast(properties: Record<string, string>): string | undefined {
  return properties['toast storage parameters']
    ?.split(', ')
    .map((option) => `toast.${option}`)
    .join(', ');
}

function replicaIdentity(value: string | undefined): string {
  if (value === undefined) return 'DEFAULT';
  return value.startsWith('index ') ? `USING INDEX ${value.slice('index '.length)}` : value.toUpperCase();
}

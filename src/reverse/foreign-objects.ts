import type { Catalog, CatalogObject } from '../catalog/catalog';
import { quoteLiteral } from '../sql/identifier';
import {
  changeColumn,
  columnDefinition,
  columnSettings,
  dropColumn,
  optionsOf,
  restoreColumn,
} from './columns';
import { readPart, type ObjectName } from './object-name';
import { orderedColumns } from './ordered-columns';
import { ranks, type ReverseNotes, type ReverseStep } from './reverse-step';
import { changePart, createPart, dropPart } from './table-parts';

type Properties = Record<string, string>;

/** Makes a foreign data wrapper or a foreign server. */
export function createForeign({ kind, name }: ObjectName, properties: Properties): ReverseStep[] {
  const options = optionList(properties['options']);
  if (kind === 'foreign data wrapper') {
    const words = [`CREATE FOREIGN DATA WRAPPER ${name}`];
    for (const role of ['handler', 'validator'])
      if (properties[role]) words.push(`${role.toUpperCase()} ${properties[role].replace(/\(.*$/, '')}`);
    return [{ rank: ranks.createExtension, sql: words.join(' ') + options }];
  }
  const words = [`CREATE SERVER ${name}`];
  for (const word of ['type', 'version'])
    if (properties[word]) words.push(`${word.toUpperCase()} ${quoteLiteral(properties[word])}`);
  words.push(`FOREIGN DATA WRAPPER ${properties['wrapper']}`);
  return [{ rank: ranks.createType, sql: words.join(' ') + options }];
}

/** null where it has to be made anew. */
export function changeForeign(
  { kind, name }: ObjectName,
  from: Properties,
  to: Properties,
): ReverseStep[] | null {
  const fixed = ['wrapper', 'type', 'handler', 'validator', 'version'];
  if (fixed.some((property) => from[property] !== to[property])) return null;
  const word = kind === 'foreign server' ? 'SERVER' : 'FOREIGN DATA WRAPPER';
  return optionChanges(from['options'], to['options']).map((sql) => ({
    rank: ranks.settings,
    sql: `ALTER ${word} ${name} ${sql}`,
  }));
}

/** A foreign table that went comes back; its rows were never here. */
export function createForeignTable(catalog: Catalog, name: string, table: CatalogObject): ReverseStep[] {
  const columns = orderedColumns(table);
  const definitions = columns.map(({ name: column, properties }) => {
    const [head, ...rest] = columnDefinition(catalog, name, column, properties).split(
      ` ${properties['type']}`,
    );
    const type = `${head} ${properties['type']}${optionList(properties['foreign options'])}`;
    return `    ${type}${rest.join(` ${properties['type']}`)}`;
  });
  const { server, options } = serverOf(table.properties);
  const steps: ReverseStep[] = [
    {
      rank: ranks.createTable,
      sql: `CREATE FOREIGN TABLE ${name} (\n${definitions.join(',\n')}\n) SERVER ${server}${optionList(options)}`,
    },
  ];
  for (const { name: column, properties } of columns)
    steps.push(...columnSettings(name, column, {}, properties));
  for (const [part, properties] of Object.entries(table.parts))
    if (!part.startsWith('column ')) steps.push(...createPart(name, part, properties));
  return steps;
}

/** From one state of a foreign table to another; null where it has to be made anew. */
export function changeForeignTable(
  catalog: Catalog,
  name: string,
  from: CatalogObject,
  to: CatalogObject,
  notes: ReverseNotes,
): ReverseStep[] | null {
  const [present, past] = [serverOf(from.properties), serverOf(to.properties)];
  if (present.server !== past.server) return null;
  const steps: ReverseStep[] = [];
  const alter = (sql: string): void =>
    void steps.push({ rank: ranks.settings, sql: `ALTER FOREIGN TABLE ${name} ${sql}` });
  optionChanges(present.options, past.options).forEach(alter);
  for (const part of new Set([...Object.keys(from.parts), ...Object.keys(to.parts)])) {
    const { kind, name: own } = readPart(part);
    const [was, is] = [from.parts[part], to.parts[part]];
    if (kind !== 'column') {
      if (!was) steps.push(...createPart(name, part, is!));
      else steps.push(...(is ? changePart(name, part, was, is) : dropPart(name, part, was)));
    } else if (!was) steps.push(...restoreColumn(catalog, name, own, is!, notes));
    else if (!is) steps.push(...dropColumn(name, own, notes));
    else steps.push(...changeColumn(catalog, name, own, was, is, notes));
    if (kind === 'column' && is)
      for (const change of optionChanges(was?.['foreign options'], is['foreign options']))
        alter(`ALTER COLUMN ${own} ${change}`);
  }
  return steps;
}

function serverOf(properties: Properties): { server: string; options: string | undefined } {
  const [, server, options] =
    /^("(?:[^"]|"")*"|[^ ]+)(?: \(([\s\S]*)\))?$/.exec(properties['server'] ?? '') ?? [];
  return { server: server ?? '', options };
}

function optionList(list: string | undefined): string {
  const options = [...optionsOf(list)].map(([name, value]) => `${name} ${quoteLiteral(value)}`);
  return options.length === 0 ? '' : ` OPTIONS (${options.join(', ')})`;
}

function optionChanges(from: string | undefined, to: string | undefined): string[] {
  const [before, after] = [optionsOf(from), optionsOf(to)];
  const changes = [
    ...[...before.keys()].filter((name) => !after.has(name)).map((name) => `DROP ${name}`),
    ...[...after]
      .filter(([name, value]) => before.get(name) !== value)
      .map(([name, value]) => `${before.has(name) ? 'SET' : 'ADD'} ${name} ${quoteLiteral(value)}`),
  ];
  return changes.length === 0 ? [] : [`OPTIONS (${changes.join(', ')})`];
}

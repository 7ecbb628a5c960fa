import type { Catalog } from '../catalog/catalog';
import { t } from '../messages/translate';
import { readPart } from './object-name';
import { columnPrivilegeSteps } from './privileges';
import { ranks, type ReverseNotes, type ReverseStep } from './reverse-step';
import { valuesLostNote } from './lost-notes';
import { isCheckedOnRows } from './table-parts';

type Properties = Record<string, string>;

/** A column of `table` as CREATE TABLE and ADD COLUMN write it. `catalog` is where the column is. */
export function columnDefinition(
  catalog: Catalog,
  table: string,
  column: string,
  properties: Properties,
): string {
  const { type, collation, generated, identity } = properties;
  const words = [column, type!];
  if (collation) words.push(`COLLATE ${collation}`);
  if (generated) words.push(generatedClause(generated));
  else if (identity) words.push(identityClause(catalog, table, column, identity));
  else if (properties['default'] !== undefined) words.push(`DEFAULT ${properties['default']}`);
  if (properties['not null'] && properties['not null'] !== 'not valid') words.push(notNullClause(properties));
  return words.join(' ');
}

function notNullClause(properties: Properties): string {
  return properties['not null'] === 'no inherit' ? 'NOT NULL NO INHERIT' : 'NOT NULL';
}

function generatedClause(generated: string): string {
  const [, expression, kind] = /^([\s\S]*) (stored|virtual)$/.exec(generated)!;
  return `GENERATED ALWAYS AS (${expression}) ${kind!.toUpperCase()}`;
}

function identityClause(catalog: Catalog, table: string, column: string, identity: string): string {
  const kind = `GENERATED ${identity.toUpperCase()} AS IDENTITY`;
  const owned = identitySequence(catalog, table, column);
  return owned ? `${kind} (SEQUENCE NAME ${owned.name} ${sequenceOptions(owned.properties)})` : kind;
}

function identitySequence(
  catalog: Catalog,
  table: string,
  column: string,
): { name: string; properties: Properties } | null {
  for (const [object, { properties }] of Object.entries(catalog.objects))
    if (object.startsWith('sequence ') && properties['owned by'] === `${table}.${column}`)
      return { name: object.slice('sequence '.length), properties };
  return null;
}

/** The options of CREATE SEQUENCE for what the catalog says of one. */
export function sequenceOptions(properties: Properties): string {
  const { start, increment, minimum, maximum, cache, cycle } = properties;
  const options = [
    `START WITH ${start}`,
    `INCREMENT BY ${increment}`,
    `MINVALUE ${minimum}`,
    `MAXVALUE ${maximum}`,
    `CACHE ${cache}`,
  ];
  return [...options, ...(cycle ? ['CYCLE'] : [])].join(' ');
}

/** A column that came goes. */
export function dropColumn(table: string, column: string, notes: ReverseNotes): ReverseStep[] {
  notes.note(t('What was written into column {0} of {1} is gone after it.', column, table));
  const disturbs = { relation: table, column };
  return [{ rank: ranks.dropTable, sql: `ALTER TABLE ${table} DROP COLUMN ${column}`, disturbs }];
}

/** A column that went comes back, empty, at the end of its table. */
export function restoreColumn(
  catalog: Catalog,
  table: string,
  column: string,
  properties: Properties,
  notes: ReverseNotes,
): ReverseStep[] {
  const needsValue = properties['not null'] !== undefined && !hasValue(properties);
  if (properties['generated'] === undefined) notes.note(valuesLostNote(table, column));
  const neutral = needsValue ? neutralValue(properties['type']!) : null;
  const add = (definition: string): ReverseStep => ({
    rank: ranks.alterTable,
    sql: `ALTER TABLE ${table} ADD COLUMN ${definition}`,
  });
  const later = columnSettings(table, column, {}, properties);
  if (!needsValue || neutral === null) {
    if (needsValue)
      notes.note(
        t(
          'Column {0} of {1} must not be null and has no default: it can only come back to a table without rows.',
          column,
          table,
        ),
      );
    return [add(columnDefinition(catalog, table, column, properties)), ...later];
  }
  notes.note(t('The rows of {0} get {1} in column {2}, for it must not be null.', table, neutral, column));
  const conditions = conditionsOn(catalog, table, column);
  if (conditions.length > 0)
    notes.note(
      t(
        'That value may not fit {0} of {1}, which stop it then: give the rows values of their own first.',
        conditions.join(', '),
        table,
      ),
    );
  return [
    add(columnDefinition(catalog, table, column, { ...properties, default: neutral })),
    { rank: ranks.alterTable, sql: `ALTER TABLE ${table} ALTER COLUMN ${column} DROP DEFAULT` },
    ...later,
  ];
}

/** Constraints and unique indexes that speak of a column and are checked against the rows. */
function conditionsOn(catalog: Catalog, table: string, column: string): string[] {
  const bare = column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const named = new RegExp(`(?<![\\p{L}\\p{N}_$"])${bare}(?![\\p{L}\\p{N}_$"])`, 'u');
  return Object.entries(catalog.objects[`table ${table}`]?.parts ?? {}).flatMap(([part, properties]) => {
    const { kind, name } = readPart(part);
    return isCheckedOnRows(kind, properties) && named.test(properties['definition'] ?? '') ? [name] : [];
  });
}

function hasValue(properties: Properties): boolean {
  return ['default', 'generated', 'identity'].some((name) => properties[name] !== undefined);
}

/** A value of a type that says nothing; null where there is none that every column could hold. */
function neutralValue(type: string): string | null {
  if (/^(?:character varying|text|citext|bpchar)(?:\(\d+\))?$/.test(type)) return "''";
  if (/^(?:smallint|integer|bigint|real|double precision|numeric)(?:\(.*\))?$/.test(type)) return '0';
  if (type === 'boolean') return 'false';
  if (type === 'json' || type === 'jsonb') return "'{}'";
  if (type === 'bytea') return "''";
  if (type.endsWith('[]')) return "'{}'";
  if (/^timestamp/.test(type)) return "'epoch'";
  if (type === 'date') return "'1970-01-01'";
  if (type === 'uuid') return "'00000000-0000-0000-0000-000000000000'";
  return null;
}

/** From one state of a column to another. `catalog` is where `to` is. */
export function changeColumn(
  catalog: Catalog,
  table: string,
  column: string,
  from: Properties,
  to: Properties,
  notes: ReverseNotes,
): ReverseStep[] {
  if (to['generated'] !== undefined && from['generated'] !== to['generated'])
    return [
      {
        rank: ranks.alterTable,
        sql: `ALTER TABLE ${table} DROP COLUMN ${column}`,
        disturbs: { relation: table, column },
      },
      ...restoreColumn(catalog, table, column, to, notes),
    ];
  const alter = (action: string): ReverseStep => ({
    rank: ranks.alterTable,
    sql: `ALTER TABLE ${table} ALTER COLUMN ${column} ${action}`,
  });
  const steps: ReverseStep[] = [];
  if (from['generated'] !== undefined && to['generated'] === undefined) steps.push(alter('DROP EXPRESSION'));
  if (from['identity'] !== undefined && to['identity'] === undefined) steps.push(alter('DROP IDENTITY'));
  const typeChanges = from['type'] !== to['type'] || from['collation'] !== to['collation'];
  if (from['default'] !== undefined && (typeChanges || to['default'] === undefined))
    steps.push(alter('DROP DEFAULT'));
  if (typeChanges) {
    const collation = to['collation'] ? ` COLLATE ${to['collation']}` : '';
    const using = from['type'] === to['type'] ? '' : ` USING ${castOf(column, from['type']!, to['type']!)}`;
    steps.push({
      ...alter(`TYPE ${to['type']}${collation}${using}`),
      disturbs: { relation: table, column },
    });
    notes.note(t('Values of column {0} of {1} that do not fit {2} stop it.', column, table, to['type']!));
  }
  if (to['default'] !== undefined && (typeChanges || from['default'] !== to['default']))
    steps.push(alter(`SET DEFAULT ${to['default']}`));
  if (from['not null'] === undefined && to['not null'] !== undefined) {
    steps.push(alter('SET NOT NULL'));
    notes.note(t('Rows that hold null in column {0} of {1} stop it.', column, table));
  }
  if (from['not null'] !== undefined && to['not null'] === undefined) steps.push(alter('DROP NOT NULL'));
  if (to['identity'] !== undefined && from['identity'] !== to['identity'])
    steps.push(
      from['identity'] === undefined
        ? alter(`ADD ${identityClause(catalog, table, column, to['identity'])}`)
        : alter(`SET GENERATED ${to['identity'].toUpperCase()}`),
    );
  return [...steps, ...columnSettings(table, column, from, to)];
}

/** A cast there is; by way of text where PostgreSQL has none: https://www.postgresql.org/docs/current/sql-createcast.html */
function castOf(column: string, from: string, to: string): string {
  const [one, other] = [familyOf(from), familyOf(to)];
  const direct =
    one === other ||
    one === 'string' ||
    other === 'string' ||
    (from === 'integer' && to === 'boolean') ||
    (from === 'boolean' && to === 'integer');
  return direct ? `${column}::${to}` : `${column}::text::${to}`;
}

function familyOf(type: string): string {
  const base = type.replace(/\(.*?\)/, '').replace(/(?:\[\])+$/, '');
  if (/^(?:smallint|integer|bigint|real|double precision|numeric)$/.test(base)) return 'number';
  if (/^(?:character varying|character|text|bpchar|citext|name)$/.test(base)) return 'string';
  if (/^(?:date|timestamp with(?:out)? time zone)$/.test(base)) return 'moment';
  return /^jsonb?$/.test(base) ? 'json' : base;
}

/** What a column's definition does not hold: storage, compression, statistics, options, privileges. */
export function columnSettings(
  table: string,
  column: string,
  from: Properties,
  to: Properties,
): ReverseStep[] {
  const alter = (action: string): ReverseStep => ({
    rank: ranks.settings,
    sql: `ALTER TABLE ${table} ALTER COLUMN ${column} ${action}`,
  });
  const steps: ReverseStep[] = [];
  if (from['storage'] !== to['storage']) steps.push(alter(`SET STORAGE ${to['storage'] ?? 'DEFAULT'}`));
  if (from['compression'] !== to['compression'])
    steps.push(alter(`SET COMPRESSION ${to['compression'] ?? 'default'}`));
  if (from['statistics target'] !== to['statistics target'])
    steps.push(alter(`SET STATISTICS ${to['statistics target'] ?? '-1'}`));
  for (const action of optionActions(from['options'], to['options'])) steps.push(alter(action));
  return [...steps, ...columnPrivilegeSteps(table, column, from, to)];
}

/** SET and RESET that lead from one list of `name=value` to another. */
export function optionActions(from: string | undefined, to: string | undefined): string[] {
  if (from === to) return [];
  const before = optionsOf(from);
  const after = optionsOf(to);
  const gone = [...before.keys()].filter((name) => !after.has(name));
  const set = [...after].filter(([name, value]) => before.get(name) !== value);
  const actions: string[] = [];
  if (gone.length > 0) actions.push(`RESET (${gone.join(', ')})`);
  if (set.length > 0) actions.push(`SET (${set.map(([name, value]) => `${name} = ${value}`).join(', ')})`);
  return actions;
}

/** `name=value, name=value` as a map. */
export function optionsOf(list: string | undefined): Map<string, string> {
  const pairs = (list ?? '').split(', ').filter((pair) => pair !== '');
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

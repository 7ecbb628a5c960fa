import type { CatalogObject } from '../catalog/catalog';
import { t } from '../messages/translate';
import { quoteLiteral } from '../sql/identifier';
import { sequenceOptions } from './columns';
import { changeForeign, createForeign } from './foreign-objects';
import { sqlWord, statementName, type ObjectName } from './object-name';
import { createAggregate, createCast, createOperator } from './operators';
import { createRoutine, dropRoutine } from './routines';
import { ranks, type Rank, type ReverseNotes, type ReverseStep } from './reverse-step';
import { createPart } from './table-parts';
import { createType } from './types';

/** Makes an object that went. Of a kind that is not known here it says so. */
export function createObject(object: ObjectName, found: CatalogObject, notes: ReverseNotes): ReverseStep[] {
  const { kind, name } = object;
  const { properties } = found;
  const one = (rank: Rank, sql: string): ReverseStep[] => [{ rank, sql }];
  switch (kind) {
    case 'schema':
      return one(ranks.createSchema, `CREATE SCHEMA ${name}`);
    case 'extension':
      return one(ranks.createExtension, `CREATE EXTENSION ${name} SCHEMA ${properties['schema']}`);
    case 'sequence':
      if (properties['owned by'] === undefined)
        notes.note(
          t(
            'Sequence {0} begins at {1} again: set it where rows hold later numbers.',
            name,
            properties['start']!,
          ),
        );
      return createSequence(name, properties);
    case 'type':
    case 'domain':
      return createType(name, found);
    case 'view':
    case 'materialized view':
      return createView(object, found);
    case 'function':
    case 'window function':
    case 'procedure':
      return createRoutine(object, properties);
    case 'statistics':
      return [
        ...one(ranks.createOutermost, properties['definition']!),
        ...(properties['target'] === undefined
          ? []
          : one(ranks.settings, `ALTER STATISTICS ${name} SET STATISTICS ${properties['target']}`)),
      ];
    case 'event trigger':
      return [
        ...one(ranks.createOutermost, eventTrigger(name, properties)),
        ...(properties['enabled'] === undefined
          ? []
          : one(ranks.settings, `ALTER EVENT TRIGGER ${name} ${enabledAction(properties['enabled'])}`)),
      ];
    case 'collation':
      return one(ranks.createType, collation(name, properties));
    case 'publication':
      return one(ranks.createOutermost, publication(name, found));
    case 'aggregate':
      return createAggregate(object, properties, notes);
    case 'operator':
      return createOperator(object, properties);
    case 'cast':
      return createCast(object, properties);
    case 'foreign data wrapper':
    case 'foreign server':
      return createForeign(object, properties);
    default:
      notes.note(t('{0} {1} is not made again: write that by hand.', kind, name));
      return [];
  }
}

/** Drops an object that came. */
export function dropObject(object: ObjectName, notes: ReverseNotes): ReverseStep[] {
  const { kind, name } = object;
  const word = sqlWord(kind);
  switch (kind) {
    case 'function':
    case 'window function':
    case 'procedure':
    case 'aggregate':
      return dropRoutine(object);
    case 'view':
    case 'materialized view':
      return [{ rank: ranks.dropView, sql: `DROP ${word} ${name}`, disturbs: { relation: name } }];
    case 'sequence':
      return [{ rank: ranks.dropSequence, sql: `DROP SEQUENCE ${name}` }];
    case 'type':
    case 'domain':
    case 'collation':
      return [{ rank: ranks.dropType, sql: `DROP ${word} ${name}` }];
    case 'statistics':
      return [{ rank: ranks.dropPart, sql: `DROP STATISTICS ${name}` }];
    case 'schema':
      return [{ rank: ranks.dropSchema, sql: `DROP SCHEMA ${name}` }];
    case 'extension':
      return [{ rank: ranks.dropExtension, sql: `DROP EXTENSION ${name}` }];
    case 'event trigger':
    case 'publication':
      return [{ rank: ranks.dropOutermost, sql: `DROP ${word} ${name}` }];
    case 'foreign server':
    case 'foreign data wrapper':
      return [{ rank: ranks.dropExtension, sql: `DROP ${word} ${name}` }];
    case 'foreign table':
      return [{ rank: ranks.dropTable, sql: `DROP ${word} ${name}`, disturbs: { relation: name } }];
    case 'cast':
    case 'operator':
      return [{ rank: ranks.dropPart, sql: `DROP ${word} ${statementName(object)}` }];
    case 'operator class':
    case 'operator family':
    case 'text search configuration':
    case 'text search dictionary':
    case 'text search parser':
    case 'text search template':
    case 'conversion':
    case 'access method':
    case 'language':
      return [{ rank: ranks.dropOutermost, sql: `DROP ${word} ${name}` }];
    default:
      notes.note(t('{0} {1} stays: take it back by hand.', kind, name));
      return [];
  }
}

/** From one state of an object to another: made anew where that is the only way. */
export function changeObject(
  object: ObjectName,
  from: CatalogObject,
  to: CatalogObject,
  notes: ReverseNotes,
): ReverseStep[] {
  const { kind, name } = object;
  if (!differs(from, to)) return [];
  switch (kind) {
    case 'view':
      return changeView(object, from, to, notes);
    case 'foreign data wrapper':
    case 'foreign server': {
      const steps = changeForeign(object, from.properties, to.properties);
      return steps ?? [...dropObject(object, notes), ...createObject(object, to, notes)];
    }
    case 'sequence':
      return changeSequence(name, from.properties, to.properties);
    case 'function':
    case 'window function':
    case 'procedure': {
      const sameShape = ['arguments', 'result'].every(
        (name_) => from.properties[name_] === to.properties[name_],
      );
      const create = createRoutine(object, to.properties);
      return sameShape ? create : [...dropRoutine(object), ...create];
    }
    case 'extension':
      if (from.properties['version'] !== to.properties['version'])
        notes.note(t('Extension {0} stays at version {1}.', name, from.properties['version']!));
      return from.properties['schema'] === to.properties['schema']
        ? []
        : [{ rank: ranks.settings, sql: `ALTER EXTENSION ${name} SET SCHEMA ${to.properties['schema']}` }];
    default:
      return [...dropObject(object, notes), ...createObject(object, to, notes)];
  }
}

/** In place where the columns it has now stay as they are; else made anew. */
function changeView(
  object: ObjectName,
  from: CatalogObject,
  to: CatalogObject,
  notes: ReverseNotes,
): ReverseStep[] {
  const columns = ({ columnOrder, parts }: CatalogObject): string[] =>
    columnOrder.map((column) => `${column} ${parts[`column ${column}`]?.['type']}`);
  const [present, past] = [columns(from), columns(to)];
  const rest = (found: CatalogObject): string =>
    JSON.stringify([
      Object.entries(found.properties).filter(([name]) => name !== 'definition' && !separately.has(name)),
      Object.entries(found.parts).filter(([part]) => !/^(?:column|privileges of) /.test(part)),
      Object.entries(found.parts).flatMap(([, of]) => of['default'] ?? []),
    ]);
  const inPlace = present.every((column, index) => column === past[index]) && rest(from) === rest(to);
  if (!inPlace) return [...dropObject(object, notes), ...createObject(object, to, notes)];
  return createView(object, to)
    .slice(0, 1)
    .map(({ rank, sql }) => ({ rank, sql: sql.replace(/^CREATE VIEW/, 'CREATE OR REPLACE VIEW') }));
}

const separately = new Set(['owner', 'comment', 'index comment']);

/** Whether more differs than owner, comments and privileges, which have statements of their own. */
export function differs(from: CatalogObject, to: CatalogObject): boolean {
  const rest = ({ properties, parts }: CatalogObject): string =>
    JSON.stringify([
      without(properties),
      Object.entries(parts)
        .filter(([part]) => !part.startsWith('privileges of '))
        .map(([part, of]) => [part, without(of)]),
    ]);
  return rest(from) !== rest(to);
}

function without(properties: Record<string, string>): [string, string][] {
  return Object.entries(properties).filter(([name]) => !separately.has(name) && !/^privilege /.test(name));
}

function createSequence(name: string, properties: Record<string, string>): ReverseStep[] {
  const sql = `CREATE SEQUENCE ${name} AS ${properties['type']} ${sequenceOptions(properties)}`;
  return [{ rank: ranks.createSequence, sql }, ...ownership(name, undefined, properties['owned by'])];
}

function changeSequence(
  name: string,
  from: Record<string, string>,
  to: Record<string, string>,
): ReverseStep[] {
  const settings = (properties: Record<string, string>): string =>
    `AS ${properties['type']} ${sequenceOptions(properties)}${properties['cycle'] ? '' : ' NO CYCLE'}`;
  const owned = ownership(name, from['owned by'], to['owned by']);
  if (settings(from) === settings(to)) return owned;
  return [{ rank: ranks.alterTable, sql: `ALTER SEQUENCE ${name} ${settings(to)}` }, ...owned];
}

function ownership(name: string, from: string | undefined, to: string | undefined): ReverseStep[] {
  if (from === to) return [];
  return [{ rank: ranks.ownSequence, sql: `ALTER SEQUENCE ${name} OWNED BY ${to ?? 'NONE'}` }];
}

function createView({ kind, name }: ObjectName, { properties, parts }: CatalogObject): ReverseStep[] {
  const options = properties['storage parameters'] ? ` WITH (${properties['storage parameters']})` : '';
  const definition = properties['definition']!.trim().replace(/;$/, '');
  const empty = properties['populated'] === 'no' ? '\n  WITH NO DATA' : '';
  const steps: ReverseStep[] = [
    {
      rank: ranks.createView,
      sql: `CREATE ${kind.toUpperCase()} ${name}${options} AS\n ${definition}${empty}`,
    },
  ];
  for (const [part, of] of Object.entries(parts))
    if (/^(?:index|trigger|rule) /.test(part)) steps.push(...afterView(createPart(name, part, of)));
  return steps;
}

/** Indexes of a materialized view come after it, unlike those of tables. */
function afterView(steps: ReverseStep[]): ReverseStep[] {
  return steps.map((step) => ({ ...step, rank: ranks.addTrigger }));
}

function eventTrigger(name: string, properties: Record<string, string>): string {
  const tags = properties['tags']
    ? ` WHEN TAG IN (${properties['tags'].split(', ').map(quoteLiteral).join(', ')})`
    : '';
  return `CREATE EVENT TRIGGER ${name} ON ${properties['event']}${tags} EXECUTE FUNCTION ${properties['function']}`;
}

function enabledAction(state: string): string {
  return state === 'disabled' ? 'DISABLE' : `ENABLE ${state.toUpperCase()}`;
}

function collation(name: string, properties: Record<string, string>): string {
  const providers: Record<string, string> = { c: 'libc', i: 'icu', b: 'builtin' };
  const [collate, ctype] = (properties['locale'] ?? '').split(' ');
  const locale =
    ctype === undefined || collate === ctype
      ? `LOCALE = ${quoteLiteral(collate!)}`
      : `LC_COLLATE = ${quoteLiteral(collate!)}, LC_CTYPE = ${quoteLiteral(ctype)}`;
  const deterministic = properties['deterministic'] === 'no' ? ', DETERMINISTIC = false' : '';
  return `CREATE COLLATION ${name} (PROVIDER = ${providers[properties['provider']!] ?? 'libc'}, ${locale}${deterministic})`;
}

function publication(name: string, { properties, parts }: CatalogObject): string {
  const tables = Object.entries(parts)
    .filter(([part]) => part.startsWith('table '))
    .map(([part, of]) => {
      const columns = of['columns'] ? ` (${of['columns']})` : '';
      return `${part.slice('table '.length)}${columns}${of['row filter'] ? ` WHERE (${of['row filter']})` : ''}`;
    });
  const schemas = Object.keys(parts)
    .filter((part) => part.startsWith('schema '))
    .map((part) => part.slice('schema '.length));
  const objects = [
    ...(tables.length > 0 ? [`TABLE ${tables.join(', ')}`] : []),
    ...(schemas.length > 0 ? [`TABLES IN SCHEMA ${schemas.join(', ')}`] : []),
  ];
  const what = properties['all tables']
    ? ' FOR ALL TABLES'
    : objects.length > 0
      ? ` FOR ${objects.join(', ')}`
      : '';
  const options = [`publish = ${quoteLiteral(properties['operations'] ?? '')}`];
  if (properties['generated columns'])
    options.push(`publish_generated_columns = ${properties['generated columns']}`);
  if (properties['via root']) options.push('publish_via_partition_root = true');
  return `CREATE PUBLICATION ${name}${what} WITH (${options.join(', ')})`;
}

import type { ColumnFacts, ForeignKeyFacts, TableFacts } from '../../catalog/table-facts';
import { dollarQuoted } from '../../sql/dollar-quoted';
import { shortHash } from '../../sql/free-name';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteIdentifier,
  type QualifiedName,
} from '../../sql/identifier';
import { dropTrigger } from '../../sql/row-trigger';
import {
  carryBody,
  idleCarryBody,
  idleTakeBody,
  pullBody,
  pushBody,
  takeBody,
  type MovedRows,
} from './moved-columns-bodies';
import { triggerExists } from './sql-text';

/** A function and the trigger that runs it on each of these tables. */
interface RowFunction {
  name: QualifiedName;
  trigger: string;
  on: QualifiedName[];
}

/**
 * What keeps columns of rows and those of the row that they refer to equal. A row that is made `takes` what is known
 * already and `carries` what it is given; the other side `pulls` until it is filled, and `pushes` from then on.
 */
export interface MovedColumnsMirror {
  rows: MovedRows;
  take: RowFunction;
  carry: RowFunction;
  pull: RowFunction;
  push: RowFunction;
  searchPath: string[];
  /** By whose rights they write: who may write the one table need not be able to write the other. */
  owner: string;
}

interface Mirrored {
  table: TableFacts;
  target: TableFacts;
  key: ForeignKeyFacts;
  columns: readonly ColumnFacts[];
  single: boolean;
  whole: boolean;
  serverMajor: number;
}

/** Names and places of all functions and triggers. */
export function movedColumnsMirror(mirrored: Mirrored): MovedColumnsMirror {
  const { table, target, key, columns, single, whole, serverMajor } = mirrored;
  const id = shortHash(JSON.stringify([table.name, target.name]));
  const named = (word: string): QualifiedName => ({
    schema: table.name.schema,
    name: `switchback_${word}_${id}`,
  });
  // They fire before the table's own triggers: one of those may write the row once more.
  const [before, after] = [`!switchback_${id}_before`, `!switchback_${id}`];
  return {
    rows: {
      table: table.name,
      target: target.name,
      fromKey: key.fromColumns,
      toKey: key.toColumns,
      columns,
      uniqueKeys: table.uniqueKeys,
      single,
      whole,
    },
    take: { name: named('take'), trigger: before, on: placesBefore(table, serverMajor) },
    carry: { name: named('carry'), trigger: after, on: [table.name] },
    pull: { name: named('pull'), trigger: before, on: placesBefore(target, serverMajor) },
    push: { name: named('push'), trigger: after, on: [target.name] },
    searchPath: pathOf(
      table,
      target,
      [...key.fromColumns, ...columns.map(({ name }) => name)],
      key.toColumns,
    ),
    owner: table.owner,
  };
}

/** From PostgreSQL 13 on a partitioned table takes such triggers for its partitions. */
function placesBefore({ name, partitioning }: TableFacts, serverMajor: number): QualifiedName[] {
  return partitioning !== null && serverMajor < 13 ? partitioning.leaves : [name];
}

function pathOf(table: TableFacts, target: TableFacts, from: string[], to: string[]): string[] {
  const types = [
    ...table.columns.filter(({ name }) => from.includes(name)),
    ...target.columns.filter(({ name }) => to.includes(name)),
  ].map(({ typeName }) => typeName.schema);
  return ['pg_catalog', ...new Set(types.filter((schema) => schema !== 'pg_catalog')), 'pg_temp'];
}

/** What fills the rows of the other table as they are written, until all are filled. */
export function createPull(mirror: MovedColumnsMirror): string[] {
  return [
    ...createFunction(mirror, mirror.pull, pullBody(mirror.rows)),
    ...rowTriggers(mirror.pull, 'BEFORE UPDATE'),
  ];
}

/** DROP TRIGGER and DROP FUNCTION of the same. */
export function dropPull({ pull }: MovedColumnsMirror): string[] {
  return dropAll(pull);
}

/** What carries writes of the table to the other one. */
export function createCarry(mirror: MovedColumnsMirror): string[] {
  const { take, carry, rows } = mirror;
  return [
    ...createFunction(mirror, take, takeBody(rows)),
    ...createFunction(mirror, carry, carryBody(rows)),
    ...rowTriggers(take, rows.single ? 'BEFORE INSERT' : 'BEFORE INSERT OR UPDATE'),
    ...rowTriggers(carry, `AFTER INSERT OR UPDATE${rows.single ? ' OR DELETE' : ''}`),
    ...(rows.single
      ? [
          `CREATE TRIGGER ${quoteIdentifier(truncateName(mirror))}\n  AFTER TRUNCATE ON ${formatQualifiedName(rows.table)}\n` +
            `  FOR EACH STATEMENT EXECUTE FUNCTION ${formatQualifiedName(carry.name)}()`,
        ]
      : []),
  ];
}

/** DROP TRIGGER and DROP FUNCTION of the same. */
export function dropCarry(mirror: MovedColumnsMirror): string[] {
  const { take, carry, rows } = mirror;
  return [
    ...(rows.single ? [dropTrigger(rows.table, truncateName(mirror))] : []),
    ...dropAll(carry),
    ...dropAll(take),
  ];
}

/** DROP FUNCTION of the same, once the table is gone with its triggers. */
export function dropCarryFunctions({ take, carry }: MovedColumnsMirror): string[] {
  return [carry, take].map(({ name }) => `DROP FUNCTION ${formatQualifiedName(name)}()`);
}

/** What carries writes of the other table back. */
export function createPush(mirror: MovedColumnsMirror): string[] {
  const events = mirror.rows.whole ? 'AFTER INSERT OR UPDATE' : 'AFTER UPDATE';
  return [...createFunction(mirror, mirror.push, pushBody(mirror.rows)), ...rowTriggers(mirror.push, events)];
}

/** DROP TRIGGER and DROP FUNCTION of the same. */
export function dropPush({ push }: MovedColumnsMirror): string[] {
  return dropAll(push);
}

/** From now on nothing is carried; a row that has to have values still gets those of the other table. */
export function endCarry(mirror: MovedColumnsMirror): string[] {
  return [
    functionText('CREATE OR REPLACE', mirror, mirror.carry, idleCarryBody()),
    functionText('CREATE OR REPLACE', mirror, mirror.take, idleTakeBody(mirror.rows)),
  ];
}

/** SQL that is true while the function's triggers are there. */
export function isRunning({ on, trigger }: RowFunction): string {
  return triggerExists(on, trigger);
}

function truncateName({ carry }: MovedColumnsMirror): string {
  return `${carry.trigger}_all`;
}

function rowTriggers({ on, trigger, name }: RowFunction, events: string): string[] {
  return on.map(
    (table) =>
      `CREATE TRIGGER ${quoteIdentifier(trigger)}\n  ${events} ON ${formatQualifiedName(table)}\n` +
      `  FOR EACH ROW EXECUTE FUNCTION ${formatQualifiedName(name)}()`,
  );
}

function dropAll({ on, trigger, name }: RowFunction): string[] {
  return [...on.map((table) => dropTrigger(table, trigger)), `DROP FUNCTION ${formatQualifiedName(name)}()`];
}

function createFunction(mirror: MovedColumnsMirror, { name }: RowFunction, body: string): string[] {
  return [
    functionText('CREATE', mirror, { name }, body),
    `ALTER FUNCTION ${formatQualifiedName(name)}() OWNER TO ${formatIdentifier(mirror.owner)}`,
  ];
}

function functionText(
  verb: 'CREATE' | 'CREATE OR REPLACE',
  { searchPath }: MovedColumnsMirror,
  { name }: Pick<RowFunction, 'name'>,
  body: string,
): string {
  const path = searchPath.map((schema) => formatIdentifier(schema)).join(', ');
  return (
    `${verb} FUNCTION ${formatQualifiedName(name)}() RETURNS trigger\n` +
    `  LANGUAGE plpgsql SECURITY DEFINER\n  SET search_path = ${path}\nAS ${dollarQuoted(body)}`
  );
}

import type { ColumnDef, Node } from '@pgsql/types';
import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { baseType, collationName, columnType, isConstrainedDomain } from '../column-type';
import { columnName, mentions } from '../known-constraint';
import type { KnownColumn, KnownColumnType, KnownConstraint, KnownSchema } from '../known-schema';
import { descendants, foreignKeysTo, ownedSequences } from '../known-neighbours';
import { lockForDroppedKey } from './dropped-key';
import type { Effects } from './effects';
import { lockForProof, lockIndexesOfColumn } from './index-locks';

/**
 * ALTER COLUMN TYPE rewrites the table and its indexes unless the old values are the new ones unchanged:
 * ATColumnChangeRequiresRewrite in tablecmds.c. CHECKs of the column are proved again.
 */
export function changeColumnType(key: string, name: string, definition: ColumnDef, effects: Effects): void {
  const { schema } = effects.context;
  const relation = schema.relations.get(key);
  const column = relation?.columns.find((each) => each.name === name);
  const type = columnType(schema, definition.typeName);
  const expression = definition.raw_default;
  const converted = expression !== undefined && !isColumnItself(expression, name, schema, type);
  const rewritten = converted || !column || rewrites(schema, column.type, type);
  lockIndexesOfColumn([key, ...descendants(schema, key)], name, effects);
  if (column) lockWhatGoesAlong(key, column, type, rewritten, effects);
  if (converted) {
    effects.work('rewrite', key);
    effects.breaksOldCode();
    effects.losesData();
    return;
  }
  if (!column) {
    changeUnknownType(key, name, definition, type, effects);
    return;
  }
  if (rewritten) {
    effects.work('rewrite', key);
    if (!isReadAlike(baseType(schema, column.type), baseType(schema, type))) effects.breaksOldCode();
    if (!isWidening(baseType(schema, column.type), baseType(schema, type))) effects.losesData();
    return;
  }
  const checked = relation!.constraints.some(
    (constraint) =>
      constraint.kind === 'check' && constraint.validated && mentions(constraint.conjuncts, name),
  );
  if (checked) effects.work('scan', key);
  const reorders = reordersIndex(schema, column.type, type, definition, column.collation);
  if (relation!.indexes.some((index) => index.uses.includes(name) && (index.computed || reorders)))
    effects.work('index-build', key);
}

/** Without the present type: only types that every automatic cast to keeps as they are count as kept. */
function changeUnknownType(
  key: string,
  name: string,
  definition: ColumnDef,
  type: KnownColumnType,
  effects: Effects,
): void {
  const collated = definition.collClause !== undefined;
  // Who writes a conversion has values that need one.
  const cast = asKind(definition.raw_default, 'TypeCast') !== null;
  if (!collated && !cast && !type.array && keptFromAnything(type, effects.context.schema)) {
    effects.note(
      t(
        'The present type of {0} is not known; the table is rewritten unless its values are stored as {1} already.',
        name,
        type.name,
      ),
    );
    return;
  }
  effects.work('rewrite', key);
  effects.note(t('The present type of {0} is not known; the table is taken to be rewritten.', name));
}

/** Types that are nearly always reached from one with the same bytes: text from varchar, inet from cidr, numeric from one with a limit. */
function keptFromAnything(type: KnownColumnType, schema: KnownSchema): boolean {
  const { name, modifiers } = type;
  if (/^timestamp(tz)?$/.test(name) && modifiers.length === 0) return schema.utc === true;
  if (/^(interval|time|timetz|timestamp|timestamptz)$/.test(name))
    return modifiers.length > 0 && keepsModifiers({ ...type, modifiers: [] }, type);
  if (name === 'varbit') return true;
  return modifiers.length === 0 && ['text', 'inet', 'numeric', 'oid'].includes(name);
}

/**
 * Foreign keys of the column are made anew, with a lock on the other table; they are proved again where the
 * table is rewritten or values compare differently. An identity column's sequence changes its type too (ATPostAlterTypeCleanup).
 */
function lockWhatGoesAlong(
  key: string,
  column: KnownColumn,
  type: KnownColumnType,
  rewritten: boolean,
  effects: Effects,
): void {
  const { schema } = effects.context;
  if (column.generated === 'identity') {
    for (const sequence of ownedSequences(schema, key, column.name))
      effects.lock(sequence, 'ShareRowExclusiveLock');
  }
  const compares = rewritten || family(baseType(schema, column.type)) !== family(baseType(schema, type));
  const proves = (constraint: KnownConstraint, from: string, to: string): void => {
    if (!compares || !constraint.validated) return;
    lockForProof(from, to, effects);
    effects.work('scan', from);
    effects.work('scan', to);
  };
  for (const constraint of schema.relations.get(key)?.constraints ?? []) {
    if (!constraint.references || !constraint.columns.includes(column.name)) continue;
    lockForDroppedKey(constraint.references, effects);
    effects.lockTree(constraint.references, 'ShareRowExclusiveLock');
    proves(constraint, key, constraint.references);
  }
  for (const { table, constraint } of foreignKeysTo(schema, key, column.name)) {
    effects.lockTree(table, 'AccessExclusiveLock');
    proves(constraint, table, key);
  }
}

/** `USING column` and `USING column::newtype` are the conversion PostgreSQL would take anyway. */
function isColumnItself(expression: Node, name: string, schema: KnownSchema, type: KnownColumnType): boolean {
  const cast = asKind(expression, 'TypeCast');
  if (!cast) return columnName(expression) === name;
  return (
    JSON.stringify(columnType(schema, cast.typeName)) === JSON.stringify(type) &&
    columnName(cast.arg) === name
  );
}

function rewrites(schema: KnownSchema, from: KnownColumnType, to: KnownColumnType): boolean {
  if (from.name !== to.name && isConstrainedDomain(schema, to)) return true;
  if (from.name === to.name && from.array === to.array && schema.types.has(from.name)) return false;
  // A domain's own limit is not known to the cast that leaves it.
  const base = baseType(schema, from);
  const old = base === from ? base : { ...base, modifiers: [] };
  const next = baseType(schema, to);
  // The elements of arrays go through a cast one by one, even where it changes nothing.
  if (old.array !== next.array) return true;
  if (old.array) return old.name !== next.name || (next.modifiers.length > 0 && !sameModifiers(old, next));
  if (old.name === next.name) return !keepsModifiers(old, next);
  if (isTimestampPair(old.name, next.name)) return schema.utc !== true || !keepsModifiers(old, next);
  return !isBinaryCoercible(old.name, next.name) || !acceptsLength(old, next);
}

/** Casts that leave the bytes as they are (pg_cast, castmethod b). */
const coercible: readonly (readonly string[])[] = [
  ['text', 'varchar', 'bpchar', 'citext'],
  ['varchar', 'text', 'bpchar', 'citext'],
  ['cidr', 'inet'],
  ['xml', 'text', 'varchar', 'bpchar'],
  ['citext', 'text', 'varchar'],
  ['int4', 'oid', 'regclass', 'regproc', 'regtype'],
  ['oid', 'int4', 'regclass', 'regproc', 'regtype'],
  ['regclass', 'oid', 'int4'],
  ['bit', 'varbit'],
  ['varbit', 'bit'],
];

function isBinaryCoercible(from: string, to: string): boolean {
  return coercible.some(([old, ...others]) => old === from && others.includes(to));
}

function isTimestampPair(from: string, to: string): boolean {
  return (from === 'timestamp' && to === 'timestamptz') || (from === 'timestamptz' && to === 'timestamp');
}

/** From one character type to another: only a limit that was there and does not shrink needs no new rows. */
function acceptsLength(from: KnownColumnType, to: KnownColumnType): boolean {
  const limit = to.modifiers[0];
  if (limit === undefined) return true;
  return from.name === to.name && (from.modifiers[0] ?? Infinity) <= limit;
}

/** The planner's support functions: varchar_support, numeric_support, temporal and varbit ones. */
function keepsModifiers(from: KnownColumnType, to: KnownColumnType): boolean {
  if (sameModifiers(from, to)) return true;
  if (to.modifiers.length === 0) return from.name !== 'bit' && from.name !== 'bpchar';
  const [old, next] = [from.modifiers[0], to.modifiers[0]];
  switch (to.name) {
    case 'varchar':
    case 'varbit':
      return old !== undefined && next !== undefined && old <= next;
    case 'numeric':
      return (
        old !== undefined &&
        next !== undefined &&
        old <= next &&
        (from.modifiers[1] ?? 0) === (to.modifiers[1] ?? 0)
      );
    case 'timestamp':
    case 'timestamptz':
    case 'time':
    case 'timetz':
      // Six digits are all there are.
      return next !== undefined && (next >= 6 || (old !== undefined && old <= next));
    case 'interval':
      return keepsInterval(from.modifiers, to.modifiers);
    default:
      return false;
  }
}

/** interval_support in timestamp.c: the new range reaches as far down, and keeps the digits if it has seconds. */
function keepsInterval(from: readonly number[], to: readonly number[]): boolean {
  const [old, next] = [leastField(from[0]), leastField(to[0])];
  const digits = (modifiers: readonly number[]): number => Math.min(modifiers[1] ?? 6, 6);
  return next <= old && (old > 0 || digits(to) >= 6 || digits(to) >= digits(from));
}

/** 0 for seconds, up to 5 for years; the bits of INTERVAL_MASK in timestamp.h. */
function leastField(range: number | undefined): number {
  const smallestFirst = [12, 11, 10, 3, 1, 2];
  if (range === undefined) return 0;
  return Math.max(
    0,
    smallestFirst.findIndex((bit) => (range & (1 << bit)) !== 0),
  );
}

function sameModifiers(left: KnownColumnType, right: KnownColumnType): boolean {
  return JSON.stringify(left.modifiers) === JSON.stringify(right.modifiers);
}

/** Indexes are kept when operator class and collation stay (CheckIndexCompatible). */
function reordersIndex(
  schema: KnownSchema,
  from: KnownColumnType,
  to: KnownColumnType,
  definition: ColumnDef,
  collation: string | null,
): boolean {
  if (collationName(definition) !== collation) return true;
  return family(baseType(schema, from)) !== family(baseType(schema, to));
}

/** Types that are compared by the same operators. */
function family({ name, array }: KnownColumnType): string {
  const same = name === 'varchar' ? 'text' : name === 'cidr' ? 'inet' : name;
  return array ? `${same}[]` : same;
}

/** Types that code reads and writes alike; the new one takes all that the old one took. */
const alike: readonly (readonly string[])[] = [
  ['int2', 'int4', 'int8', 'numeric'],
  ['float4', 'float8'],
  ['bpchar', 'varchar', 'text'],
  ['json', 'jsonb'],
];

/** Whether code written for the old type gets along with the new one. */
function isReadAlike(from: KnownColumnType, to: KnownColumnType): boolean {
  if (from.array !== to.array) return false;
  if (from.name === to.name) return takesAll(from, to);
  return alike.some((names) => {
    const old = names.indexOf(from.name);
    return old >= 0 && names.indexOf(to.name) > old && to.modifiers.length === 0;
  });
}

/** Of two limits on one type, whether the new one lets through what the old one did: digits before the point, too. */
function takesAll(from: KnownColumnType, to: KnownColumnType): boolean {
  const [old, next] = [from.modifiers, to.modifiers];
  if (next.length === 0) return true;
  if (/^(time|timetz|timestamp|timestamptz|interval)$/.test(to.name)) return true;
  if (old.length === 0) return false;
  if (to.name !== 'numeric') return old[0]! <= next[0]!;
  return old[0]! - (old[1] ?? 0) <= next[0]! - (next[1] ?? 0);
}

const widenings: readonly (readonly string[])[] = [
  ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'text', 'varchar'],
  ['int4', 'int8', 'numeric', 'float8', 'text', 'varchar'],
  ['int8', 'numeric', 'text', 'varchar'],
  ['float4', 'float8'],
  ['date', 'timestamp', 'timestamptz'],
  ['timestamp', 'timestamptz'],
  ['timestamptz', 'timestamp'],
  ['json', 'jsonb', 'text'],
  ['uuid', 'text', 'varchar'],
  ['bool', 'text'],
];

/** Whether every old value has a new one from which it can be had back. */
function isWidening(from: KnownColumnType, to: KnownColumnType): boolean {
  return (
    to.modifiers.length === 0 &&
    widenings.some(([old, ...others]) => old === from.name && others.includes(to.name))
  );
}

import type { ColumnDef, Node } from '@pgsql/types';
import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { baseType, collationName, columnType, isConstrainedDomain } from '../column-type';
import { columnName, mentions } from '../known-constraint';
import type { KnownColumnType, KnownSchema } from '../known-schema';
import type { Effects } from './effects';

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
  if (expression && !isColumnItself(expression, name, schema, type)) {
    effects.work('rewrite', key);
    effects.breaksOldCode();
    effects.losesData();
    return;
  }
  if (!column) {
    effects.work('rewrite', key);
    effects.note(t('The present type of {0} is not known; the table is taken to be rewritten.', name));
    return;
  }
  if (rewrites(schema, column.type, type)) {
    effects.work('rewrite', key);
    if (!isWidening(baseType(schema, column.type), baseType(schema, type))) effects.losesData();
    return;
  }
  const checked = relation!.constraints.some(
    (constraint) =>
      constraint.kind === 'check' && constraint.validated && mentions(constraint.conjuncts, name),
  );
  if (checked && !sameType(column.type, type, definition, column.collation)) effects.work('scan', key);
  const indexed = relation!.indexes.some((index) => index.columns.includes(name));
  if (indexed && reordersIndex(schema, column.type, type, definition, column.collation))
    effects.work('index-build', key);
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
  const old = baseType(schema, from);
  const next = baseType(schema, to);
  if (old.array !== next.array) return true;
  if (old.name === next.name) return !keepsModifiers(old, next);
  if (isTimestampPair(old.name, next.name)) return schema.utc !== true || !keepsModifiers(old, next);
  return !isBinaryCoercible(old.name, next.name) || !acceptsLength(old, next);
}

/** Casts that leave the bytes as they are (pg_cast, castmethod b). */
const coercible: readonly (readonly string[])[] = [
  ['text', 'varchar', 'bpchar'],
  ['varchar', 'text', 'bpchar'],
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
  if (JSON.stringify(from.modifiers) === JSON.stringify(to.modifiers)) return true;
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
      return from.modifiers.length === 0 ? (to.modifiers.at(-1) ?? 0) >= 6 && to.modifiers.length > 1 : false;
    default:
      return false;
  }
}

function sameType(
  from: KnownColumnType,
  to: KnownColumnType,
  definition: ColumnDef,
  collation: string | null,
): boolean {
  const same = JSON.stringify(from) === JSON.stringify(to);
  return same && collationName(definition) === collation;
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
  const family = (name: string): string => (name === 'varchar' ? 'text' : name === 'cidr' ? 'inet' : name);
  return family(baseType(schema, from).name) !== family(baseType(schema, to).name);
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

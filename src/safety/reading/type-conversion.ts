import type { ColumnDef } from '@pgsql/types';
import { asKind } from '../../sql/tree';
import { columnType } from '../column-type';
import { columnName } from '../known-constraint';
import type { KnownColumnType, KnownSchema } from '../known-schema';

/** To each type, those whose every value PostgreSQL assigns to it without an error. */
const assignable: Record<string, readonly string[]> = {
  int4: ['int2'],
  int8: ['int2', 'int4'],
  numeric: ['int2', 'int4', 'int8'],
  float8: ['float4', 'int2', 'int4'],
  text: ['varchar', 'bpchar'],
  varchar: ['text', 'bpchar'],
  timestamp: ['date', 'timestamptz'],
  timestamptz: ['date', 'timestamp'],
  jsonb: ['json'],
};

/** Whether every value of the old type surely has one of the new type: an assignment cast that cannot fail. */
export function keepsEveryValue(from: KnownColumnType, to: KnownColumnType): boolean {
  if (from.array || to.array) return false;
  if (from.name === 'numeric' && to.name === 'numeric') return holdsDigits(from.modifiers, to.modifiers);
  const limited = to.modifiers.length > 0;
  if (limited && !(to.name === 'numeric' && holdsInteger(from.name, to.modifiers))) return false;
  return assignable[to.name]?.includes(from.name) ?? false;
}

/** As many digits before and behind the point as before. */
function holdsDigits(from: readonly number[], to: readonly number[]): boolean {
  if (to.length === 0) return true;
  if (from.length === 0) return false;
  const [precision, scale] = [from[0]!, from[1] ?? 0];
  const [newPrecision, newScale] = [to[0]!, to[1] ?? 0];
  return newScale >= scale && newPrecision - newScale >= precision - scale;
}

const integerDigits: Record<string, number> = { int2: 5, int4: 10, int8: 19 };

function holdsInteger(type: string, [precision, scale]: readonly number[]): boolean {
  return precision! - (scale ?? 0) >= (integerDigits[type] ?? Infinity);
}

/** Whether an ALTER COLUMN TYPE has no USING, or one that says no more than the type: `USING column::type`. */
export function isPlainConversion(
  definition: ColumnDef,
  column: string,
  type: KnownColumnType,
  schema: KnownSchema,
): boolean {
  const using = definition.raw_default;
  if (definition.collClause) return false;
  if (!using) return true;
  const cast = asKind(using, 'TypeCast');
  if (!cast) return columnName(using) === column;
  const same = JSON.stringify(columnType(schema, cast.typeName)) === JSON.stringify(type);
  return same && columnName(cast.arg) === column;
}
